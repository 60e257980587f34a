import Glibc
import Lab
import Linux
import NFTables
import NetTypes
import TestSupport
import Testing

/// Real flows over the loopback of a namespace, half of them through a port mapping.
@Suite(.requiresRoot)
struct ConntrackTests {
    static let table = Table(.inet, "mapping")
    static let output = Chain(table, "output", .init(.nat, .output, .dstnat))

    /// One datagram to each port, by UDP over IPv4 or IPv6, from distinct ports: 20000 and up.
    static func send(to ports: [UInt16], v6: Bool) throws {
        for (index, port) in ports.enumerated() {
            let descriptor = FileDescriptor(
                owning: try check("open", "a socket") {
                    socket(v6 ? AF_INET6 : AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
                })
            let own = UInt16(20000 + index)
            if v6 {
                var address = sockaddr_in6()
                address.sin6_family = UInt16(AF_INET6)
                address.sin6_addr = in6addr_loopback
                try send(descriptor.rawValue, &address, from: own, to: port) { $0.sin6_port = $1.bigEndian }
            } else {
                var address = sockaddr_in()
                address.sin_family = UInt16(AF_INET)
                address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
                try send(descriptor.rawValue, &address, from: own, to: port) { $0.sin_port = $1.bigEndian }
            }
        }
    }

    private static func send<Address>(
        _ descriptor: Int32, _ address: inout Address, from own: UInt16, to port: UInt16,
        _ setPort: (inout Address, UInt16) -> Void
    ) throws {
        let size = socklen_t(MemoryLayout<Address>.size)
        setPort(&address, own)
        try withGeneric(&address) { address in
            _ = try check("bind", "a socket") { bind(descriptor, address, size) }
        }
        setPort(&address, port)
        try withGeneric(&address) { address in
            _ = try check("send to", "loopback") { sendto(descriptor, [0] as [UInt8], 1, 0, address, size) }
        }
    }

    private static func withGeneric<Address>(
        _ address: inout Address, _ body: (UnsafePointer<sockaddr>) throws -> Void
    ) throws {
        try withUnsafePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { try body($0) }
        }
    }

    @Test(arguments: IPFamily.allCases)
    func `Only the flows of the mapping that ended are deleted`(family: IPFamily) throws {
        let loopback = family == .v4 ? IPAddress.v4(IPv4Address(127, 0, 0, 1)) : .v6(IPv6Address(rawValue: 1))
        try withSocket { socket, namespace in
            try socket.commit(
                Transaction {
                    $0.add(Self.table)
                    $0.add(Self.output)
                    $0.add(
                        Rule(
                            Self.output,
                            [
                                .match(.l4proto, .equal(.l4proto(.udp))),
                                .match(.destinationPort, .equal(.port(5000))), .dnat(loopback, port: 6000, []),
                            ]))
                })
            try namespace.run {
                try Self.send(to: Array(repeating: 5000, count: 100) + [5001, 5001, 5002], v6: family == .v6)
            }
            var conntrack = try namespace.run { try Conntrack() }
            let all = try conntrack.entries(matching: ConntrackFilter(family, .udp))
            #expect(all.count == 103)
            let mapped = try #require(all.first { $0.original.destinationPort == 5000 })
            #expect(mapped.original.destination == loopback)
            #expect(mapped.reply.source == loopback && mapped.reply.sourcePort == 6000)

            // The port alone is not enough: the target must be the one that ended.
            let elsewhere = ConntrackFilter(family, .udp, originalDestinationPort: 5000, replySourcePort: 6001)
            #expect(try conntrack.delete(matching: [elsewhere]) == 0)
            let ended = ConntrackFilter(
                family, .udp, originalDestinationPort: 5000, replySource: loopback, replySourcePort: 6000)
            #expect(try conntrack.delete(matching: [ended]) == 100)
            #expect(try conntrack.delete(matching: [ended]) == 0)
            let two = [5001, 5002].map { ConntrackFilter(family, .udp, originalDestinationPort: $0) }
            #expect(try conntrack.entries(matching: two[0]).count == 2)
            #expect(try conntrack.delete(matching: two) == 3)
            #expect(try conntrack.entries(matching: ConntrackFilter(family)) == [])
        }
    }

    @Test func `The other family and other protocols are left alone`() throws {
        try withSocket { socket, namespace in
            try socket.commit(
                Transaction {
                    $0.add(Self.table)
                    $0.add(Self.output)
                    // The kernel tracks connections where a rule asks for them.
                    $0.add(Rule(Self.output, [.ctState(.new), .counter]))
                })
            try namespace.run {
                try Self.send(to: [5000], v6: false)
                try Self.send(to: [5000], v6: true)
            }
            var conntrack = try namespace.run { try Conntrack() }
            #expect(try conntrack.delete(matching: [ConntrackFilter(.v4, .sctp, originalDestinationPort: 5000)]) == 0)
            #expect(try conntrack.delete(matching: [ConntrackFilter(.v4, .udp, originalDestinationPort: 5000)]) == 1)
            #expect(try conntrack.entries(matching: ConntrackFilter(.v6)).count == 1)
        }
    }
}
