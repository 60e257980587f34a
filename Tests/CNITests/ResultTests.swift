import CNI
import JSON
import NetTypes
import Testing

@Suite struct ResultTests {
    /// A result with everything in it.
    static let full = """
        {"cniVersion": "1.1.0",
         "interfaces": [{"name": "br0", "mac": "00:11:22:33:44:55"},
                        {"name": "eth0", "mac": "66:77:88:99:aa:bb", "mtu": 1450, "sandbox": "/run/netns/x",
                         "socketPath": "/s", "pciID": "p"}],
         "ips": [{"interface": 1, "address": "10.1.0.5/24", "gateway": "10.1.0.1"},
                 {"interface": 1, "address": "fd00::5/64"}],
         "routes": [{"dst": "0.0.0.0/0", "gw": "10.1.0.1", "mtu": 1400, "advmss": 1360, "priority": 5, "table": 100,
                     "scope": 0},
                    {"dst": "::/0"}],
         "dns": {"nameservers": ["10.1.0.1"], "domain": "d", "search": ["s"], "options": ["o"]}}
        """

    static func parse(_ text: String) throws -> CNIResult {
        try CNIResult(json: try JSONValue.parse(text), version: .latest)
    }

    static func compact(_ text: String) throws -> JSONValue { try JSONValue.parse(text) }

    @Test func `a result of 1_1_0 comes out as it went in`() throws {
        #expect(try Self.parse(Self.full).json(version: .v110) == (try Self.compact(Self.full)))
    }

    @Test(arguments: [("mtu", 32), ("advmss", 32), ("priority", 32), ("table", 32), ("scope", 8)])
    func `a number of a route that the kernel has no room for is refused, not cut`(_ key: String, _ bits: Int) throws {
        func route(_ number: Int) throws -> CNIResult {
            try Self.parse(#"{"cniVersion": "1.1.0", "routes": [{"dst": "10.0.0.0/8", "\#(key)": \#(number)}]}"#)
        }
        let last = (1 << bits) - 1
        #expect(try route(last).json(version: .v110)["routes"]?.array?.first?[key]?.int == last)
        for number in [last + 1, -1] {
            let error = #expect(throws: CNIError.self) { try route(number) }
            #expect(error?.code == .invalidConfig && error?.message.contains("routes[0].\(key)") == true)
        }
    }

    @Test func `1_0_0 is a new label`() throws {
        var expected = try #require(try Self.compact(Self.full).object)
        expected["cniVersion"] = "1.0.0"
        #expect(try Self.parse(Self.full).json(version: .v100) == .object(expected))
    }

    @Test(arguments: [SpecVersion.v030, .v031, .v040])
    func `before 1_0_0 each address names its family and newer attributes are left out`(version: SpecVersion) throws {
        let expected = """
            {"cniVersion": "\(version.rawValue)",
             "interfaces": [{"name": "br0", "mac": "00:11:22:33:44:55"},
                            {"name": "eth0", "mac": "66:77:88:99:aa:bb", "sandbox": "/run/netns/x"}],
             "ips": [{"version": "4", "interface": 1, "address": "10.1.0.5/24", "gateway": "10.1.0.1"},
                     {"version": "6", "interface": 1, "address": "fd00::5/64"}],
             "routes": [{"dst": "0.0.0.0/0", "gw": "10.1.0.1"}, {"dst": "::/0"}],
             "dns": {"nameservers": ["10.1.0.1"], "domain": "d", "search": ["s"], "options": ["o"]}}
            """
        #expect(try Self.parse(Self.full).json(version: version) == (try Self.compact(expected)))
    }

    @Test(arguments: [SpecVersion.v010, .v020])
    func `before 0_3_0 there is one address of each family, with its routes`(version: SpecVersion) throws {
        let expected = """
            {"cniVersion": "\(version.rawValue)",
             "ip4": {"ip": "10.1.0.5/24", "gateway": "10.1.0.1", "routes": [{"dst": "0.0.0.0/0", "gw": "10.1.0.1"}]},
             "ip6": {"ip": "fd00::5/64", "routes": [{"dst": "::/0"}]},
             "dns": {"nameservers": ["10.1.0.1"], "domain": "d", "search": ["s"], "options": ["o"]}}
            """
        #expect(try Self.parse(Self.full).json(version: version) == (try Self.compact(expected)))
    }

    @Test func `what is empty is left out, but for dns before 1_0_0`() throws {
        #expect(try CNIResult().json(version: .v110) == ["cniVersion": "1.1.0"])
        #expect(try CNIResult().json(version: .v040) == ["cniVersion": "0.4.0", "dns": [:]])
    }

    @Test func `a result without an address cannot be told in 0_2_0`() {
        #expect(throws: CNIError.self) { try CNIResult().json(version: .v020) }
    }

    @Test(arguments: SpecVersion.allCases)
    func `every version can be read back`(version: SpecVersion) throws {
        let result = try Self.parse(Self.full)
        let again = try CNIResult(json: try result.json(version: version), version: version)
        #expect(again.ips.map(\.address) == result.ips.map(\.address))
        #expect(again.ips.map(\.gateway) == result.ips.map(\.gateway))
        #expect(again.routes.map(\.destination) == result.routes.map(\.destination))
        #expect(again.dns == result.dns)
    }

    @Test func `the shape decides, not the label: an old result in a new chain is understood`() throws {
        let result = try Self.parse(
            #"{"CNIVersion": "0.2.0", "IP4": {"IP": "10.1.0.5/24", "Routes": [{"dst": "10.0.0.0/8"}]}}"#)
        #expect(result.ips.map { "\($0.address)" } == ["10.1.0.5/24"])
        #expect(result.routes.map { "\($0.destination)" } == ["10.0.0.0/8"])
    }

    @Test func `a container's addresses are those on interfaces in a sandbox`() throws {
        let result = try Self.parse(
            """
            {"interfaces": [{"name": "br0"}, {"name": "eth0", "sandbox": "/x"}],
             "ips": [{"interface": 0, "address": "10.1.0.1/24"}, {"interface": 1, "address": "10.1.0.2/24"}]}
            """)
        #expect(result.containerIPs.map { "\($0.address)" } == ["10.1.0.2/24"])
    }
}
