import HTTP
import JSON
import KubeAPI
import KubeClient
import Linux
import NetTypes
import Overlay
import Store
import Synchronization
import TestSupport
import Testing

@Suite("The Kubernetes subnet manager")
struct KubeSubnetManagerTests {
    private static let config = #"{"Network":"10.5.0.0/16","Backend":{"Type":"vxlan"}}"#

    /// A manager of node-1 on a server of its own.
    private final class Setup {
        let server: NodeServer
        let directory: TemporaryDirectory
        let manager: KubeSubnetManager

        init(_ config: String = KubeSubnetManagerTests.config, node: String = "node-1") throws {
            let server = try NodeServer()
            let directory = try TemporaryDirectory()
            let path = directory.file("net-conf.json")
            try Files.replace(path, config.utf8)
            manager = try KubeSubnetManager(ClusterAccess(server: server.url), try .sample(path, node: node))
            self.server = server
            self.directory = directory
        }

        /// A value that is not used any more may be gone before its test is: each test ends it itself.
        func end() { server.end() }
    }

    private func identity() -> LeaseIdentity { LeaseIdentity(attributes: Samples.lease(1).attributes) }

    private func error(_ body: () throws -> some Any) -> SubnetError? {
        do {
            _ = try body()
            return nil
        } catch {
            return error as? SubnetError
        }
    }

    @Test("takes the configuration from its file, without asking for sizes that the cluster decides")
    func configuration() throws {
        let setup = try Setup(#"{"Network":"10.5.0.0/16","SubnetLen":2,"Backend":{"Type":"vxlan"}}"#)
        defer { setup.end() }
        let config = try setup.manager.networkConfig().config
        #expect(config.v4?.subnetLength == nil && config.v4?.network == CIDR("10.5.0.0/16"))
        try Files.replace(setup.directory.file("net-conf.json"), "{}".utf8)
        guard case .configInvalid? = error({ try setup.manager.networkConfig() }) else {
            Issue.record("a wrong configuration was taken")
            return
        }
        try Files.remove(setup.directory.file("net-conf.json"))
        #expect(
            error { try setup.manager.networkConfig() } == .configMissing(key: setup.directory.file("net-conf.json")))
    }

    @Test("publishes the lease in annotations once, and writes nothing when it stands there already")
    func publishes() throws {
        let setup = try Setup()
        defer { setup.end() }
        setup.server.put("node-1", podCIDRs: ["10.5.1.0/24"], annotations: ["other": "kept"])
        let config = try setup.manager.networkConfig().config
        let own = try setup.manager.acquire(identity(), config)
        #expect(own.lease.subnet == SubnetKey("10.5.1.0-24") && own.remaining == nil)
        #expect(
            setup.server.annotations("node-1") == [
                "other": "kept", "flannel.alpha.coreos.com/kube-subnet-manager": "true",
                "flannel.alpha.coreos.com/backend-type": "vxlan",
                "flannel.alpha.coreos.com/backend-data": #"{"VNI":1,"VtepMAC":"02:00:00:00:00:01"}"#,
                "flannel.alpha.coreos.com/public-ip": "192.168.0.1",
            ])
        _ = try setup.manager.renew(own, attributes: own.lease.attributes)
        _ = try setup.manager.acquire(identity(), config)
        #expect(setup.server.patches.count == 1)
        #expect(setup.server.requests.contains("PATCH /api/v1/nodes/node-1/status"))

        // Changed by another, it is written again; taken away, too, and both are told.
        setup.server.put(
            "node-1", podCIDRs: ["10.5.1.0/24"],
            annotations: NodeServer.flannel(#"{"VNI":1,"VtepMAC":"02:00:00:00:00:07"}"#, "192.168.0.1"))
        #expect(try setup.manager.renew(own, attributes: own.lease.attributes).overwrote != nil)
        setup.server.put("node-1", podCIDRs: ["10.5.1.0/24"])
        #expect(try setup.manager.renew(own, attributes: own.lease.attributes).wasRecreated)
        #expect(setup.server.annotations("node-1").count == 4)
    }

    @Test("says what is missing while the node, its podCIDR or the network's agreement with it is")
    func missing() throws {
        let setup = try Setup()
        defer { setup.end() }
        let config = try setup.manager.networkConfig().config
        guard case .api(let failure)? = error({ try setup.manager.acquire(identity(), config) }) else {
            Issue.record("no node, no error")
            return
        }
        #expect(failure.isNotFound && failure.message.contains("node-1"))
        setup.server.put("node-1", podCIDRs: [])
        #expect(
            error { try setup.manager.acquire(identity(), config) }?.description.contains("no podCIDR yet") == true)
        setup.server.put("node-1", podCIDRs: ["10.9.1.0/24"])
        #expect(
            error { try setup.manager.acquire(identity(), config) }
                == CIDR("10.9.1.0/24").flatMap { subnet in
                    CIDR("10.5.0.0/16").map { .podCIDROutside(node: "node-1", subnet, network: $0) }
                })
        #expect(setup.server.patches.isEmpty)
    }

    @Test("follows the node to another podCIDR")
    func movedNode() throws {
        let setup = try Setup()
        defer { setup.end() }
        setup.server.put("node-1", podCIDRs: ["10.5.1.0/24"])
        let own = try setup.manager.acquire(identity(), try setup.manager.networkConfig().config)
        setup.server.delete("node-1")
        setup.server.put("node-1", podCIDRs: ["10.5.44.0/24"])
        let renewed = try setup.manager.renew(own, attributes: own.lease.attributes)
        #expect(renewed.lease.subnet == SubnetKey("10.5.44.0-24") && renewed.wasRecreated)
    }

    @Test("clears NetworkUnavailable in flannel's words, once")
    func networkUnavailable() throws {
        let setup = try Setup()
        defer { setup.end() }
        setup.server.put("node-1", podCIDRs: ["10.5.1.0/24"])
        try setup.manager.announceReady()
        try setup.manager.announceReady()
        #expect(setup.server.patches.count == 1)
        let condition = setup.server.condition("node-1")
        #expect(condition?["status"] == "False" && condition?["reason"] == "FlannelIsUp")
        #expect(condition?["message"] == "Flannel is running on this node")
        #expect(Timestamp(condition?["lastTransitionTime"]?.string ?? "") != nil)
    }

    @Test("finds its node by its pod when the manifest does not name it")
    func pod() throws {
        let server = try NodeServer()
        defer { server.end() }
        let directory = try TemporaryDirectory()
        try Files.replace(directory.file("c"), Self.config.utf8)
        var settings = try KubernetesSettings.sample(directory.file("c"))
        settings.environment = ["POD_NAME": "poplin-x", "POD_NAMESPACE": "kube-system"]
        server.put("node-of-poplin-x", podCIDRs: ["10.5.3.0/24"])
        let manager = try KubeSubnetManager(ClusterAccess(server: server.url), settings)
        #expect(try manager.assignedSubnet(manager.networkConfig().config) == SubnetKey("10.5.3.0-24"))
        #expect(server.requests.first == "GET /api/v1/namespaces/kube-system/pods/poplin-x")
    }

    @Test("tells of itself first, then of all nodes, then of each change, through outages and lost revisions")
    func watch() throws {
        let setup = try Setup()
        defer { setup.end() }
        setup.server.put("node-1", podCIDRs: ["10.5.1.0/24"])
        for number in 2...4 { setup.server.putFlannel(number) }
        let told = Mutex<[LeaseNews]>([])
        let cancellation = Cancellation()
        let path = setup.directory.file("net-conf.json")
        let url = setup.server.url
        let settings = try KubernetesSettings.sample(path)
        let thread = try Thread("watch-test") {
            let manager = try? KubeSubnetManager(ClusterAccess(server: url), settings, cancellation: cancellation)
            try? manager?.watch { news in
                told.withLock { $0.append(news) }
                return .proceed
            }
        }
        func table() -> LeaseTable {
            var table = LeaseTable()
            for case .events(let events) in told.withLock({ $0 }) { for event in events { _ = table.apply(event) } }
            return table
        }
        func wait(_ what: String, for subnets: [String]) throws {
            try eventually(what, within: .seconds(20)) {
                table().hasSnapshot && table().leases.keys.map(\.description).sorted() == subnets
            }
        }
        try wait("all are told", for: ["10.5.2.0-24", "10.5.3.0-24", "10.5.4.0-24"])
        guard case .node? = told.withLock({ $0.first }) else {
            Issue.record("others came first")
            return
        }
        setup.server.putFlannel(5)
        setup.server.delete("node-2")
        try wait("changes are told", for: ["10.5.3.0-24", "10.5.4.0-24", "10.5.5.0-24"])
        setup.server.goAway()
        setup.server.delete("node-3")
        try eventually("the outage is told") {
            told.withLock { $0.contains { if case .trouble(_?) = $0 { true } else { false } } }
        }
        setup.server.comeBack()
        try wait("it resumes", for: ["10.5.4.0-24", "10.5.5.0-24"])
        setup.server.goAway()
        setup.server.delete("node-4")
        setup.server.compact()
        setup.server.comeBack()
        try wait("it reads anew", for: ["10.5.5.0-24"])
        cancellation.cancel()
        thread.join()
    }
}
