import Lab
import NFTables
import NetTypes
import ServiceProxy
import TestSupport
import Testing

@Suite(.requiresRoot) struct ReadableTableTests {
    @Test("nft list prints the table, affinity too, with names that say what it does")
    func list() throws {
        let node = try LabNamespace("table")
        var scenario = Scenario.table[5]
        scenario.services = scenario.services.mapValues {
            var service = $0
            service.affinitySeconds = 600
            return service
        }
        try node.run {
            var socket = try NFTSocket()
            try socket.commit(scenario.planner().ruleset.transaction)
        }
        let nft = Command(Program.path(of: "nft") ?? "/usr/sbin/nft", ["list", "table", "inet", "poplin-proxy"])
        let output = try nft.run(in: Place(network: node.path))
        #expect(output.status == 0, "\(output.standardError)")
        let listing = output.standardOutput
        for line in [
            "10.96.0.10 . tcp . 80 comment \"default/web\" : goto cluster4-3-sticky-600",
            "meta priority set ip daddr . meta l4proto . th dport map @groups4",
            "update @affinity4 { ip saddr . meta priority timeout 10m : numgen random mod 3 }",
            "meta priority set ip saddr . meta priority map @affinity4",
            "dnat ip to ip daddr . meta l4proto . th dport . meta priority map @endpoints4",
            "ip daddr . meta l4proto . th dport vmap @services4",
        ] {
            #expect(listing.contains(line), "\(line) is not in\n\(listing)")
        }
    }
}
