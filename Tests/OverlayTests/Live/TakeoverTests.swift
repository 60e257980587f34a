import Lab
import NetTypes
import Netlink
import Overlay
import TestSupport
import Testing

/// The real daemon on a node where flanneld ran before.
@Suite("A takeover from flannel", .requiresRoot, .requiresProgram("etcd"), .requiresProgram("iptables-nft"))
struct TakeoverTests {
    @Test("keeps subnet, device and MAC, adopts its entries, drops stale ones, and replaces its rules")
    func takeover() throws {
        let live = try LiveNode()
        try live.startEtcd()
        try live.put("config", LiveNode.vxlan)
        // As flanneld leaves a node: lease, device, three entries a peer, one of a peer that has left meanwhile.
        let mac = Samples.mac(1)
        try live.put(
            "subnets/10.5.210.0-24",
            LeaseAttributes(
                publicIPv4: IPv4Address(192, 168, 0, 1), backendType: "vxlan",
                backendData: VTEPData(vni: 1, mac: mac).json
            ).json)
        try live.put(Samples.lease(2))
        try live.ip(
            "link add flannel.1 address \(mac) mtu 1450 type vxlan id 1 dev eth0 local 192.168.0.1 dstport 8472 nolearning"
        )
        try live.ip("addr add 10.5.210.0/32 dev flannel.1")
        try live.ip("link set flannel.1 up")
        for peer in [2, 7] {
            try live.ip("neigh add 10.5.\(peer).0 lladdr \(Samples.mac(peer)) dev flannel.1 nud permanent")
            try live.bridge("fdb add \(Samples.mac(peer)) dev flannel.1 dst 192.168.0.\(peer) self permanent")
            try live.ip("route add 10.5.\(peer).0/24 via 10.5.\(peer).0 dev flannel.1 onlink")
        }
        try live.nft("add table ip flannel-ipv4")
        for words in ["-N FLANNEL-FWD", "-A FORWARD -j FLANNEL-FWD", "-P FORWARD DROP"] {
            let output = try live.run(
                #require(Program.path(of: "iptables-nft")), words.split(separator: " ").map(String.init))
            #expect(output.status == 0, "\(output.standardError)")
        }
        let device = try live.node.link("flannel.1").index
        let before = try live.leaseKeys()

        try live.startDaemon()
        try live.waitUntilReady()
        // Readiness is about the node's own part: the peers' leases may come later.
        try live.eventually("the peer is known") { try live.problems(of: "10.5.2.0-24") == "" }
        #expect(try live.routed() == Set(Samples.subnet(2).subnets))
        #expect(try live.node.link("flannel.1").index == device)
        #expect(try live.node.link("flannel.1").mac == mac)
        #expect(try live.leaseKeys() == before)
        #expect(try live.node.forwarding("flannel.1").count == 1)
        #expect(try live.node.podRoutes()[Samples.subnet(2).subnets[0]]?.protocolNumber == .poplin)
        let tables = try live.nft("list tables")
        #expect(tables.contains("inet poplin-overlay") && !tables.contains("flannel-ipv4"))

        let check = try live.poplin(["check", "overlay"])
        #expect(check.status == 0, "\(check.standardOutput)\(check.standardError)")
        #expect(check.standardOutput.contains("note: flannel's chain ip filter FLANNEL-FWD"), "\(check.standardOutput)")
    }
}
