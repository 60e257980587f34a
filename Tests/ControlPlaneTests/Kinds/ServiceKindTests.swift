import Daemon
import JSON
import KubeAPI
import NetTypes
import Store
import Testing

@testable import ControlPlane

@Suite struct ServiceKindTests {
    @Test("every cluster has the kubernetes Service with the range's first address")
    func kubernetes() throws {
        let cluster = try ClusterUnderTest()
        let service = try #require(cluster.object(.services, "default", "kubernetes"))
        #expect(service.text("spec", "clusterIP") == "10.96.0.1")
        #expect(cluster.exists(.ipAddresses, "", "10.96.0.1"))
        let lease = ServerLease(address: try #require(IPAddress("192.0.2.7")))
        lease.start(cluster.server)
        try cluster.run("endpoints") {
            cluster.object(.endpoints, "default", "kubernetes")?.at("subsets")?.array?.first?
                .at("addresses")?.array?.first?.text("ip") == "192.0.2.7"
        }
        try cluster.run("slice") { cluster.exists(.endpointSlices, "default", "kubernetes") }
        lease.stop()
    }

    @Test("a Service gets an address of the upper band, which goes with it")
    func clusterIP() throws {
        let cluster = try ClusterUnderTest()
        let service = try cluster.create(.services, Sample.service("web"))
        let address = try #require(IPAddress(service.text("spec", "clusterIP")))
        #expect(address.value & 255 > 16)
        #expect(service.texts("spec", "clusterIPs") == [address.description])
        #expect(service.texts("spec", "ipFamilies") == ["IPv4"])
        let record = try #require(cluster.object(.ipAddresses, "", address.description))
        #expect(record.text("spec", "parentRef", "name") == "web")
        #expect(!record.text("metadata", "uid").isEmpty)
        try cluster.delete(.services, "default", "web")
        #expect(!cluster.exists(.ipAddresses, "", address.description))
    }

    @Test(
        "a certain address is given once, and only from the ranges",
        arguments: [
            ("10.96.0.1", "failed to allocate IP 10.96.0.1: provided IP is already allocated"),
            ("10.97.0.1", "failed to allocate IP 10.97.0.1: the provided network does not match the current range"),
            (
                "10.96.0.255",
                "provided IP (10.96.0.255) is not in the valid range. The range of valid IPs is 10.96.0.0/24"
            ),
        ])
    func requested(address: String, message: String) throws {
        let cluster = try ClusterUnderTest()
        let status = try #require(
            try cluster.refusal(.services, Sample.service("web", ["clusterIP": .string(address)])))
        #expect(status.code == 422)
        #expect(status.message.contains(message), "\(status.message)")
        #expect(cluster.names(.services) == ["kubernetes"])
    }

    @Test("a range that is full refuses the next Service and takes it when an address is free")
    func full() throws {
        let cluster = try ClusterUnderTest(serviceRanges: ["10.96.0.0/29"])
        for index in 0..<5 { try cluster.create(.services, Sample.service("s\(index)")) }
        let status = try #require(try cluster.refusal(.services, Sample.service("late")))
        #expect(status.message.contains("range is full"))
        try cluster.delete(.services, "default", "s3")
        try cluster.create(.services, Sample.service("late"))
        #expect(Set(cluster.names(.ipAddresses)).count == 6)
    }

    @Test("two families: upgrade and downgrade by the policy")
    func families() throws {
        let cluster = try ClusterUnderTest(serviceRanges: ["10.96.0.0/24", "fd00:96::/112"])
        let service = try cluster.create(.services, Sample.service("web"))
        #expect(service.texts("spec", "clusterIPs").count == 1)
        let both = try cluster.modify(.services, "default", "web") {
            $0.set("RequireDualStack", at: "spec", "ipFamilyPolicy")
        }
        let addresses = both.texts("spec", "clusterIPs")
        #expect(addresses.count == 2 && addresses[0] == service.text("spec", "clusterIP"))
        #expect(cluster.exists(.ipAddresses, "", addresses[1]))
        let one = try cluster.modify(.services, "default", "web") {
            $0.set("SingleStack", at: "spec", "ipFamilyPolicy")
        }
        #expect(one.texts("spec", "clusterIPs") == [addresses[0]])
        #expect(!cluster.exists(.ipAddresses, "", addresses[1]))
    }

    @Test("changing the type gives everything back; the address itself never changes")
    func types() throws {
        let cluster = try ClusterUnderTest()
        let service = try cluster.create(.services, Sample.service("web", ["type": "NodePort"]))
        let port = try #require(service.list("spec", "ports").first?.integer("nodePort"))
        #expect(NodePortRange.standard.ports.contains(port))
        let address = service.text("spec", "clusterIP")
        let changed = { (object: inout JSONValue) throws(APIStatus) -> Bool in
            let other = object.text("spec", "clusterIP") == "10.96.0.200" ? "10.96.0.201" : "10.96.0.200"
            object.set(.string(other), at: "spec", "clusterIP")
            object.set([.string(other)], at: "spec", "clusterIPs")
            return true
        }
        let write = ClusterWrite.modify(try cluster.type(.services), namespace: "default", name: "web", changed)
        guard case .failure(let status) = try cluster.perform(write) else { return #expect(Bool(false)) }
        #expect(status.message.contains("may not change once set"))
        try cluster.modify(.services, "default", "web") {
            $0.set("ExternalName", at: "spec", "type")
            $0.set("example.org", at: "spec", "externalName")
        }
        #expect(!cluster.exists(.ipAddresses, "", address))
        #expect(cluster.server.cache.object(ServiceAllocator.nodePortStorage, "\(port)") == nil)
        let back = try cluster.modify(.services, "default", "web") {
            $0.set("ClusterIP", at: "spec", "type")
            $0.set(nil, at: "spec", "externalName")
        }
        #expect(cluster.exists(.ipAddresses, "", back.text("spec", "clusterIP")))
    }

    @Test("a node port is given once; the health check gets one and gives it back")
    func nodePorts() throws {
        let cluster = try ClusterUnderTest()
        let ports: JSONValue = [["port": 80, "protocol": "TCP", "nodePort": 30080]]
        try cluster.create(.services, Sample.service("a", ["type": "NodePort", "ports": ports]))
        let status = try #require(
            try cluster.refusal(.services, Sample.service("b", ["type": "NodePort", "ports": ports])))
        #expect(
            status.message.contains("spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated"))
        let local = try cluster.create(
            .services, Sample.service("c", ["type": "LoadBalancer", "externalTrafficPolicy": "Local"]))
        let check = local.integer("spec", "healthCheckNodePort")
        #expect(NodePortRange.standard.ports.contains(check))
        try cluster.delete(.services, "default", "c")
        #expect(cluster.server.cache.object(ServiceAllocator.nodePortStorage, "\(check)") == nil)
        try cluster.delete(.services, "default", "a")
        try cluster.create(.services, Sample.service("b", ["type": "NodePort", "ports": ports]))
    }

    @Test("a Service that is held by a finalizer keeps its address until it goes")
    func finalizer() throws {
        let cluster = try ClusterUnderTest()
        var service = Sample.service("web", ["type": "NodePort"])
        service.set(["example.org/hold"], at: "metadata", "finalizers")
        let address = try cluster.create(.services, service).text("spec", "clusterIP")
        try cluster.delete(.services, "default", "web")
        #expect(cluster.exists(.ipAddresses, "", address))
        try cluster.modify(.services, "default", "web") { $0.set(nil, at: "metadata", "finalizers") }
        #expect(!cluster.exists(.services, "default", "web"))
        #expect(!cluster.exists(.ipAddresses, "", address))
        #expect(cluster.server.cache[ServiceAllocator.nodePortStorage].count == 0)
    }

    @Test("two servers on one store never give the same address or port twice")
    func twoServers() throws {
        let shared = SharedStore()
        let first = try ClusterUnderTest(serviceRanges: ["10.96.0.0/26"], store: shared.view(), isShared: true)
        let second = try ClusterUnderTest(
            serviceRanges: ["10.96.0.0/26"], store: shared.view(), isShared: true, loop: first.loop,
            runsControllers: false)
        let type = try first.type(.services)
        var answers = 0
        var made: [JSONValue] = []
        // 61 addresses are left, and 80 are asked for at once.
        for index in 0..<80 {
            let server = index.isMultiple(of: 2) ? first.server : second.server
            server.perform(.create(type, Sample.service("s\(index)", ["type": "NodePort"])), as: .apiServer) { result in
                answers += 1
                if case .success(let object) = result { made.append(object) }
            }
        }
        try first.run("answers") { answers == 80 }
        let addresses = made.map { $0.text("spec", "clusterIP") }
        let ports = made.map { $0.list("spec", "ports").first?.integer("nodePort") ?? 0 }
        #expect(Set(addresses).count == made.count)
        #expect(Set(ports).count == made.count)
        #expect(made.count == 61)
        #expect(first.names(.ipAddresses).count == made.count + 1)
    }
}

@Suite struct ServiceAddressRepairTests {
    @Test("addresses and ports of Services that came without records are recorded, and not given away")
    func missing() throws {
        let store = MemoryObjectStore()
        let service: JSONValue = [
            "kind": "Service", "apiVersion": "v1",
            "metadata": ["name": "old", "namespace": "default", "uid": "00000000-0000-4000-8000-000000000002"],
            "spec": [
                "type": "NodePort", "clusterIP": "10.96.0.77", "clusterIPs": ["10.96.0.77"], "ipFamilies": ["IPv4"],
                "ports": [["port": 80, "protocol": "TCP", "nodePort": 30077]],
            ],
        ]
        store.commit([.create("/registry/services/specs/default/old", Array(service.serialized().utf8))]) { _ in }
        let cluster = try ClusterUnderTest(store: store)
        try cluster.run("records") {
            cluster.exists(.ipAddresses, "", "10.96.0.77")
                && cluster.server.cache.object(ServiceAllocator.nodePortStorage, "30077") != nil
        }
        let refusal = try #require(
            try cluster.refusal(.services, Sample.service("new", ["clusterIP": "10.96.0.77"])))
        #expect(refusal.message.contains("provided IP is already allocated"))
        try cluster.delete(.services, "default", "old")
        #expect(!cluster.exists(.ipAddresses, "", "10.96.0.77"))
    }
}
