import Foundation
import HTTP
import JSON
import KubeClient
import Linux
import Store
import Synchronization
import TestSupport
import Testing

@testable import ControlPlane

@Suite("Watchers that do not read", .requiresProgram("curl"), .serialized)
struct SlowWatcherTests {
    /// A watch by curl, whose output nobody takes until it is asked for.
    private final class Idle {
        private let process = Process()
        private let pipe = Pipe.unshared

        init(_ server: LiveServer, _ path: String, _ flag: String) throws {
            let pki = "\(server.directory)/pki"
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [
                "curl", "-sN", flag, "--cacert", "\(pki)/ca.crt", "--cert", "\(pki)/admin.crt", "--key",
                "\(pki)/admin.key", "\(server.url)\(path)",
            ]
            process.standardOutput = pipe
            try process.start()
        }

        /// How many events have been taken so far.
        let taken = Atomic<Int>(0)

        /// Everything to the end of the watch.
        func read() -> [[UInt8]] {
            var bytes: [UInt8] = []
            while case let piece = pipe.fileHandleForReading.availableData, !piece.isEmpty {
                bytes += piece
                taken.add(piece.count { $0 == UInt8(ascii: "\n") }, ordering: .relaxed)
            }
            process.waitUntilExit()
            return bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
        }
    }

    private func residentKiB(_ server: LiveServer) throws -> Int {
        let status = try Files.readText("/proc/\(server.process.processIdentifier)/status")
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return line.split(separator: " ").compactMap { Int($0) }.first ?? 0
    }

    @Test("are cut with 410 behind what they have been sent, and hold no memory; others are told everything")
    func cut() throws {
        let server = try LiveServer(["--audit-log-path", "-", "--watch-history", "256Ki"])
        let client = try BlockingAPIClient(Kubeconfig(file: server.kubeconfig).access())
        let maps = ResourcePath("configmaps", namespace: "default")
        let text = String(repeating: "0123456789abcdef", count: 6000)
        let first = try ReadObject<EventReader.Nothing>(
            json: client.send(.create(maps, ["metadata": ["name": "big"], "data": ["text": .string(text)]])).body)
        let path = "\(maps.path())?watch=true&fieldSelector=metadata.name%3Dbig&resourceVersion=\(first.revision)"
        let idle = try (0..<6).map {
            try Idle(server, path + "&timeoutSeconds=60", $0.isMultiple(of: 2) ? "--http1.1" : "--http2")
        }
        // One that reads, for as long as everybody writes.
        let reader = try Idle(server, path + "&timeoutSeconds=600", "--http2")
        let read = Promise<[[UInt8]]>()
        _ = try Linux.Thread("reader") { [reader = Handed(reader)] in read.set(reader.value.read()) }
        try eventually("all of them watch", within: .seconds(30)) {
            server.curl("/metrics").contains("apiserver_longrunning_requests \(idle.count + 1)\n")
        }
        let before = try residentKiB(server)
        let began = MonotonicTime.now
        for number in 0..<100 {
            let patch: JSONValue = ["data": ["number": .string("\(number)")]]
            _ = try client.send(.patch(maps, "big", .merge, patch))
            // On a busy machine it would be behind, too.
            try eventually("the reader keeps up") { reader.taken.load(ordering: .relaxed) + 4 > number }
        }
        // Ten megabytes for each of them, of which the kernel takes four.
        #expect(try residentKiB(server) - before < 20 << 10)
        // Behind thirty seconds without progress a connection is closed, and nobody can be told anything.
        let isCutByTheHub = MonotonicTime.now - began < .seconds(20)
        var harvest = StoreHarvest("\(server.directory)/state.db")
        try harvest.take()
        let selection = Selection(
            storage: .configMaps, namespace: "default", fields: .equals("metadata.name", "big"))
        let expectation = Expectation(selection, harvest.history)
        var events = EventReader()
        for watch in idle {
            var record = WatchRecord(start: .after(Revision(first.revision) ?? 0))
            var end: EventReader.Event?
            for line in watch.read() {
                #expect(end == nil, "something comes behind the error")
                let event = events.read(line)
                if case .told(let told) = event { record.told.append(told) } else { end = event }
            }
            #expect(end == .failed(410) || !isCutByTheHub)
            #expect(record.problem(expectation) == nil)
            #expect(record.told.count < 100)
        }
        server.stop()
        try eventually("the reader has read") { read.isSet }
        var record = WatchRecord(start: .after(Revision(first.revision) ?? 0))
        for line in read.value ?? [] {
            if case .told(let told) = events.read(line) { record.told.append(told) }
        }
        #expect(record.told.count == 100)
        #expect(record.problem(expectation) == nil)
    }
}
