import CNI
import NetTypes
import Testing

@Suite struct RangeSetTests {
    static func range(_ subnet: String, _ start: String? = nil, _ end: String? = nil, gateway: String? = nil) throws
        -> AddressRange
    {
        try AddressRange(
            subnet: try #require(CIDR(subnet)), start: start.flatMap { IPAddress($0) },
            end: end.flatMap { IPAddress($0) },
            gateway: gateway.flatMap { IPAddress($0) })
    }

    static func order(_ ranges: [AddressRange], after last: String? = nil) throws -> [String] {
        try RangeSet(ranges).candidates(after: last.flatMap { IPAddress($0) }).map { "\($0.address)" }
    }

    @Test func `the gateway, the network and the broadcast address are never given out`() throws {
        #expect(try Self.order([Self.range("10.1.0.0/29")]) == (2...6).map { "10.1.0.\($0)" })
        #expect(
            try Self.order([Self.range("10.1.0.0/29", gateway: "10.1.0.4")])
                == [1, 2, 3, 5, 6].map { "10.1.0.\($0)" })
        #expect(try Self.order([Self.range("fd00::/126")]) == ["fd00::2", "fd00::3"])
        #expect(try Self.order([Self.range("10.1.0.0/30")]) == ["10.1.0.2"])
    }

    @Test(arguments: [
        ("10.1.0.2", [3, 4, 5, 6, 2]), ("10.1.0.4", [5, 6, 2, 3, 4]), ("10.1.0.6", [2, 3, 4, 5, 6]),
        // Out of the range, as after a change of the configuration.
        ("10.9.9.9", [2, 3, 4, 5, 6]), ("10.1.0.1", [2, 3, 4, 5, 6]),
    ])
    func `rotation goes on after the last one, and around`(last: String, expected: [Int]) throws {
        #expect(try Self.order([Self.range("10.1.0.0/29")], after: last) == expected.map { "10.1.0.\($0)" })
    }

    @Test func `rotation goes through all ranges of the set`() throws {
        let ranges = [try Self.range("10.1.0.0/30"), try Self.range("10.2.0.0/29", "10.2.0.3", "10.2.0.4")]
        #expect(try Self.order(ranges) == ["10.1.0.2", "10.2.0.3", "10.2.0.4"])
        #expect(try Self.order(ranges, after: "10.2.0.3") == ["10.2.0.4", "10.1.0.2", "10.2.0.3"])
        #expect(try Self.order(ranges, after: "10.2.0.4") == ["10.1.0.2", "10.2.0.3", "10.2.0.4"])
    }

    @Test(arguments: [
        ("10.1.0.0/31", "Network 10.1.0.0/31 too small to allocate from"),
        ("fd00::/127", "Network fd00::/127 too small to allocate from"),
        (
            "10.1.2.3/24",
            "Network has host bits set. For a subnet mask of length 24 the network address is 10.1.2.0"
        ),
    ])
    func `the sentences are those that people search for`(subnet: String, sentence: String) {
        do {
            _ = try Self.range(subnet)
            Issue.record("accepted")
        } catch {
            #expect((error as? CNIError)?.message == sentence)
        }
    }

    @Test func `a whole IPv6 network of 64 bits costs nothing to walk into`() throws {
        let set = try RangeSet([Self.range("fd00::/64")])
        let middle = try #require(IPAddress("fd00::ffff:ffff"))
        #expect(set.candidates(after: middle).first { _ in true }.map { "\($0.address)" } == "fd00::1:0:0")
    }
}
