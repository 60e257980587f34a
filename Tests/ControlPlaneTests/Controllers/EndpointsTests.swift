import JSON
import KubeAPI
import Testing

@testable import ControlPlane

@Suite struct EndpointsTests {
    private func pod(_ name: String, _ address: String, ready: Bool = true, port: Int = 8080) -> JSONValue {
        [
            "metadata": ["name": .string(name), "namespace": "default", "uid": .string(name)],
            "spec": [
                "nodeName": "n1", "hostname": "h", "subdomain": "web",
                "containers": [["ports": [["name": "web", "containerPort": .number(JSONNumber(port))]]]],
            ],
            "status": [
                "phase": "Running", "podIP": .string(address), "podIPs": [["ip": .string(address)]],
                "conditions": [["type": "Ready", "status": ready ? "True" : "False"]],
            ],
        ]
    }

    private let service: JSONValue = [
        "metadata": ["name": "web", "namespace": "default", "labels": ["a": "b"]],
        "spec": [
            "ipFamilies": ["IPv4"], "selector": ["app": "web"],
            "ports": [["protocol": "TCP", "port": 80, "targetPort": "web"]],
        ],
    ]

    @Test("addresses that are ready and those that are not are apart, and so are pods with other ports")
    func subsets() throws {
        let pods = [pod("a", "10.0.0.1"), pod("b", "10.0.0.2", ready: false), pod("c", "10.0.0.3", port: 9090)]
        let endpoints = EndpointsPlan.endpoints(of: service, pods: pods, present: nil)
        let subsets = endpoints.list("subsets")
        #expect(subsets.count == 2)
        #expect(subsets[0].list("addresses").map { $0.text("ip") } == ["10.0.0.1"])
        #expect(subsets[0].list("notReadyAddresses").map { $0.text("ip") } == ["10.0.0.2"])
        #expect(subsets[0].list("ports") == [["protocol": "TCP", "port": 8080]])
        #expect(subsets[1].list("ports") == [["protocol": "TCP", "port": 9090]])
        let address = try #require(subsets[0].list("addresses").first)
        #expect(address.text("hostname") == "h" && address.text("nodeName") == "n1")
        #expect(address.text("targetRef", "name") == "a")
        #expect(
            endpoints.at("metadata", "labels") == [
                "a": "b", "endpoints.kubernetes.io/managed-by": "endpoint-controller",
            ])
    }

    @Test("no more than a thousand addresses, those that are ready first, with a mark that says so")
    func capacity() {
        let unready = (0..<100).map { pod("u\($0)", "10.1.0.\($0)", ready: false) }
        let ready = (0..<950).map { pod("r\($0)", "10.2.\($0 / 250).\($0 % 250)") }
        let full = EndpointsPlan.endpoints(of: service, pods: unready + ready, present: nil)
        #expect(full.list("subsets").first?.list("addresses").count == 950)
        #expect(full.list("subsets").first?.list("notReadyAddresses").count == 50)
        #expect(full.text("metadata", "annotations", EndpointsPlan.overCapacity) == "truncated")
        let small = EndpointsPlan.endpoints(of: service, pods: ready, present: full)
        #expect(small.at("metadata", "annotations") == nil)
    }

    @Test("the server keeps a Service's Endpoints, puts them right, and removes them with it")
    func server() throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(.services, Sample.service("web"))
        try cluster.run("endpoints") { cluster.exists(.endpoints, "default", "web") }
        var pod = Sample.pod("a", ["nodeName": "n1"])
        pod.set(["app": "web"], at: "metadata", "labels")
        try cluster.create(.pods, pod)
        try cluster.modify(.pods, "default", "a", part: "status") {
            $0.set("10.244.0.7", at: "status", "podIP")
            $0.set([["ip": "10.244.0.7"]], at: "status", "podIPs")
            $0.setCondition(["type": "Ready", "status": "True"], now: "2026-01-01T00:00:00Z")
        }
        let addresses = {
            cluster.object(.endpoints, "default", "web")?.list("subsets").flatMap {
                $0.list("addresses").map { $0.text("ip") }
            } ?? []
        }
        try cluster.run("address") { addresses() == ["10.244.0.7"] }
        try cluster.modify(.endpoints, "default", "web") { $0.set(nil, at: "subsets") }
        try cluster.run("repair") { addresses() == ["10.244.0.7"] }
        // Made from a selector: nobody mirrors them.
        let managers = cluster.server.objects(.endpointSlices, namespace: "default").map {
            $0.text("metadata", "labels", EndpointSlicePlan.managedBy)
        }
        #expect(!managers.contains(EndpointSliceMirroring.manager))
        try cluster.delete(.services, "default", "web")
        try cluster.run("end") { !cluster.exists(.endpoints, "default", "web") }
    }

    @Test("Endpoints that somebody writes are mirrored into slices, of each family, and go with the Service")
    func mirroring() throws {
        let cluster = try ClusterUnderTest()
        let slices = {
            cluster.server.objects(.endpointSlices, namespace: "default").filter {
                $0.text("metadata", "labels", EndpointSlicePlan.managedBy) == EndpointSliceMirroring.manager
            }
        }
        let spec: JSONValue = ["ports": [["port": 80, "protocol": "TCP"]]]
        try cluster.create(.services, ["metadata": ["name": "db", "namespace": "default"], "spec": spec])
        try cluster.create(
            .endpoints,
            [
                "metadata": ["name": "db", "namespace": "default", "annotations": ["note": "x"]],
                "subsets": [
                    [
                        "addresses": [["ip": "192.0.2.1"], ["ip": "2001:db8::1"]],
                        "notReadyAddresses": [["ip": "192.0.2.2"]], "ports": [["port": 5432]],
                    ]
                ],
            ])
        try cluster.run("slices") { slices().count == 2 }
        let first = try #require(slices().first { $0.text("addressType") == "IPv4" })
        #expect(first.list("endpoints").map { $0.flag("conditions", "ready") } == [true, false])
        #expect(first.list("ports").first?.integer("port") == 5432)
        #expect(first.text("metadata", "labels", EndpointSlicePlan.serviceName) == "db")
        #expect(first.text("metadata", "annotations", "note") == "x")
        try cluster.modify(.endpoints, "default", "db") {
            $0.set(
                [["addresses": [["ip": "192.0.2.9"]], "ports": [["port": 5432, "protocol": "TCP"]]]], at: "subsets")
        }
        try cluster.run("change") {
            slices().map { $0.list("endpoints").flatMap { $0.texts("addresses") } } == [["192.0.2.9"]]
        }
        #expect(slices().first?.at("metadata", "uid") == first.at("metadata", "uid"))
        try cluster.modify(.endpoints, "default", "db") {
            $0.set("true", at: "metadata", "labels", "endpointslice.kubernetes.io/skip-mirror")
        }
        try cluster.run("skipped") { slices().isEmpty }
        try cluster.delete(.services, "default", "db")
        try cluster.run("end") { !cluster.exists(.endpoints, "default", "db") }
    }

    @Test("endpoints are left to a kube-controller-manager as long as it renews its Lease, unless they are asked for")
    func yielding() throws {
        let cluster = try ClusterUnderTest { $0.controllers.always = ["endpoints"] }
        let lease: JSONValue = [
            "metadata": ["name": "kube-controller-manager", "namespace": "kube-system"],
            "spec": ["holderIdentity": "m1", "leaseDurationSeconds": 4, "renewTime": "2026-01-01T00:00:00.000000Z"],
        ]
        try cluster.run("namespace") { cluster.exists(.namespaces, "", "kube-system") }
        try cluster.create(.leases, lease)
        try cluster.create(.services, Sample.service("web"))
        try cluster.run("endpoints") { cluster.exists(.endpoints, "default", "web") }
        let slices = {
            cluster.server.objects(.endpointSlices, namespace: "default").filter {
                $0.text("metadata", "labels", EndpointSlicePlan.serviceName) == "web"
            }.count
        }
        #expect(slices() == 0)
        // Its holder does not renew it.
        try cluster.run("slice") { slices() == 1 }
        try cluster.modify(.leases, "kube-system", "kube-controller-manager") {
            $0.set(60, at: "spec", "leaseDurationSeconds")
        }
        try cluster.create(.services, Sample.service("other"))
        try cluster.run("endpoints") { cluster.exists(.endpoints, "default", "other") }
        try cluster.modify(.leases, "kube-system", "kube-controller-manager") {
            $0.set("", at: "spec", "holderIdentity")
        }
        try cluster.run("end of the manager") {
            cluster.server.objects(.endpointSlices, namespace: "default").count == 2
        }
    }

    @Test("the words of --controllers")
    func choice() {
        var problems: [String] = []
        let choice = ControllerChoice(["*", "endpointslice", "-nodeipam"], &problems)
        #expect(choice.always == ["endpointslice"] && choice.never == ["nodeipam"] && problems.isEmpty)
        _ = ControllerChoice(["deployment", "endpoints", "-endpoints"], &problems)
        #expect(problems.count == 2)
        #expect(problems.first?.hasPrefix("-controllers: there is no \"deployment\"") == true)
    }
}
