internal import Foundation
import Lab
import NFTables
import TestSupport
import Testing

@Suite(.requiresRoot)
struct MonitorTests {
    @Test func `A commit of somebody else is heard, with what it touched and who made it`() throws {
        try withSocket { socket, namespace in
            let monitor = try namespace.run { try NFTMonitor() }
            #expect(try monitor.receive() == [])
            try socket.commit(CommitTests.layout)
            try socket.commit(Transaction { $0.add([CommitTests.element(1)], to: CommitTests.map) })
            try socket.commit(Transaction { $0.delete(CommitTests.map) })
            let events = try monitor.receive()
            let table = CommitTests.table
            let changes = events.compactMap { event -> NFTMonitor.Change? in
                if case .changed(let change) = event { change } else { nil }
            }
            #expect(
                changes == [
                    .init(.table, isRemoval: false, table),
                    .init(.set, isRemoval: false, table, name: "ports"),
                    .init(.element, isRemoval: false, table, name: "ports"),
                    .init(.set, isRemoval: true, table, name: "ports"),
                ])
            guard case .committed(let generation, let thread, _) = events.last else {
                Issue.record("the last event is not a commit: \(events)")
                return
            }
            #expect(try socket.generation() == generation)
            let link = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
            #expect(link.hasSuffix("/\(thread)"))
        }
    }

    @Test func `Lost events are reported, and hearing goes on`() throws {
        try withSocket { socket, namespace in
            let monitor = try namespace.run { try NFTMonitor(receiveSpace: 8192) }
            try socket.commit(CommitTests.layout)
            try socket.commit(Transaction { $0.add((0..<5000).map(CommitTests.element), to: CommitTests.map) })
            #expect(try monitor.receive().contains(.overrun))
            try socket.commit(Transaction { $0.delete(CommitTests.table) })
            let removal = NFTMonitor.Change(.table, isRemoval: true, CommitTests.table)
            let events = try monitor.receive()
            #expect(events.contains(.changed(removal)) || events.contains(.overrun))
        }
    }
}
