import Linux
import NetTypes
import Testing

@testable import Netlink

@Suite("What the kernel sends")
struct ParsingTests {
    private static let ours = RouteProtocol(rawValue: 99)

    @Test("a link with its flags, kind and settings")
    func link() throws {
        let link = try #require(Captured.vxlanLink.parsed { Link($0) })
        #expect(link.index == 4 && link.name == "vx6" && link.mtu == 1400 && link.isUp)
        #expect(link.addressGeneration == .eui64 && link.transmitQueueLength == 1000)
        var settings = VXLANSettings(id: 77, lowerIndex: 3, local: try address("fd00::1"), port: 8472)
        (settings.learning, settings.ttl, settings.ageingSeconds) = (false, 0, 300)
        (settings.udpChecksum, settings.udpZeroChecksumIPv6Receive) = (true, true)
        settings.udpZeroChecksumIPv6Transmit = false
        (settings.proxiesNeighbours, settings.reportsMissingForwarding) = (false, false)
        settings.reportsMissingNeighbours = false
        #expect(link.kind == .vxlan(settings))
    }

    @Test("routes with sizes, and by several ways")
    func routes() throws {
        let table = RouteTable(rawValue: 1000)
        var sized = Route(
            try network("10.9.0.0/24"), via: try address("10.0.0.2"), dev: 3, table: table, protocolNumber: Self.ours)
        (sized.mtu, sized.advertisedMSS) = (1400, 1360)
        #expect(Captured.sizedRoute.parsed { Route($0) } == sized)
        let hops4 = [
            NextHop(via: try address("10.0.0.2"), dev: 3),
            NextHop(via: try address("10.0.0.3"), dev: 3, weight: 7, isOnLink: true),
        ]
        #expect(
            Captured.multipathRoute.parsed { Route($0) }
                == Route(try network("10.10.0.0/16"), protocolNumber: Self.ours, nextHops: hops4))
        let hops6 = [NextHop(via: try address("fd00::2"), dev: 3), NextHop(via: try address("fd00::3"), dev: 3)]
        #expect(
            Captured.multipathRoute6.parsed { Route($0) }
                == Route(try network("fd44::/64"), protocolNumber: Self.ours, nextHops: hops6))
    }

    @Test("addresses, neighbours and forwarding entries")
    func entries() throws {
        let v4 = try #require(Captured.address4.parsed { InterfaceAddress($0) })
        #expect(v4.address == (try network("10.0.0.1/24")) && v4.interface == 3 && v4.label == "a" && v4.peer == nil)
        #expect(v4.flags == .permanent && v4.validLifetime == nil)
        let v6 = try #require(Captured.address6.parsed { InterfaceAddress($0) })
        #expect(v6.address == (try network("fd00::1/64")) && v6.flags == [.permanent, .noDuplicateDetection])
        #expect(
            Captured.forwarding.parsed { ForwardingEntry($0) }
                == ForwardingEntry(
                    try mac("02:00:00:00:00:03"), to: try address("192.168.9.3"), on: 7, state: [.permanent, .noARP]))
        #expect(
            Captured.neighbour.parsed { Neighbour($0) }
                == Neighbour(try address("10.0.0.2"), mac: try mac("02:00:00:00:00:02"), on: 3))
    }

    @Test("a refusal with and without its reason, also when it carries the whole request")
    func refusals() {
        #expect(reply(Captured.noSuchLink) == "19 ")
        #expect(reply(Captured.refusal) == "101 Nexthop has invalid gateway")
        // The same from a socket without NETLINK_CAP_ACK: the request (0x2c bytes) stands before the reason.
        var whole = Captured.refusal
        whole.insert(contentsOf: [UInt8](repeating: 0xAA, count: 0x2C - 16), at: 36)
        whole[0] = UInt8(whole.count)
        whole[7] &= ~1
        #expect(reply(whole) == "101 Nexthop has invalid gateway")
        var acknowledgement = Captured.noSuchLink
        acknowledgement.replaceSubrange(16..<20, with: [0, 0, 0, 0])
        #expect(reply(acknowledgement) == "acknowledged")
    }

    /// A message that ends early, or lies about its lengths, must read as less, and never past its end. (An access past
    /// the end ends the process.)
    @Test("messages that are cut short or damaged do no harm")
    func damage() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SplitMix(state: seed)
        for message in Captured.all {
            for length in 0...message.count { parseAll(Array(message[..<length])) }
            for _ in 0..<300 {
                var damaged = message
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    damaged[Int.random(in: 0..<damaged.count, using: &generator)] = .random(
                        in: 0...255, using: &generator)
                }
                parseAll(damaged)
            }
        }
        print("damage: seed \(seed)")
    }

    private func parseAll(_ bytes: [UInt8]) {
        let span = bytes.span.bytes
        _ = Link(span)
        _ = InterfaceAddress(span)
        _ = Route(span)
        _ = RoutingRule(span)
        _ = Neighbour(span)
        _ = ForwardingEntry(span)
        _ = QueueingDiscipline(span)
        _ = PacketRedirect(span)
        _ = reply(bytes)
        span.forEachMessage { header, message in _ = NetlinkEvent(header, message) }
    }

    private func reply(_ bytes: [UInt8]) -> String {
        var text = "nothing"
        bytes.span.bytes.forEachMessage { header, message in
            switch message.replyKind(header) {
            case .failed(let errno, let detail): text = "\(errno.code) \(detail)"
            case .acknowledged: text = "acknowledged"
            case .done: text = "done"
            case .data: text = "data"
            }
        }
        return text
    }
}

extension [UInt8] {
    fileprivate func parsed<Value>(_ parse: (RawSpan) -> Value?) -> Value? { parse(span.bytes) }
}

/// Steele, Lea and Flood's generator, so that a failure can be repeated from its seed.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
