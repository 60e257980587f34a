import Daemon
import Glibc
import KubeClient
import Lab
import Linux
import NetTypes
import TestSupport
import Testing

@testable import ServiceProxy

/// iptables takes its time, for tables of thousands of Services seconds.
@Suite(.requiresRoot, .requiresProgram("iptables-restore")) struct SlowProgramTests {
    /// Programs that wait for a line in a pipe before they restore. Who writes it opens the pipe for reading too, so that
    /// nobody waits for the other end.
    private static func slowed(_ programs: IPTablesPrograms, _ directory: borrowing TemporaryDirectory) throws
        -> IPTablesPrograms
    {
        var slow = programs
        slow.restore = directory.file("restore")
        try write("read line <\(directory.file("pipe"))\nexec \(programs.restore) \"$@\"", to: slow.restore)
        return slow
    }

    private static func write(_ script: String, to path: String) throws {
        try Files.store(path, Array("#!/bin/sh\n\(script)\n".utf8), mode: 0o755)
    }

    @Test("the loop goes on while programs run, and what they say is heard then")
    func waits() throws {
        let directory = try TemporaryDirectory()
        try check("make", "a pipe") { mkfifo(directory.file("pipe"), 0o600) }
        let pipe = try FileDescriptor.open(directory.file("pipe"), O_RDWR)
        let real = try #require(IPTablesPrograms.installed().first { $0.family == .v4 })
        let slow = try Self.slowed(real, directory)
        let node = try LabNamespace("slow")
        try node.run {
            let loop = try EventLoop()
            let choice = IPTablesChoice([slow], hostVariant: slow.variant) { try? $0.dump() }
            let applier = IPTablesApplier(choice, loop, period: { .seconds(30) }, onDisturbance: { _ in })
            var index = ServiceIndex()
            let key = ObjectKey(namespace: "default", name: "web")
            index.set(service: key, .clusterIP())

            var takeover: Result<Takeover, any Error>?
            try applier.beginTakeover(Scenario.node, &index).whenDone { takeover = $0 }
            var turns = 0
            let timer = loop.every(.milliseconds(1)) { turns += 1 }
            defer { loop.cancel(timer) }
            try loop.run(until: "the loop has turned often") { turns > 50 }
            #expect(takeover == nil && !applier.hasPlan)
            try pipe.writeAll([UInt8(ascii: "\n")])
            try loop.run(until: "the rules are written") { takeover != nil }
            #expect(try takeover?.get().changes ?? 0 > 0 && applier.hasPlan)

            // The same for a change, and for one that fails.
            index.set(slice: ObjectKey(namespace: "default", name: "web-1"), .of([("10.30.2.11", "there")]))
            var isChanged: Result<Bool, any Error>?
            try applier.beginUpdate(Scenario.node, &index).whenDone { isChanged = $0 }
            turns = 0
            try loop.run(until: "the loop has turned often") { turns > 50 }
            #expect(isChanged == nil)
            try pipe.writeAll([UInt8(ascii: "\n")])
            try loop.run(until: "the change is written") { isChanged != nil }
            #expect(try isChanged?.get() == true)
            let rules = try real.dump().ownRules
            #expect(rules.values.joined().contains { $0.contains("--to-destination 10.30.2.11:8080") })

            try Self.write("echo no >&2; exit 4", to: slow.restore)
            index.set(slice: ObjectKey(namespace: "default", name: "web-1"), .of([("10.30.2.12", "there")]))
            #expect(throws: IPTablesError.self) {
                try loop.wait(for: applier.beginUpdate(Scenario.node, &index))
            }
            // What follows puts it right.
            _ = try Self.slowed(real, directory)
            try pipe.writeAll([UInt8(ascii: "\n")])
            #expect(try loop.wait(for: applier.beginRepair()) > 0)
            #expect(try real.dump().ownRules.values.joined().contains { $0.contains("10.30.2.12:8080") })
        }
    }
}
