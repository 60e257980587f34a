import Glibc
import Lab
import Linux
import NetTypes
import Netlink
import Overlay
import TestSupport
import Testing

/// `poplin status|check|cleanup overlay` and `--dry-run`, beside the real daemon and without it.
@Suite("The overlay's commands", .requiresRoot, .requiresProgram("etcd"))
struct CommandTests {
    private func node() throws -> LiveNode {
        let live = try LiveNode(config: LiveNode.vxlan, leases: [Samples.lease(2), Samples.lease(3)])
        try live.waitForRoutes(to: [2, 3])
        return live
    }

    @Test("check is silent about a good node, and names each thing that is not as it should be")
    func check() throws {
        let live = try node()
        // The file that it looks at may follow the daemon by seconds, which it knows.
        let good = try live.poplin(["check", "overlay"])
        #expect(good.status == 0 && good.standardOutput.hasPrefix("ok: 2 peers"), "\(good.standardOutput)")
        let status = try live.poplin(["status", "overlay"])
        #expect(status.status == 0)
        #expect(status.standardOutput.contains("peers      2 of 2 programmed"), "\(status.standardOutput)")

        try live.stopDaemon(SIGKILL)
        try live.ip("route del 10.5.2.0/24")
        try live.bridge("fdb del \(Samples.mac(3)) dev flannel.1 dst 192.168.0.3 self")
        try live.nft("flush ruleset")
        try Files.remove(live.subnetFile)
        try live.ip("link set flannel.1 mtu 1300")
        let check = try live.poplin(["check", "overlay"])
        #expect(check.status == 1)
        for word in ["10.5.2.0/24", "\(Samples.mac(3))", "inet poplin-overlay", live.subnetFile, "MTU is 1300"] {
            #expect(check.standardOutput.contains(word), "\(word) is not in:\n\(check.standardOutput)")
        }
        let broken = try live.poplin(["status", "overlay"])
        #expect(broken.status == 1)
        #expect(broken.standardOutput.contains("0 of 2 programmed"), "\(broken.standardOutput)")
    }

    @Test("status, check and cleanup on a node without an overlay say so", arguments: ["status", "check", "cleanup"])
    func nothing(command: String) throws {
        let live = try LiveNode()
        let output = try live.poplin([command, "overlay"])
        #expect(output.status == (command == "cleanup" ? 0 : 1))
        let text = output.standardOutput + output.standardError
        #expect(
            text.contains(command == "cleanup" ? "nothing of the overlay's is here" : "tells of no lease"), "\(text)")
    }

    @Test("cleanup removes exactly what is ours, and not under a running daemon (#886)")
    func cleanup() throws {
        let live = try node()
        try live.ip("route add 10.5.99.0/24 dev eth0 proto static")
        try live.ip("link add flannel.9 type vxlan id 9 dev eth0 dstport 4789")
        try live.nft("add table inet someone")
        let refused = try live.poplin(["cleanup", "overlay"])
        #expect(refused.status == 1)
        #expect(refused.standardError.contains("another poplin overlay runs"), "\(refused.standardError)")
        try live.waitForRoutes(to: [2, 3])

        try live.stopDaemon()
        let preview = try live.poplin(["cleanup", "overlay"], ["--dry-run"])
        #expect(try live.routed().count == 2)
        let output = try live.poplin(["cleanup", "overlay"])
        #expect(output.status == 0)
        #expect(output.standardOutput == preview.standardOutput)
        #expect(!live.node.isThere("flannel.1"))
        #expect(live.node.isThere("flannel.9"))
        #expect(try live.node.podRoutes().keys.map(\.description) == ["10.5.99.0/24"])
        #expect(try live.nft("list tables") == "table inet someone\n")
        #expect(!Files.exists(live.subnetFile))
        #expect(!Files.exists(CachedState.path(live.stateDirectory)))
        #expect(try live.poplin(["cleanup", "overlay"]).standardOutput == "nothing of the overlay's is here\n")
    }

    @Test("--dry-run says what would be done, and changes nothing here or in the store")
    func dryRun() throws {
        let live = try LiveNode()
        try live.startEtcd()
        try live.put("config", LiveNode.vxlan)
        try live.put(Samples.lease(2))
        let output = try live.poplin(["overlay"], ["--dry-run"])
        #expect(output.status == 0, "\(output.standardError)")
        for word in ["lease 10.5.2", "flannel.1", "10.5.2.0/24", "poplin-overlay", live.subnetFile] {
            #expect(output.standardOutput.contains(word), "\(word) is not in:\n\(output.standardOutput)")
        }
        #expect(!live.node.isThere("flannel.1"))
        #expect(try live.leaseKeys() == ["10.5.2.0-24"])
        #expect(try live.nft("list tables").isEmpty)
        #expect(!Files.exists(live.subnetFile) && !Files.exists(live.stateDirectory))
    }

    @Test("/readyz counts programmed peers, and promtool takes /metrics (#616)", .requiresProgram("promtool"))
    func health() throws {
        let live = try node()
        try live.eventually("both are counted") { live.ask("/readyz")?.body == "2 of 2 peers programmed\n" }
        let metrics = try #require(live.ask("/metrics")?.body)
        #expect(metrics.contains("poplin_overlay_peers{state=\"programmed\"} 2\n"), "\(metrics)")
        let output = try live.run(#require(Program.path(of: "promtool")), ["check", "metrics"], input: metrics)
        #expect(output.status == 0 && output.standardOutput + output.standardError == "", "\(output.standardError)")
        try live.put("subnets/10.5.4.0-24", #"{"PublicIP":"192.168.0.4","BackendType":"vxlan"}"#)
        try live.eventually("the refused one is counted") { live.ask("/readyz")?.body == "2 of 3 peers programmed\n" }
    }
}
