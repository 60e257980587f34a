internal import Dispatch
import Lab
import Linux
import NFTables
internal import Synchronization
import TestSupport
import Testing

@Suite(.requiresRoot)
struct RaceTests {
    @Test func `Several writers and a reader at once: nothing is lost and every answer is of one moment`() throws {
        let namespace = try LabNamespace("nft")
        let path = namespace.path
        var socket = try namespace.run { try NFTSocket() }
        try socket.commit(CommitTests.layout)
        let failures = Mutex<[String]>([])
        // Each writer adds and removes ten elements at a time, so that a reader must see a multiple of ten.
        DispatchQueue.concurrentPerform(iterations: 4) { worker in
            do {
                var socket = try NetworkNamespace(path: path).run { try NFTSocket() }
                for round in 0..<100 {
                    if worker == 3 {
                        let count = try socket.elements(of: CommitTests.map).count
                        if count % 10 != 0 { failures.withLock { $0.append("a reader saw \(count) elements") } }
                        continue
                    }
                    let elements = (0..<10).map { CommitTests.element(worker * 100_000 + round * 10 + $0) }
                    try socket.commit(Transaction { $0.create(elements, in: CommitTests.map) })
                    if round % 2 == 1 { try socket.commit(Transaction { $0.delete(elements, from: CommitTests.map) }) }
                }
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock(\.self) == [])
        #expect(try socket.elements(of: CommitTests.map).count == 3 * 50 * 10)
        withExtendedLifetime(namespace) {}
    }
}
