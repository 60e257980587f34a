internal import Foundation
import Lab
import NFTables
import TestSupport
import Testing

/// What is written over netlink reads well in `nft list ruleset`, which is how people look at it.
@Suite(.requiresRoot, .requiresProgram("nft"))
struct ListingTests {
    @Test func `Rules, maps and elements read as a person would have written them`() throws {
        try withSocket { socket, namespace in
            try socket.commit(ExampleLayout.transaction)
            let listing = try NFTProgram.listRuleset(in: namespace)
            for line in Self.expected {
                #expect(listing.contains(line), "not in the listing: \(line)\n\(listing)")
            }
        }
    }

    @Test func `The printed transaction, read by nft, makes the same ruleset`() throws {
        try withSocket { socket, namespace in
            try socket.commit(ExampleLayout.transaction)
            let ours = try NFTProgram.listRuleset(in: namespace)
            try withSocket { _, other in
                let directory = try TemporaryDirectory()
                let path = directory.file("transaction.nft")
                try ExampleLayout.transaction.description.write(toFile: path, atomically: false, encoding: .utf8)
                _ = try NFTProgram.run(["-f", path], in: other)
                #expect(try Self.timeless(NFTProgram.listRuleset(in: other)) == Self.timeless(ours))
            }
        }
    }

    @Test func `Sets of others with keys wider than a register are passed over, not read beyond their bytes`() throws {
        try withSocket { socket, namespace in
            let directory = try TemporaryDirectory()
            let path = directory.file("wide.nft")
            let text = """
                add table inet wide
                add set inet wide narrow { type ipv4_addr; elements = { 10.0.0.1 }; }
                add set inet wide wide { typeof @ih,0,160; elements = { 0x01020304050607080910111213141516171819ff }; }

                """
            try text.write(toFile: path, atomically: false, encoding: .utf8)
            _ = try NFTProgram.run(["-f", path], in: namespace)
            let sets = try socket.sets(in: Table(.inet, "wide"))
            #expect(sets.map(\.name) == ["narrow"])
        }
    }

    /// Without the time that an element has left, which is another one a moment later.
    private static func timeless(_ listing: String) -> String {
        listing.split(separator: "\n").map { line in
            line.range(of: " expires ").map { String(line[..<$0.lowerBound]) } ?? String(line)
        }.joined(separator: "\n")
    }

    static let expected = [
        "comment \"layout 1\"",
        "type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service",
        "comment \"by address\"",
        "elements = { 192.0.2.1 . tcp . 80 : 10.0.0.5 . 8080 }",
        "elements = { udp . 53 comment \"pod one\" : 10.0.0.5 . 5353 }",
        "elements = { 10.0.0.5, 10.2.0.0/16 comment \"cluster\" }",
        "elements = { 10.2.0.0/16 . 10.3.0.0/20 }",
        "elements = { 0x00000007 timeout 1h expires ",
        "tcp . 80 : goto service",
        "elements = { \"veth0\" . 00:11:22:33:44:55 }",
        "fib daddr type local dnat ip to ip daddr . meta l4proto . th dport map @hostports",
        "fib daddr type local dnat ip to meta l4proto . th dport map @anyports",
        "tcp dport 80 dnat to 10.0.0.5:8080",
        "comment \"to the world\"",
        "type nat hook postrouting priority srcnat; policy accept;",
        "meta mark & 0x00004000 == 0x00004000 masquerade fully-random comment \"marked\"",
        "ip saddr . ip daddr @excluded return",
        "ip saddr @sources ip daddr != 224.0.0.0/4 counter packets 0 bytes 0 masquerade",
        "ip saddr != @networks ip daddr 10.3.0.0/20 masquerade",
        "ip daddr != 10.3.0.0/20 snat to 10.0.0.5",
        "type filter hook forward priority filter; policy drop;",
        "ct state established,related accept",
        "ct status dnat accept",
        "ip saddr 10.2.0.0/16 accept",
        "iifname \"cni0\" meta mark set meta mark | 0x00002000",
        "oifname != \"cni0\" meta mark set meta mark & 0xffffff10 | 0x00000010",
        "meta l4proto . th dport vmap @verdicts",
        "limit rate 5/second log prefix \"refused \"",
        "\treject with tcp reset",
        "udp dport 5-7 reject",
        "iifname . ether saddr != @owners drop",
        "dnat ip6 to ip6 daddr . meta l4proto . th dport map @ports6",
        "reject with icmpx admin-prohibited",
    ]
}
