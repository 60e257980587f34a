import Lab
import Linux
import NetTypes
import Netlink
import TestSupport
import Testing

@Suite("Traffic control", .requiresRoot)
struct TrafficControlTests {
    @Test(
        "a token bucket reads back with its rate, burst and limit",
        arguments: [
            TokenBucket(rate: 125_000, burst: 15_000, latencyMicroseconds: 25_000),
            TokenBucket(rate: 1 << 33, burst: 1 << 20, limit: 1 << 24),
            TokenBucket(rate: 1000, burst: 1600, limit: 3000),
        ])
    func tokenBucket(_ bucket: TokenBucket) throws {
        var node = try Node()
        let link = try node.addPair("a", "b")
        let peer = try node.socket.link("b").index
        try node.socket.run(.queueing(.add, QueueingDiscipline(.tokenBucket(bucket), on: link)))
        #expect(try node.socket.rootQueueing(on: peer).kind == .other("noqueue"))
        let found = try node.socket.rootQueueing(on: link)
        guard case .tokenBucket(let read) = found.kind else { throw Malformed(text: "\(found)") }
        #expect(read.rate == bucket.rate && read.limit == bucket.limit)
        #expect(abs(Int(read.burst) - Int(bucket.burst)) <= Int(bucket.rate * 64 / 1_000_000_000) + 1)
        #expect(found.handle == 0x0001_0000 && found.parent == QueueingDiscipline.root)
        let again = #expect(throws: NetlinkError.self) {
            try node.socket.run(.queueing(.add, QueueingDiscipline(.tokenBucket(bucket), on: link)))
        }
        #expect(again?.isAlreadyExists == true && again?.object == "tbf queueing on link \(link)")
        try node.socket.run(.queueing(.replace, QueueingDiscipline(.tokenBucket(bucket), on: link)))
        try node.socket.run(.queueing(.delete, found))
        #expect(try node.socket.rootQueueing(on: link).kind == .other("noqueue"))
    }

    @Test("the room for a latency is cut off, not wrapped, at the kernel's 32 bits")
    func limits() {
        #expect(TokenBucket(rate: 1_000_000, burst: 500, latencyMicroseconds: 25_000).limit == 25_500)
        #expect(TokenBucket(rate: .max, burst: 500, latencyMicroseconds: 25_000).limit == .max)
        #expect(TokenBucket(rate: 1 << 40, burst: .max, latencyMicroseconds: 25_000).limit == .max)
    }

    @Test("packets that arrive are redirected to an ifb, which goes with everything it held")
    func redirect() throws {
        var node = try Node()
        let link = try node.addPair("a", "b")
        let peer = try node.socket.link("b").index
        let ifb = try node.socket.create(NewLink("ifb7", .ifb, .up))
        #expect(try node.socket.redirects(on: link).isEmpty)
        let redirect = PacketRedirect(from: link, to: ifb)
        let early = #expect(throws: NetlinkError.self) { try node.socket.run(.redirect(.add, redirect)) }
        #expect(early?.object == "redirection from link \(link) to link \(ifb)")
        #expect(
            node.socket.runAll([.queueing(.add, QueueingDiscipline(.ingress, on: link)), .redirect(.add, redirect)])
                == [nil, nil])
        #expect(try node.socket.redirects(on: link) == [redirect])
        #expect(try node.socket.redirects(on: peer).isEmpty)
        #expect(try node.socket.queueing(on: link).contains { $0.kind == .ingress })

        // What comes in at `a` leaves through the ifb: its counter says that packets took the way.
        try node.socket.run(.address(.add, InterfaceAddress(try network("10.0.0.1/24"), on: peer)))
        try node.socket.run(
            .neighbour(.add, Neighbour(try address("10.0.0.2"), mac: try mac("02:00:00:00:00:09"), on: peer)))
        try node.namespace.run { try sendDatagrams(3, to: "10.0.0.2") }
        try eventually("three packets went through the ifb") {
            let counted = try node.namespace.run { try transmitted("ifb7") }
            return counted >= 3
        }

        try node.socket.run(.redirect(.delete, redirect))
        #expect(try node.socket.redirects(on: link).isEmpty)
        try node.socket.run(.queueing(.delete, QueueingDiscipline(.ingress, on: link)))
        #expect(try !node.socket.queueing(on: link).contains { $0.kind == .ingress })
    }
}
