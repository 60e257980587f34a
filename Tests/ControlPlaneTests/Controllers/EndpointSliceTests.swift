import JSON
import NetTypes
import Testing

@testable import ControlPlane

@Suite struct EndpointSliceTests {
    private func service(_ more: JSONValue = [:]) -> JSONValue {
        var service: JSONValue = [
            "metadata": ["name": "web", "namespace": "default", "uid": "u"],
            "spec": [
                "clusterIP": "10.96.0.9", "clusterIPs": ["10.96.0.9"], "ipFamilies": ["IPv4"],
                "selector": ["app": "web"],
                "ports": [["name": "http", "protocol": "TCP", "port": 80, "targetPort": "web"]],
            ],
        ]
        for member in more.pairs() { service.set(member.value, at: "spec", member.key) }
        return service
    }

    private func pod(_ index: Int, ready: Bool = true, port: Int = 8080, more: JSONValue = [:]) -> JSONValue {
        var pod: JSONValue = [
            "metadata": ["name": .string("p\(index)"), "namespace": "default", "uid": .string("p\(index)")],
            "spec": [
                "nodeName": "n1",
                "containers": [["ports": [["name": "web", "containerPort": .number(JSONNumber(port))]]]],
            ],
            "status": [
                "phase": "Running",
                "podIPs": [
                    ["ip": .string("10.244.\(index / 250).\(index % 250 + 1)")], ["ip": .string("fd00::\(index + 1)")],
                ],
                "conditions": [["type": "Ready", "status": ready ? "True" : "False"]],
            ],
        ]
        for member in more.pairs() { pod.set(member.value, at: "metadata", member.key) }
        return pod
    }

    private func plan(_ service: JSONValue, _ pods: [JSONValue], _ slices: [JSONValue] = []) -> EndpointSlicePlan {
        EndpointSlicePlan(service: service, pods: pods, slices: slices) { $0 == "n1" ? "z1" : nil }
    }

    /// As the server would store them.
    private func named(_ slices: [JSONValue], from first: Int = 0) -> [JSONValue] {
        slices.enumerated().map { index, slice in
            var slice = slice
            slice.set(.string("web-\(first + index)"), at: "metadata", "name")
            return slice
        }
    }

    @Test("a Service without pods has one slice that is empty, of each family")
    func empty() {
        let plan = plan(service(["ipFamilies": ["IPv4", "IPv6"]]), [])
        #expect(plan.creations.map { $0.text("addressType") } == ["IPv4", "IPv6"])
        #expect(plan.creations.allSatisfy { $0.list("endpoints").isEmpty })
        let again = self.plan(service(["ipFamilies": ["IPv4", "IPv6"]]), [], named(plan.creations))
        #expect(again.creations.isEmpty && again.updates.isEmpty && again.deletions.isEmpty)
    }

    @Test(
        "an endpoint says what its pod is",
        arguments: [
            (true, false, false, true, true), (false, false, false, false, false), (true, true, false, false, true),
            (false, false, true, true, true), (false, true, true, true, true),
        ])
    func conditions(isReady: Bool, isTerminating: Bool, publishes: Bool, ready: Bool, serving: Bool) throws {
        let more: JSONValue = isTerminating ? ["deletionTimestamp": "2026-01-01T00:00:00Z"] : [:]
        let plan = plan(
            service(["publishNotReadyAddresses": .bool(publishes), "trafficDistribution": "PreferClose"]),
            [pod(0, ready: isReady, more: more)])
        let endpoint = try #require(plan.creations.first?.list("endpoints").first)
        #expect(endpoint.flag("conditions", "ready") == ready)
        #expect(endpoint.flag("conditions", "serving") == serving)
        #expect(endpoint.flag("conditions", "terminating") == isTerminating)
        #expect(endpoint.text("zone") == "z1" && endpoint.text("nodeName") == "n1")
        #expect((endpoint.at("hints") != nil) == ready)
        #expect(plan.creations.first?.list("ports").first?.integer("port") == 8080)
    }

    @Test("slices hold a hundred endpoints; one that changes is one write, and room is filled before slices are made")
    func capacity() {
        let pods = (0..<250).map { pod($0) }
        let slices = named(plan(service(), pods).creations)
        #expect(slices.map { $0.list("endpoints").count } == [100, 100, 50])
        let quiet = plan(service(), pods, slices)
        #expect(quiet.creations.isEmpty && quiet.updates.isEmpty && quiet.deletions.isEmpty)

        var changed = pods
        changed[7] = pod(7, ready: false)
        #expect(plan(service(), changed, slices).updates.map { $0.text("metadata", "name") } == ["web-0"])

        // One goes from the first slice, two come: they fill the hole and the last slice.
        let moved = plan(service(), Array(pods.dropFirst()) + [pod(300), pod(301)], slices)
        #expect(moved.creations.isEmpty)
        #expect(moved.updates.map { $0.list("endpoints").count } == [100, 51])

        let few = plan(service(), Array(pods.prefix(100)), slices)
        #expect(few.deletions == ["web-1", "web-2"])
        let none = plan(service(), [], slices)
        #expect(none.deletions.count == 3 && none.creations.count == 1)
    }

    @Test("pods with different numbers for a named port are in different slices")
    func namedPorts() {
        let plan = plan(service(), [pod(0), pod(1, port: 9090), pod(2)])
        #expect(plan.creations.map { $0.list("endpoints").count } == [2, 1])
        #expect(plan.creations.map { $0.list("ports").first?.integer("port") } == [8080, 9090])
    }

    @Test("the server keeps the slices of a Service's pods")
    func server() throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(.services, Sample.service("web"))
        let slices = {
            cluster.server.objects(.endpointSlices, namespace: "default").filter {
                $0.text("metadata", "labels", EndpointSlicePlan.serviceName) == "web"
            }
        }
        try cluster.run("slice") { slices().count == 1 }
        var pod = Sample.pod("a", ["nodeName": "n1"])
        pod.set(["app": "web"], at: "metadata", "labels")
        try cluster.create(.pods, pod)
        try cluster.modify(.pods, "default", "a", part: "status") {
            $0.set("10.244.0.7", at: "status", "podIP")
            $0.set([["ip": "10.244.0.7"]], at: "status", "podIPs")
            $0.setCondition(["type": "Ready", "status": "True"], now: "2026-01-01T00:00:00Z")
        }
        try cluster.run("endpoint") { slices().first?.list("endpoints").first?.flag("conditions", "ready") == true }
        #expect(slices().count == 1)
        try cluster.delete(.services, "default", "web")
        // Its slices go with it, by their owner reference.
        try cluster.run("end") { slices().isEmpty }
    }
}
