import Glibc
import JSON
import Lab
import Linux
import NetTypes
import Netlink
import TestSupport
import Testing

@testable import Overlay

/// The real daemon in a namespace, with a cluster's Nodes in the place of etcd.
@Suite("Leases on Kubernetes nodes", .requiresRoot)
struct KubernetesTests {
    private final class Cluster {
        let live: LiveNode
        let server: NodeServer
        private let prefix: String

        init(prefix: String = AnnotationKeys.defaultPrefix, backend: String = #""Type":"vxlan""#) throws {
            live = try LiveNode()
            server = try live.node.namespace.run { try NodeServer() }
            self.prefix = prefix
            try write(backend)
        }

        /// A value that is not used any more may be gone before its test is: each test ends it itself.
        func end() { server.end() }

        func write(_ backend: String) throws {
            try Files.replace(
                live.directory.file("net-conf.json"), #"{"Network":"10.5.0.0/16","Backend":{\#(backend)}}"#.utf8)
        }

        var flags: [String] {
            [
                "--kube-subnet-mgr", "--kube-api-url=\(server.url)", "--kube-annotation-prefix=\(prefix)",
                "--net-config-path=\(live.directory.file("net-conf.json"))",
            ]
        }

        func start(_ more: [String] = []) throws {
            try live.startDaemon(flags + more, environment: ["NODE_NAME": "node-1"])
        }

        func startAndWait(_ more: [String] = []) throws {
            try start(more)
            try live.waitUntilReady()
        }
    }

    @Test("flannel's nodes become routes, and ours is published in flannel's words, with NetworkUnavailable cleared")
    func joins() throws {
        let cluster = try Cluster()
        defer { cluster.end() }
        cluster.server.put("node-1", podCIDRs: ["10.5.1.0/24"])
        for number in 2...3 { cluster.server.putFlannel(number) }
        cluster.server.put("node-9", podCIDRs: ["10.5.9.0/24"])
        try cluster.startAndWait()
        let live = cluster.live
        try live.waitForRoutes(to: [2, 3])
        #expect(try live.node.forwarding("flannel.1")[Samples.mac(2)] == Samples.underlay(2))
        let mac = try #require(try live.node.link("flannel.1").mac)
        try live.eventually("the lease is published") { cluster.server.annotations("node-1").count == 4 }
        let prefix = AnnotationKeys.defaultPrefix + "/"
        #expect(
            cluster.server.annotations("node-1")[prefix + "backend-data"] == #"{"VNI":1,"VtepMAC":"\#(mac)"}"#)
        #expect(cluster.server.annotations("node-1")[prefix + "public-ip"] == "192.168.0.1")
        try live.eventually("the condition is cleared") {
            cluster.server.condition("node-1")?["reason"] == "FlannelIsUp"
        }
        let env = try Files.readText(live.subnetFile)
        #expect(env.contains("FLANNEL_NETWORK=10.5.0.0/16\n") && env.contains("FLANNEL_SUBNET=10.5.1.1/24\n"))

        // Nodes come, change their VTEP and go.
        cluster.server.putFlannel(4)
        cluster.server.putFlannel(2, mac: 22, address: 12)
        cluster.server.delete("node-3")
        try live.waitForRoutes(to: [2, 4])
        try live.eventually("the new VTEP is used, the old one forgotten") {
            let entries = try live.node.forwarding("flannel.1")
            return entries[Samples.mac(22)] == Samples.underlay(12) && entries[Samples.mac(2)] == nil
        }
    }

    @Test("a node without a podCIDR is waited for, named meanwhile, and followed at once (#1344, #728)")
    func waitsForPodCIDR() throws {
        let cluster = try Cluster()
        defer { cluster.end() }
        cluster.server.putFlannel(2)
        try cluster.start()
        let live = cluster.live
        func trouble(_ words: String) throws {
            try live.eventually("it says \(words)") {
                try live.status()["store"]?["lease"]?.string?.contains(words) == true
                    || live.status()["store"]?["watch"]?.string?.contains(words) == true
            }
            #expect(!live.isReady && !live.hasDaemonEnded())
        }
        try trouble("not found")
        cluster.server.put("node-1", podCIDRs: [])
        try trouble("no podCIDR yet")
        #expect(cluster.server.annotations("node-1").isEmpty)
        let start = ContinuousClock.now
        cluster.server.put("node-1", podCIDRs: ["10.5.1.0/24"])
        try live.waitUntilReady()
        #expect(ContinuousClock.now - start < .seconds(5))
        try live.waitForRoutes(to: [2])
    }

    @Test("a restart writes nothing, neither to the cluster nor to the kernel, and the API away is no obstacle")
    func restarts() throws {
        let cluster = try Cluster()
        defer { cluster.end() }
        cluster.server.put("node-1", podCIDRs: ["10.5.1.0/24"])
        cluster.server.putFlannel(2)
        try cluster.startAndWait()
        let live = cluster.live
        try live.waitForRoutes(to: [2])
        try live.eventually("all is published") { cluster.server.condition("node-1") != nil }
        let (patches, index) = (cluster.server.patches.count, try live.node.link("flannel.1").index)
        try live.stopDaemon()
        try cluster.startAndWait()
        try live.waitForRoutes(to: [2])
        #expect(cluster.server.patches.count == patches)
        #expect(try live.node.link("flannel.1").index == index)

        try live.stopDaemon(SIGKILL)
        cluster.server.goAway()
        try cluster.startAndWait()
        try live.waitForRoutes(to: [2])
        cluster.server.delete("node-2")
        cluster.server.putFlannel(3)
        cluster.server.comeBack()
        try live.waitForRoutes(to: [3])
        #expect(cluster.server.patches.count == patches)
    }

    @Test("annotations that another takes away or changes are written again")
    func repairs() throws {
        let cluster = try Cluster()
        defer { cluster.end() }
        cluster.server.put("node-1", podCIDRs: ["10.5.1.0/24"])
        try cluster.startAndWait()
        try cluster.live.eventually("all is published") { cluster.server.condition("node-1") != nil }
        let published = cluster.server.annotations("node-1")
        cluster.server.put("node-1", podCIDRs: ["10.5.1.0/24"])
        try cluster.live.eventually("they are back") { cluster.server.annotations("node-1") == published }
    }

    @Test("a node that is made again with another podCIDR is followed there")
    func madeAgain() throws {
        let cluster = try Cluster()
        defer { cluster.end() }
        cluster.server.put("node-1", podCIDRs: ["10.5.1.0/24"])
        cluster.server.putFlannel(2)
        try cluster.startAndWait()
        let live = cluster.live
        try live.waitForRoutes(to: [2])
        cluster.server.delete("node-1")
        cluster.server.put("node-1", podCIDRs: ["10.5.44.0/24"])
        try live.eventually("subnet.env follows") {
            try Files.readText(live.subnetFile).contains("FLANNEL_SUBNET=10.5.44.1/24\n")
        }
        try live.eventually("the device follows") {
            try live.ip("-brief address show flannel.1").contains("10.5.44.0/32")
        }
        try live.waitForRoutes(to: [2])
        #expect(cluster.server.annotations("node-1").count == 4)
    }

    @Test("public-ip-overwrite is published and followed live; node-public-ip chooses address and interface")
    func wishes() throws {
        let cluster = try Cluster()
        defer { cluster.end() }
        let live = cluster.live
        try live.ip("link add eth1 type veth peer name far1")
        for words in ["link set far1 up", "link set eth1 up", "addr add 192.168.1.7/24 dev eth1"] { try live.ip(words) }
        let prefix = AnnotationKeys.defaultPrefix + "/"
        cluster.server.put(
            "node-1", podCIDRs: ["10.5.1.0/24"], annotations: [prefix + "public-ip-overwrite": "203.0.113.7"])
        try cluster.startAndWait()
        func publishes(_ address: String) throws {
            try live.eventually("\(address) is published") {
                cluster.server.annotations("node-1")[prefix + "public-ip"] == address
            }
        }
        try publishes("203.0.113.7")
        #expect(try live.ip("-details link show flannel.1").contains("local 192.168.0.1"))
        var annotations = cluster.server.annotations("node-1")
        annotations[prefix + "public-ip-overwrite"] = nil
        cluster.server.put("node-1", podCIDRs: ["10.5.1.0/24"], annotations: annotations)
        try publishes("192.168.0.1")
        annotations[prefix + "node-public-ip"] = "192.168.1.7"
        cluster.server.put("node-1", podCIDRs: ["10.5.1.0/24"], annotations: annotations)
        try publishes("192.168.1.7")
        try live.eventually("the device is on the other interface") {
            try live.ip("-details link show flannel.1").contains("local 192.168.1.7")
        }
    }

    @Test("the VTEP's MAC that others know is kept when the node has forgotten it")
    func keepsMAC() throws {
        let cluster = try Cluster()
        defer { cluster.end() }
        cluster.server.putFlannel(1, mac: 77)
        try cluster.startAndWait()
        #expect(try cluster.live.node.link("flannel.1").mac == Samples.mac(77))
    }

    @Test("another prefix is another overlay; host-gw has no data")
    func otherPrefix() throws {
        let cluster = try Cluster(prefix: "example.com/mesh", backend: #""Type":"host-gw""#)
        defer { cluster.end() }
        cluster.server.put("node-1", podCIDRs: ["10.5.1.0/24"])
        cluster.server.putFlannel(2)
        let prefix = "example.com/mesh-"
        cluster.server.put(
            "node-3", podCIDRs: ["10.5.3.0/24"],
            annotations: [
                prefix + "kube-subnet-manager": "true", prefix + "backend-type": "host-gw",
                prefix + "backend-data": "null", prefix + "public-ip": "192.168.0.3",
            ])
        try cluster.startAndWait()
        try cluster.live.waitForRoutes(to: [3])
        #expect(cluster.server.annotations("node-1")[prefix + "backend-data"] == "null")
    }

    @Test("--dry-run, status and check know the cluster's subnets, too")
    func commands() throws {
        let cluster = try Cluster()
        defer { cluster.end() }
        cluster.server.put("node-1", podCIDRs: ["10.5.1.0/24"])
        cluster.server.putFlannel(2)
        let live = cluster.live
        setenv("NODE_NAME", "node-1", 1)
        defer { unsetenv("NODE_NAME") }
        let preview = try live.poplin(["overlay"], cluster.flags + ["--dry-run"])
        #expect(preview.status == 0, "\(preview.standardError)")
        #expect(preview.standardOutput.contains("10.5.2.0/24"), "\(preview.standardOutput)")
        #expect(cluster.server.patches.isEmpty && !live.node.isThere("flannel.1"))
        try cluster.startAndWait()
        try live.waitForRoutes(to: [2])
        try live.eventually("check is silent") {
            try live.poplin(["check", "overlay"]).standardOutput.hasPrefix("ok: 1 peers")
        }
        #expect(try live.poplin(["status", "overlay"]).standardOutput.contains("subnet     10.5.1.0-24"))
    }

    @Test("a wrong kubeconfig ends the start with everything that is wrong")
    func wrongKubeconfig() throws {
        let live = try LiveNode()
        let output = try live.poplin(["overlay"], ["--kube-subnet-mgr", "--kubeconfig-file=/nowhere"])
        #expect(output.status == 1 && output.standardError.contains("/nowhere"), "\(output.standardError)")
    }
}
