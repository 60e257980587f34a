import NetTypes
import Overlay
import TestSupport
import Testing

@Suite struct NetworkConfigTests {
    func config(_ text: String) throws -> NetworkConfig { try NetworkConfig(json: text.utf8) }

    @Test func `Defaults are flannel's`() throws {
        let config = try config(#"{"Network":"10.5.0.0/16","Backend":{"Type":"vxlan"}}"#)
        let pool = try #require(config.v4)
        #expect(pool.network.description == "10.5.0.0/16")
        #expect(pool.subnetLength == 24)
        // The first subnet is skipped.
        #expect(pool.first.description == "10.5.1.0")
        #expect(pool.last.description == "10.5.255.0")
        #expect(config.v6 == nil)
        #expect(config.backend == .vxlan(VXLANConfig()))
        #expect(VXLANConfig().port == 8472)
        #expect(VXLANConfig().vni == 1)
    }

    @Test(
        "A network without a subnet length is cut as flannel cuts it",
        arguments: [("10.0.0.0/8", 24), ("10.0.0.0/22", 24), ("10.0.0.0/23", 25), ("10.0.0.0/28", 30)])
    func lengths(_ network: String, _ length: Int) throws {
        #expect(try config(#"{"Network":"\#(network)","Backend":{"Type":"alloc"}}"#).v4?.subnetLength == length)
    }

    @Test func `Keys are read in any case, types too, host bits are cut off, unknown keys skipped`() throws {
        let config = try config(
            #"{"network":"10.5.7.9/16","SUBNETLEN":26,"subnetMin":"10.5.2.64","SubnetMax":"10.5.3.0","Extra":1,"backend":{"type":"VXLAN","vni":7,"PORT":4789,"Mtu":1400,"learning":true,"directrouting":true,"gbp":true,"MacPrefix":"0E-2A"}}"#
        )
        #expect(config.v4?.network.description == "10.5.0.0/16")
        #expect(config.v4?.subnetLength == 26)
        #expect(config.v4?.first.description == "10.5.2.64")
        #expect(config.v4?.last.description == "10.5.3.0")
        guard case .vxlan(let vxlan) = config.backend else { throw Unexpected() }
        #expect(vxlan.vni == 7)
        #expect(vxlan.port == 4789)
        #expect(vxlan.mtu == 1400)
        #expect(vxlan.learning && vxlan.directRouting && vxlan.groupPolicy)
    }

    @Test func `IPv6 alone and beside IPv4`() throws {
        let dual = try config(
            #"{"EnableIPv6":true,"Network":"10.5.0.0/16","IPv6Network":"fd00:5::/48","Backend":{"Type":"host-gw"}}"#)
        #expect(dual.families == [.v4, .v6])
        #expect(dual.v6?.subnetLength == 64)
        #expect(dual.v6?.first.description == "fd00:5:0:1::")
        let alone = try config(
            #"{"EnableIPv4":false,"EnableIPv6":true,"IPv6Network":"fd00:5::/56","IPv6SubnetLen":72,"Backend":{"Type":"vxlan"}}"#
        )
        #expect(alone.families == [.v6])
        #expect(alone.v6?.subnetLength == 72)
    }

    /// Every rule, with the key that the message must name.
    static let violations: [(text: String, keys: [String])] = [
        (#"{"Backend":{"Type":"vxlan"}}"#, ["Network"]),
        (#"{"Network":"","Backend":{"Type":"vxlan"}}"#, ["Network"]),
        (#"{"Network":5,"Backend":{"Type":"vxlan"}}"#, ["Network"]),
        (#"{"Network":"10.5.0.0","Backend":{"Type":"vxlan"}}"#, ["Network"]),
        (#"{"Network":"fd00::/48","Backend":{"Type":"vxlan"}}"#, ["Network"]),
        (#"{"Network":"10.5.0.0/29","Backend":{"Type":"vxlan"}}"#, ["Network"]),
        (#"{"Network":"10.5.0.0/16","SubnetLen":31,"Backend":{"Type":"vxlan"}}"#, ["SubnetLen"]),
        (#"{"Network":"10.5.0.0/16","SubnetLen":17,"Backend":{"Type":"vxlan"}}"#, ["SubnetLen"]),
        (#"{"Network":"10.5.0.0/16","SubnetLen":-1,"Backend":{"Type":"vxlan"}}"#, ["SubnetLen"]),
        (#"{"Network":"10.5.0.0/16","SubnetLen":"24","Backend":{"Type":"vxlan"}}"#, ["SubnetLen"]),
        (#"{"Network":"10.5.0.0/16","SubnetMin":"10.6.0.0","Backend":{"Type":"vxlan"}}"#, ["SubnetMin"]),
        (#"{"Network":"10.5.0.0/16","SubnetMin":"10.5.1.7","Backend":{"Type":"vxlan"}}"#, ["SubnetMin"]),
        (#"{"Network":"10.5.0.0/16","SubnetMin":"nine","Backend":{"Type":"vxlan"}}"#, ["SubnetMin"]),
        (#"{"Network":"10.5.0.0/16","SubnetMax":"10.4.0.0","Backend":{"Type":"vxlan"}}"#, ["SubnetMax"]),
        (#"{"Network":"10.5.0.0/16","SubnetMax":"10.5.1.128","Backend":{"Type":"vxlan"}}"#, ["SubnetMax"]),
        (
            #"{"Network":"10.5.0.0/16","SubnetMin":"10.5.9.0","SubnetMax":"10.5.3.0","Backend":{"Type":"vxlan"}}"#,
            ["SubnetMin"]
        ),
        (#"{"EnableIPv6":true,"Network":"10.5.0.0/16","Backend":{"Type":"vxlan"}}"#, ["IPv6Network"]),
        (
            #"{"EnableIPv6":true,"Network":"10.5.0.0/16","IPv6Network":"fd00::/125","Backend":{"Type":"vxlan"}}"#,
            ["IPv6Network"]
        ),
        (
            #"{"EnableIPv6":true,"Network":"10.5.0.0/16","IPv6Network":"fd00::/48","IPv6SubnetLen":127,"Backend":{"Type":"vxlan"}}"#,
            ["IPv6SubnetLen"]
        ),
        (
            #"{"EnableIPv6":true,"Network":"10.5.0.0/16","IPv6Network":"fd00::/48","IPv6SubnetMin":"fd01::","Backend":{"Type":"vxlan"}}"#,
            ["IPv6SubnetMin"]
        ),
        (#"{"EnableIPv4":false,"Backend":{"Type":"vxlan"}}"#, ["EnableIPv4"]),
        (#"{"EnableIPv4":"yes","Network":"10.5.0.0/16","Backend":{"Type":"vxlan"}}"#, ["EnableIPv4"]),
        (#"{"Network":"10.5.0.0/16"}"#, ["Backend"]),
        (#"{"Network":"10.5.0.0/16","Backend":"vxlan"}"#, ["Backend"]),
        (#"{"Network":"10.5.0.0/16","Backend":{}}"#, ["Backend.Type"]),
        (#"{"Network":"10.5.0.0/16","Backend":{"Type":"vxlna"}}"#, ["Backend.Type"]),
        (#"{"Network":"10.5.0.0/16","Backend":{"Type":"wireguard"}}"#, ["Backend.Type"]),
        (#"{"Network":"10.5.0.0/16","Backend":{"Type":"vxlan","VNI":0}}"#, ["Backend.VNI"]),
        (#"{"Network":"10.5.0.0/16","Backend":{"Type":"vxlan","VNI":16777216}}"#, ["Backend.VNI"]),
        (#"{"Network":"10.5.0.0/16","Backend":{"Type":"vxlan","Port":65536}}"#, ["Backend.Port"]),
        (#"{"Network":"10.5.0.0/16","Backend":{"Type":"vxlan","MTU":100}}"#, ["Backend.MTU"]),
        (#"{"Network":"10.5.0.0/16","Backend":{"Type":"vxlan","Learning":1}}"#, ["Backend.Learning"]),
        (
            #"{"Network":"x","SubnetMin":"y","Backend":{"Type":"vxlan","VNI":-1,"Port":-1,"GBP":"no"}}"#,
            ["SubnetMin", "Network", "Backend.VNI", "Backend.Port", "Backend.GBP"]
        ),
        ("[]", ["network configuration"]), ("{", ["network configuration"]), ("", ["network configuration"]),
    ]

    @Test("Every violation is reported at once, with its key", arguments: violations)
    func violation(_ text: String, _ keys: [String]) {
        let error = #expect(throws: ConfigProblems.self) { try config(text) }
        #expect(Set(error?.problems.map(\.key) ?? []) == Set(keys), "\(error?.description ?? "")")
        #expect(error?.problems.allSatisfy { !$0.reason.isEmpty } ?? false)
    }

    @Test func `A problem says the key, what stands there and the rule`() throws {
        let error = #expect(throws: ConfigProblems.self) {
            try config(#"{"Network":"10.5.0.0/16","SubnetLen":17,"Backend":{"Type":"vxlan"}}"#)
        }
        #expect(error?.description == "SubnetLen is 17: must be at least 18, so that 10.5.0.0/16 holds four subnets")
    }

    @Test func `Mangled configurations never trap`() {
        var random = SeededGenerator()
        for _ in 0..<3000 {
            let text = random.mangle(Self.violations.randomElement(using: &random)?.text ?? "")
            _ = try? NetworkConfig(json: text.utf8)
        }
    }
}

struct Unexpected: Error {}
