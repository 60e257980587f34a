import Lab
import NFTables
import NetTypes
import Overlay
import TestSupport
import Testing

/// What flanneld leaves, made by the programs that flanneld makes it with.
@Suite("What flannel has left", .requiresRoot, .requiresProgram("nft"), .requiresProgram("iptables-nft"))
struct FlannelLeftoversTests {
    private let namespace: Node

    init() throws { namespace = try Node() }

    private func run(_ name: String, _ words: [String], input: String = "") throws -> String {
        let command = Command(Program.path(of: name) ?? name, words)
        let output = try command.run(in: Place(network: namespace.namespace.path), input: input)
        #expect(output.status == 0, "\(name) \(words): \(output.standardError)")
        return output.standardOutput
    }

    /// pkg/trafficmngr/iptables: rules as `iptables -S` of a node shows them.
    private func installIPTables(_ family: String = "iptables-nft", cluster: String, subnet: String) throws {
        for line in [
            "-t nat -N FLANNEL-POSTRTG", "-t nat -A FLANNEL-POSTRTG -m mark --mark 0x4000/0x4000 -j RETURN",
            "-t nat -A FLANNEL-POSTRTG -s \(subnet) -d \(cluster) -m comment --comment flanneld-masq -j RETURN",
            "-t nat -A FLANNEL-POSTRTG -s \(cluster) -j MASQUERADE --random-fully",
            "-t nat -A POSTROUTING -m comment --comment flanneld-masq -j FLANNEL-POSTRTG",
            "-t nat -A POSTROUTING -p tcp --dport 99 -j MASQUERADE",
            "-N FLANNEL-FWD", "-A FLANNEL-FWD -s \(cluster) -j ACCEPT", "-A FLANNEL-FWD -d \(cluster) -j ACCEPT",
            "-A FORWARD -m comment --comment flanneld-forward -j FLANNEL-FWD",
        ] {
            _ = try run(family, line.split(separator: " ").map(String.init))
        }
    }

    private func leftovers() throws -> FlannelLeftovers {
        try namespace.namespace.run { () throws -> FlannelLeftovers in
            var socket = try NFTSocket()
            return try FlannelLeftovers(&socket)
        }
    }

    private func replace() throws {
        try namespace.namespace.run {
            var socket = try NFTSocket()
            let rules = TrafficRules(
                TrafficOptions(masquerades: true), config: Samples.config(), subnet: Samples.subnet(1))
            try rules.replace(FlannelLeftovers(&socket), &socket)
            let difference = try rules.difference(&socket)
            #expect(difference.isEmpty)
        }
    }

    @Test("of its nftables mode goes in the moment that ours comes")
    func nftablesMode() throws {
        _ = try run(
            "nft", ["-f", "-"],
            input: """
                table ip flannel-ipv4 {
                  chain forward { type filter hook forward priority 0; policy accept; ip saddr 10.5.0.0/16 accept; }
                  chain postrtg { type nat hook postrouting priority 100; policy accept; meta mark 0x4000 return
                    ip saddr 10.5.0.0/16 ip daddr != 224.0.0.0/4 masquerade fully-random; }
                }
                table ip6 flannel-ipv6 { chain forward { type filter hook forward priority 0; }; }
                table ip someone { chain own { }; }
                """)
        #expect(try leftovers().removed == ["table ip flannel-ipv4", "table ip6 flannel-ipv6"])
        try replace()
        #expect(try leftovers().isEmpty)
        let tables = try run("nft", ["list", "tables"]).split(separator: "\n")
        #expect(tables.sorted() == ["table inet poplin-overlay", "table ip someone"])
    }

    @Test("in iptables goes with its jump rules, and others' rules beside them stay")
    func iptablesMode() throws {
        try installIPTables(cluster: "10.5.0.0/16", subnet: "10.5.1.0/24")
        try installIPTables("ip6tables-nft", cluster: "fd00:5::/48", subnet: "fd00:5:0:1::/64")
        #expect(
            try leftovers().removed == [
                "chain ip nat FLANNEL-POSTRTG", "chain ip filter FLANNEL-FWD", "chain ip6 nat FLANNEL-POSTRTG",
                "chain ip6 filter FLANNEL-FWD",
            ])
        try replace()
        #expect(try leftovers().isEmpty)
        for family in ["iptables-nft", "ip6tables-nft"] {
            // iptables still reads its tables, and finds what is not flannel's.
            #expect(try run(family, ["-t", "nat", "-S", "POSTROUTING"]).contains("--dport 99 -j MASQUERADE"))
            #expect(try !run(family, ["-t", "nat", "-S"]).contains("FLANNEL"))
            #expect(try !run(family, ["-S"]).contains("FLANNEL"))
        }
    }

    @Test(
        "stays in FORWARD where it may be what lets pods' packets pass, and is named",
        arguments: [("-P FORWARD DROP", "drops by policy"), ("-A FORWARD -j REJECT", "other rules")])
    func forwardKept(command: String, reason: String) throws {
        try installIPTables(cluster: "10.5.0.0/16", subnet: "10.5.1.0/24")
        _ = try run("iptables-nft", command.split(separator: " ").map(String.init))
        let found = try leftovers()
        #expect(found.removed == ["chain ip nat FLANNEL-POSTRTG"])
        #expect(found.kept.count == 1)
        #expect(found.kept.first?.contains("ip filter FLANNEL-FWD") == true)
        #expect(found.kept.first?.contains(reason) == true)
        try replace()
        #expect(try run("iptables-nft", ["-S", "FORWARD"]).contains("-j FLANNEL-FWD"))
    }

    @Test("is none on a node that never had it, and nothing is made for looking")
    func nothing() throws {
        #expect(try leftovers().isEmpty)
        #expect(try run("nft", ["list", "tables"]).isEmpty)
    }
}
