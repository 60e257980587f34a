import HTTP
import JSON
import Lab
import NetTypes
import Netlink
import Overlay
import Store
import TestSupport
import Testing

/// The real daemon and what stands between it and the store.
@Suite("The way to the store", .requiresRoot, .requiresProgram("etcd"))
struct StoreAccessTests {
    @Test("TLS with a client certificate, by the flags", .requiresProgram("openssl"))
    func tls() throws {
        let certificates = try Certificates()
        let live = try LiveNode()
        let (authority, certificate, key) = (
            certificates.file("ca.pem"), certificates.file("client.pem"), certificates.file("client.key")
        )
        live.client = EtcdConfiguration(
            endpoints: ["https://127.0.0.1:2379"],
            tls: TLSFiles(authority: authority, certificate: certificate, key: key))
        try live.startEtcd(certificates.serverArguments, scheme: "https")
        try live.put("config", LiveNode.vxlan)
        try live.put(Samples.lease(2))
        // Without the certificate nobody comes in, and the daemon says so.
        try live.startDaemon(["--etcd-cafile=\(authority)"])
        try live.eventually("the refusal is told") {
            try live.status()["store"]?["config"]?.string?.isEmpty == false
        }
        #expect(!live.isReady)
        try live.stopDaemon()
        try live.startDaemon([
            "--etcd-cafile=\(authority)", "--etcd-certfile=\(certificate)", "--etcd-keyfile=\(key)",
        ])
        try live.waitUntilReady()
        try live.waitForRoutes(to: [2])
        // The watch, too.
        try live.put(Samples.lease(3))
        try live.waitForRoutes(to: [2, 3])
    }

    @Test("A user with a password, by the flags, also when etcd has forgotten its tokens")
    func password() throws {
        let live = try LiveNode()
        try live.startEtcd()
        try live.put("config", LiveNode.vxlan)
        for words in [
            "user add root:root", "user grant-role root root", "role add net",
            "role grant-permission net --prefix=true readwrite /coreos.com/network", "user add node:secret",
            "user grant-role node net", "auth enable",
        ] {
            try live.etcdctl(words)
        }
        live.client.user = "root"
        live.client.password = "root"
        try live.startDaemon(["--etcd-username=node", "--etcd-password=wrong"])
        try live.eventually("the refusal is told") {
            try live.status()["store"]?["config"]?.string?.isEmpty == false
        }
        #expect(!live.log.contains("wrong"), "the password is in the log")
        try live.stopDaemon()
        try live.startDaemon(["--etcd-username=node", "--etcd-password=secret"])
        try live.waitUntilReady()
        try live.put(Samples.lease(2))
        try live.waitForRoutes(to: [2])
        // Tokens are in etcd's memory alone.
        try live.killEtcd()
        try live.startEtcd()
        try live.put(Samples.lease(3))
        try live.waitForRoutes(to: [2, 3])
    }

    @Test("Of several endpoints one is dead from the start and another dies: nothing stops")
    func failover() throws {
        let live = try LiveNode()
        // Two that hold the same, as two members of one cluster do.
        for port in [2379, 2479] as [UInt16] {
            live.client.endpoints = ["http://127.0.0.1:\(port)"]
            try live.startEtcd(port: port)
            try live.put("config", LiveNode.vxlan)
            try live.put(Samples.lease(2))
        }
        live.client.endpoints = ["http://127.0.0.1:2999", "http://127.0.0.1:2379", "http://127.0.0.1:2479"]
        try live.startDaemon()
        try live.waitUntilReady()
        try live.waitForRoutes(to: [2])
        try live.killEtcd(port: 2379)
        live.client.endpoints = ["http://127.0.0.1:2479"]
        try live.put(Samples.lease(3))
        try live.waitForRoutes(to: [2, 3])
        #expect(live.isReady)
    }

    @Test("The first start with the store away waits for it, and says so meanwhile")
    func storeAwayAtFirst() throws {
        let live = try LiveNode()
        try live.startDaemon()
        try live.eventually("the trouble is told") {
            try live.status()["store"]?["config"]?.string?.isEmpty == false
        }
        #expect(!live.isReady)
        #expect(live.ask("/healthz")?.isGood == true)
        try live.startEtcd()
        try live.put("config", LiveNode.vxlan)
        try live.put(Samples.lease(2))
        try live.waitUntilReady()
        // The watch of the leases has failed at first, too, and stands now.
        try live.waitForRoutes(to: [2])
        try live.put(Samples.lease(3))
        try live.waitForRoutes(to: [2, 3])
    }

    @Test("A configuration that is missing, then wrong, then right, is told and taken")
    func configuration() throws {
        let live = try LiveNode()
        try live.startEtcd()
        try live.startDaemon()
        func told(_ word: String) throws {
            try live.eventually("told: \(word)") {
                try live.status()["store"]?["config"]?.string?.contains(word) == true
            }
        }
        try told("no network configuration at /coreos.com/network/config")
        try live.put("config", #"{"Network":"10.5.0.0/33","Backend":{"Type":"carrier-pigeon"}}"#)
        try told("carrier-pigeon")
        try live.put("config", LiveNode.vxlan)
        try live.waitUntilReady()
    }

    @Test("A configuration changed while running is followed where it can be, and else told and left")
    func changedConfiguration() throws {
        let live = try LiveNode(config: LiveNode.vxlan, leases: [Samples.lease(2)])
        try live.waitForRoutes(to: [2])
        let other = ("10.6.0.0/16", "10.6.1.0")
        try live.put("config", LiveNode.config(#""Type":"vxlan","MTU":1400"#))
        try live.eventually("the device has the new MTU") { try live.node.link("flannel.1").mtu == 1350 }
        let device = try live.node.link("flannel.1").index
        for (text, word) in [
            (LiveNode.config(#""Type":"vxlan","VNI":7"#), "VNI"), (LiveNode.config(#""Type":"host-gw""#), "host-gw"),
            (LiveNode.config(#""Type":"vxlan""#, network: other.0, first: other.1), "10.6.0.0/16"),
        ] {
            try live.put("config", text)
            try live.eventually("told: \(word)") {
                try live.status()["problems"]?["configuration"]?.string?.contains(word) == true
            }
            // Pods go on as they are.
            #expect(live.isReady)
            #expect(try live.node.link("flannel.1").index == device)
            try live.waitForRoutes(to: [2])
        }
        try live.put("config", LiveNode.vxlan)
        try live.eventually("all is well again") {
            try live.status()["problems"]?["configuration"] == nil && live.node.link("flannel.1").mtu == 1450
        }
        // What cannot be followed is taken at the next start, and nothing of the old network stays.
        try live.put("config", LiveNode.config(#""Type":"host-gw""#, network: other.0, first: other.1))
        try live.stopDaemon()
        try live.startDaemon()
        try live.waitUntilReady()
        try live.eventually("the old network is gone") { try !live.node.isThere("flannel.1") && live.routed().isEmpty }
        try live.eventually("our lease is of the new network") {
            try live.leaseKeys().contains { $0.hasPrefix("10.6.") }
        }
    }

    @Test("A store that takes connections and says nothing does not hold up a node that knows enough from before")
    func hungStore() throws {
        let live = try LiveNode(config: LiveNode.vxlan, leases: [Samples.lease(2)])
        try live.waitForRoutes(to: [2])
        try live.stopDaemon()
        try live.ip("link del flannel.1")
        try live.hangEtcd()
        try live.startDaemon()
        try live.waitUntilReady()
        try live.waitForRoutes(to: [2])
        #expect(try live.status()["fromCache"]?.bool == true)
        try live.wakeEtcd()
        try live.eventually("etcd was heard", within: .seconds(60)) { try live.status()["fromCache"]?.bool == false }
        try live.put(Samples.lease(3))
        try live.waitForRoutes(to: [2, 3])
    }

    @Test("A restart without a change writes nothing to the store: that of a whole cluster is no news to anybody")
    func restarted() throws {
        let live = try LiveNode(config: LiveNode.vxlan, leases: [Samples.lease(2)])
        try live.waitForRoutes(to: [2])
        let own = try #require(try live.leaseKeys().first { $0 != "\(Samples.subnet(2))" })
        let revision = { () throws -> Revision? in
            try live.withStore { try $0.get("\(LiveNode.prefix)/subnets/\(own)")?.modRevision }
        }
        try live.stopDaemon()
        let before = try revision()
        for _ in 0..<3 {
            try live.startDaemon()
            try live.waitUntilReady()
            try live.waitForRoutes(to: [2])
            try live.stopDaemon()
        }
        #expect(try before != nil && revision() == before)
    }

    @Test("A configuration that changed while the node was down is taken, though it started from its cache")
    func changedWhileDown() throws {
        let live = try LiveNode(config: LiveNode.vxlan, leases: [Samples.lease(2)])
        try live.waitForRoutes(to: [2])
        try live.stopDaemon()
        try live.put("config", LiveNode.config(#""Type":"host-gw""#, network: "10.6.0.0/16", first: "10.6.1.0"))
        let peer = LeaseAttributes(publicIPv4: IPv4Address(192, 168, 0, 2), backendType: "host-gw")
        try live.put("subnets/10.6.99.0-24", peer.json)
        try live.hangEtcd()
        try live.startDaemon()
        try live.waitUntilReady()
        #expect(live.node.isThere("flannel.1"))
        try live.wakeEtcd()
        try live.eventually("the old network is gone and the new one is there", within: .seconds(60)) {
            let routes = try live.ip("route")
            return !live.node.isThere("flannel.1") && !routes.contains("10.5.2.0/24")
                && routes.contains("10.6.99.0/24 via 192.168.0.2 dev eth0")
        }
        try live.eventually("the node has a lease there") {
            try live.leaseKeys().count { $0.hasPrefix("10.6.") } == 2
        }
        try live.waitUntilReady()
        #expect(try live.status()["problems"]?.object?.members.isEmpty == true)
        // The passes after that find nothing of the device that was.
        try live.put("subnets/10.6.98.0-24", peer.json.replacing("192.168.0.2", with: "192.168.0.3"))
        try live.eventually("a peer that comes now is routed to") {
            try live.ip("route").contains("10.6.98.0/24 via 192.168.0.3 dev eth0")
        }
    }
}
