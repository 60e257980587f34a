import JSON
import Testing

@testable import KubeAPI

/// What the server says of a write to a pod's `resize`, after it has put everything else back.
@Suite struct PodResizeValidationTests {
    private static let usual = #""requests":{"cpu":"100m","memory":"64Mi"},"limits":{"cpu":"200m","memory":"128Mi"}"#

    /// A pod of a container, an init container and a sidecar.
    private static func pod(_ fields: String = "") -> String {
        #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i","#
            + #""resources":{\#(usual)}}],"initContainers":[{"name":"first","image":"i","resources":{\#(usual)}},"#
            + #"{"name":"side","image":"i","restartPolicy":"Always","resources":{\#(usual)}}]\#(fields)}}"#
    }

    private func causes(_ pod: String, _ change: (inout JSONValue) -> Void) throws -> [String] {
        let (old, type) = try Checked.prepared(pod)
        var new = old
        change(&new)
        let schema = try #require(type.schema)
        new = Defaults.applied(to: try schema.decode(new).value, schema)
        return Validation.causes(updating: new, from: old, type, subresource: "resize").map(\.description)
    }

    private static func set(_ pod: inout JSONValue, _ list: String, _ index: Int, _ field: String, _ text: String) {
        guard let value = try? JSONValue.parse(text) else { return }
        pod.updateMember("spec") { spec in
            var elements = spec.member(list)?.array ?? []
            elements[index].setMember(field, value)
            spec.setMember(list, .array(elements))
        }
    }

    @Test(
        "amounts of cpu and memory may change in every container, up and down, and limits may come",
        arguments: [
            ("containers", 0, #"{"requests":{"cpu":"50m","memory":"32Mi"},"limits":{"cpu":"1","memory":"96Mi"}}"#),
            (
                "containers", 0,
                #"{"requests":{"cpu":"0.1","memory":"65536Ki"},"limits":{"cpu":"0.2","memory":"128Mi"}}"#
            ),
            ("initContainers", 0, #"{"requests":{"cpu":"50m","memory":"1Gi"},"limits":{"cpu":"1","memory":"2Gi"}}"#),
            ("initContainers", 1, #"{"requests":{"cpu":"1m","memory":"1Mi"},"limits":{"cpu":"1m","memory":"1Mi"}}"#),
        ])
    func allowed(list: String, index: Int, resources: String) throws {
        #expect(try causes(Self.pod()) { Self.set(&$0, list, index, "resources", resources) } == [])
    }

    @Test(
        "what else changes is named as upstream names it",
        arguments: [
            (
                "containers", 0, "resources",
                #"{"requests":{"cpu":"300m","memory":"64Mi"},"limits":{"cpu":"200m","memory":"128Mi"}}"#,
                [
                    #"spec.containers[0].resources.requests: Invalid value: "300m": must be less than or equal to cpu limit of 200m"#
                ]
            ),
            (
                "containers", 0, "resources", #"{"requests":{"cpu":"100m","memory":"64Mi"},"limits":{"cpu":"200m"}}"#,
                ["spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed"]
            ),
            (
                "initContainers", 1, "resources", #"{"limits":{"memory":"128Mi"}}"#,
                [
                    "spec.initContainers[1].resources.requests: Forbidden: resource requests cannot be removed",
                    "spec.initContainers[1].resources.limits: Forbidden: resource limits cannot be removed",
                ]
            ),
            (
                "containers", 0, "resources",
                #"{"requests":{"cpu":"100m","memory":"64Mi","ephemeral-storage":"1"},"limits":{"cpu":"200m","memory":"128Mi"}}"#,
                ["spec: Forbidden: only cpu and memory resources are mutable"]
            ),
            (
                "containers", 0, "resizePolicy", #"[{"resourceName":"cpu","restartPolicy":"RestartContainer"}]"#,
                ["spec: Forbidden: only cpu and memory resources are mutable"]
            ),
            (
                "initContainers", 0, "resizePolicy", #"[{"resourceName":"cpu","restartPolicy":"RestartContainer"}]"#,
                [
                    "spec.initContainers[0]: Forbidden: only cpu and memory resources for init or sidecar containers are mutable",
                    "spec.initContainers[0]: Forbidden: non-sidecar init containers with a resize policy of "
                        + "RestartContainer cannot be resized",
                ]
            ),
            (
                "containers", 0, "name", #""other""#,
                ["spec.containers[0].name: Forbidden: containers may not be renamed or reordered on resize"]
            ),
        ] as [(String, Int, String, String, [String])])
    func refused(list: String, index: Int, field: String, value: String, expected: [String]) throws {
        #expect(try causes(Self.pod()) { Self.set(&$0, list, index, field, value) } == expected)
    }

    @Test("containers are neither added nor removed")
    func lists() throws {
        let causes = try causes(Self.pod()) { $0.updateMember("spec") { $0.setMember("initContainers", nil) } }
        #expect(causes == ["spec.initContainers: Forbidden: initContainers may not be added or removed on resize"])
    }

    @Test("the class stays: neither in what is asked for, nor in what the status says")
    func quality() throws {
        let bare =
            #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}"#
        let causes = try causes(bare) { Self.set(&$0, "containers", 0, "resources", #"{"requests":{"cpu":"1"}}"#) }
        let sentence = "Pod QOS Class may not change as a result of resizing"
        #expect(causes == [#"spec: Invalid value: "BestEffort": \#(sentence)"#])
        let told = bare.replacing(#""spec""#, with: #""status":{"qosClass":"Burstable"},"spec""#)
        #expect(try self.causes(told) { _ in } == [#"spec: Invalid value: "Burstable": \#(sentence)"#])
    }

    @Test(
        "some pods are not resized at all",
        arguments: [
            (
                #""metadata":{"annotations":{"kubernetes.io/config.mirror":"x"},"#, "",
                "[]: Forbidden: static pods cannot be resized"
            ),
            (#""metadata":{"#, #","os":{"name":"windows"}"#, "[]: Forbidden: windows pods cannot be resized"),
            (
                #""status":{"containerStatuses":[{"name":"c","state":{"running":{}},"image":"","imageID":"","#
                    + #""ready":true,"restartCount":0}]},"metadata":{"#, "",
                "spec: Forbidden: Pod running on node without support for resize"
            ),
            (
                #""status":{"nodeAllocatableResourceClaimStatuses":[{"resourceClaimName":"x"}]},"metadata":{"#, "",
                "spec: Forbidden: pods with node allocatable resource claims cannot be resized"
            ),
        ])
    func never(start: String, fields: String, expected: String) throws {
        let text = Self.pod(fields).replacing(#""metadata":{"#, with: start)
        let more = #"{"requests":{"cpu":"110m","memory":"64Mi"},"limits":{"cpu":"200m","memory":"128Mi"}}"#
        #expect(try causes(text) { Self.set(&$0, "containers", 0, "resources", more) } == [expected])
    }

    @Test("a pod's own amounts may change, and come, and not go")
    func whole() throws {
        let whole = #","resources":{"requests":{"cpu":"400m","memory":"1Gi"},"limits":{"cpu":"1","memory":"1Gi"}}"#
        func changed(_ text: String, from start: String = whole) throws -> [String] {
            let resources = try JSONValue.parse(text)
            return try causes(Self.pod(start)) { $0.updateMember("spec") { $0.setMember("resources", resources) } }
        }
        let more = #"{"requests":{"cpu":"500m","memory":"2Gi"},"limits":{"cpu":"2","memory":"2Gi"}}"#
        #expect(try changed(more) == [])
        #expect(try changed(more, from: "") == [])
        #expect(try changed("null") == ["spec.resources: Forbidden: pod-level resources cannot be removed"])
        #expect(
            try changed(#"{"requests":{"cpu":"400m","memory":"1Gi"},"limits":{"memory":"1Gi"}}"#)
                == ["spec.resources.limits: Forbidden: pod-level resource limits cannot be removed"])
        let pages =
            #"{"requests":{"cpu":"400m","memory":"1Gi"},"limits":{"cpu":"1","memory":"1Gi","hugepages-2Mi":"2Mi"}}"#
        #expect(
            try changed(pages) == ["spec: Forbidden: only cpu and memory resources are mutable at pod-level"])
    }
}
