import Glibc
import Lab
import Linux
import NetTypes
import Synchronization
import TestSupport
import Testing

@testable import Netlink

@Suite("Lists", .requiresRoot)
struct DumpTests {
    private static func routes(_ numbers: Range<Int>, _ link: InterfaceIndex) -> [Route] {
        numbers.map { number in
            Route(CIDR(.v4(IPv4Address(rawValue: 0x0B00_0000 + UInt32(number) << 8)), 24), dev: link)
        }
    }

    @Test("an answer that is larger than the buffer is asked for again with a larger one")
    func truncation() throws {
        var node = try Node()
        let link = try node.addPair("a", "b")
        let routes = Self.routes(0..<1000, link)
        #expect(node.socket.runAll(routes.map { .route(.add, $0) }).allSatisfy { $0 == nil })
        node.socket.buffer = ReceiveBuffer(capacity: 64)
        #expect(try node.socket.link("a").index == link)
        node.socket.buffer = ReceiveBuffer(capacity: 64)
        #expect(try node.socket.routes(RouteFilter(.v4)) == routes)
        node.socket.buffer = ReceiveBuffer(capacity: 64)
        #expect(try Set(node.socket.links().map(\.name)) == ["lo", "a", "b"])
        #expect(node.socket.buffer.memory.count > 64)
    }

    @Test("a list that others change meanwhile has all that stayed, each once")
    func churn() throws {
        var node = try Node()
        let link = try node.addPair("a", "b")
        let other = try node.socket.link("b").index
        let lasting = (0..<1500).map { number in
            InterfaceAddress(CIDR(.v4(IPv4Address(rawValue: 0x0B00_0000 + UInt32(number) << 8)), 24), on: link)
        }
        #expect(node.socket.runAll(lasting.map { .address(.add, $0) }).allSatisfy { $0 == nil })
        try withChurn(of: InterfaceAddress(try network("10.0.0.1/24"), on: other), in: node.namespace) {
            for _ in 0..<50 {
                let found = try node.socket.addresses(.v4).filter { $0.interface == link }.map(\.address)
                #expect(found.count == lasting.count && Set(found) == Set(lasting.map(\.address)))
            }
        }
    }

    /// Runs the body while another thread adds and removes the address, some hundred times a second at first and then ever
    /// less often, so that even a slow machine has time for a list in between.
    private func withChurn(
        of address: InterfaceAddress, in namespace: borrowing LabNamespace, _ body: () throws -> Void
    ) throws {
        let path = namespace.path
        let churn = Churn()
        let thread = try Thread("churn") {
            guard let namespace = try? NetworkNamespace(path: path), var socket = try? NetlinkSocket(in: namespace)
            else { return }
            var pause = 3000.0
            while churn.mayRun.load(ordering: .relaxed) {
                _ = socket.runAll([.address(.add, address), .address(.delete, address)])
                churn.rounds.add(1, ordering: .relaxed)
                usleep(UInt32(pause))
                pause = min(pause * 1.1, 100_000)
            }
        }
        let result = Result {
            try eventually("something changes") { churn.rounds.load(ordering: .relaxed) > 0 }
            try body()
        }
        churn.mayRun.store(false, ordering: .relaxed)
        thread.join()
        try result.get()
    }
}

private final class Churn: Sendable {
    let mayRun = Atomic(true)
    let rounds = Atomic(0)
}
