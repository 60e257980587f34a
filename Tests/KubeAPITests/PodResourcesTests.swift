import JSON
import Testing

@testable import KubeAPI

/// What a pod says of itself as a whole: `spec.resources`.
@Suite struct PodResourcesTests {
    /// A pod with these resources, and a container for each of the others.
    private static func pod(_ whole: String, _ containers: [String], _ fields: String = "") -> String {
        let list = containers.enumerated().map { #"{"name":"c\#($0.offset)","image":"i","resources":\#($0.element)}"# }
        return #"{"apiVersion":"v1","kind":"Pod","spec":{"containers":[\#(list.joined(separator: ","))],"#
            + #""resources":\#(whole)\#(fields)}}"#
    }

    @Test(
        "what is left out follows from the containers, and then from the limits",
        arguments: [
            // The containers together.
            (
                #"{"limits":{"cpu":"2","memory":"1Gi"}}"#,
                [#"{"requests":{"cpu":"500m"}}"#, #"{"requests":{"cpu":"100m"}}"#],
                #"{"limits":{"cpu":"2","memory":"1Gi"},"requests":{"cpu":"600m","memory":"1Gi"}}"#
            ),
            // Without limits nothing is said for the pod.
            (#"{"requests":{"cpu":"2"}}"#, [#"{"requests":{"memory":"1Gi"}}"#], #"{"requests":{"cpu":"2"}}"#),
            // What a pod may not say of itself is not taken from its containers.
            (
                #"{"limits":{"cpu":"2"}}"#,
                [#"{"requests":{"ephemeral-storage":"1","example.com/gpu":"1"},"limits":{"example.com/gpu":"1"}}"#],
                #"{"limits":{"cpu":"2"},"requests":{"cpu":"2"}}"#
            ),
            (
                #"{"requests":{"cpu":"2"}}"#,
                [#"{"limits":{"hugepages-2Mi":"4Mi","cpu":"1"}}"#, #"{"limits":{"hugepages-2Mi":"2Mi","cpu":"1"}}"#],
                #"{"requests":{"cpu":"2","hugepages-2Mi":"6Mi"},"limits":{"hugepages-2Mi":"6Mi"}}"#
            ),
            (#"{}"#, [#"{"limits":{"cpu":"1"}}"#], #"{}"#),
        ])
    func defaults(whole: String, containers: [String], expected: String) throws {
        let (pod, _) = try Checked.prepared(Self.pod(whole, containers))
        #expect(pod.member(at: "spec", "resources")?.isEquivalent(to: try JSONValue.parse(expected)) == true)
    }

    @Test("templates are left as they are: the pod that is made of them has the defaults")
    func template() throws {
        let text = Self.pod(#"{"limits":{"cpu":"2"}}"#, ["{}"])
        let spec = try #require(try JSONValue.parse(text).member("spec"))
        let template: JSONValue = ["apiVersion": "v1", "kind": "PodTemplate", "template": ["spec": spec]]
        let (object, _) = try Checked.prepared(template.serialized())
        #expect(object.member(at: "template", "spec", "resources") == ["limits": ["cpu": "2"]])
    }

    @Test(
        "what does not go together is named as upstream names it",
        arguments: [
            (#"{"requests":{"cpu":"1"}}"#, [#"{"requests":{"cpu":"900m"}}"#], "", []),
            (
                #"{"requests":{"cpu":"1","memory":"1Gi"}}"#,
                [#"{"requests":{"cpu":"900m"}}"#, #"{"requests":{"cpu":"600m","memory":"6Gi"}}"#], "",
                [
                    #"spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 1500m"#,
                    #"spec.resources.requests[memory]: Invalid value: "1Gi": must be greater than or equal to aggregate container requests of 6Gi"#,
                ]
            ),
            (
                #"{"limits":{"cpu":"1"}}"#, [#"{"limits":{"cpu":"2"},"requests":{"cpu":"1"}}"#], "",
                [
                    #"spec.resources.containers[0][cpu].limits: Invalid value: "2": must be less than or equal to pod limits of 1"#
                ]
            ),
            (
                #"{"requests":{"cpu":"2"},"limits":{"cpu":"1"}}"#, ["{}"], "",
                [#"spec.resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1"#]
            ),
            (
                #"{"requests":{"ephemeral-storage":"1","gpu":"1"}}"#, ["{}"], "",
                [
                    #"spec.resources.requests[ephemeral-storage]: Unsupported value: "ephemeral-storage": supported values: "cpu", "hugepages-", "memory""#,
                    #"spec.resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified"#,
                ]
            ),
            (
                #"{"requests":{"cpu":"1","hugepages-2Mi":"3Mi"},"limits":{"hugepages-2Mi":"3Mi"}}"#, ["{}"], "",
                [
                    #"spec.resources.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi"#,
                    #"spec.resources.requests[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi"#,
                ]
            ),
            (
                #"{"claims":[{"name":"x"}]}"#, ["{}"], "",
                ["spec.resources.claims: Forbidden: claims may not be set for Resources at pod-level"]
            ),
            (
                #"{"requests":{"cpu":"1"}}"#, ["{}"], #","os":{"name":"windows"}"#,
                ["spec.resources: Forbidden: may not be set for a windows pod"]
            ),
        ] as [(String, [String], String, [String])])
    func rules(whole: String, containers: [String], fields: String, expected: [String]) throws {
        #expect(try Checked.created(Self.pod(whole, containers, fields)) == expected)
    }

    @Test(
        "the class is that of the pod as a whole, where it says something",
        arguments: [
            (#"{"requests":{"cpu":"1","memory":"1"},"limits":{"cpu":"1","memory":"1"}}"#, "Guaranteed"),
            (#"{"requests":{"cpu":"1"}}"#, "Burstable"),
            (#"{"limits":{"cpu":"1"},"requests":{"cpu":"1"}}"#, "Burstable"),
            (#"{}"#, "BestEffort"), (#"{"requests":{"hugepages-2Mi":"2Mi"}}"#, "BestEffort"),
        ])
    func quality(whole: String, expected: String) throws {
        let spec = try JSONValue.parse(Self.pod(whole, ["{}"])).member("spec") ?? .null
        #expect(PodQuality(spec: spec).rawValue == expected)
    }

    @Test("what it says counts for quotas instead of what its containers say")
    func amounts() throws {
        let whole = #"{"requests":{"cpu":"2","ephemeral-storage":"5"}}"#
        let pod = try JSONValue.parse(
            Self.pod(whole, [#"{"requests":{"cpu":"1","memory":"1Gi","ephemeral-storage":"1"}}"#]))
        #expect(PodAmounts.of(pod, .requests).text == "cpu=2,ephemeral-storage=1,memory=1Gi")
    }

    @Test(
        "policies for a resize are told well",
        arguments: [
            (
                #"[{"resourceName":"cpu","restartPolicy":"NotRequired"},{"resourceName":"memory","restartPolicy":"RestartContainer"}]"#,
                "Always", []
            ),
            (
                #"[{"resourceName":"cpu","restartPolicy":"NotRequired"},{"resourceName":"cpu","restartPolicy":"RestartContainer"}]"#,
                "Always",
                [#"resizePolicy[1]: Duplicate value: "cpu""#]
            ),
            (
                #"[{"resourceName":"gpu","restartPolicy":"Sometimes"}]"#, "Always",
                [
                    #"resizePolicy: Unsupported value: "gpu": supported values: "cpu", "memory""#,
                    #"resizePolicy: Unsupported value: "Sometimes": supported values: "NotRequired", "RestartContainer""#,
                ]
            ),
            (
                #"[{"resourceName":"cpu","restartPolicy":"RestartContainer"}]"#, "Never",
                [
                    #"resizePolicy: Invalid value: "RestartContainer": must be 'NotRequired' when `restartPolicy` is 'Never'"#
                ]
            ),
        ] as [(String, String, [String])])
    func policies(text: String, restartPolicy: String, expected: [String]) throws {
        let pod = Checked.pod(#""resizePolicy":\#(text)"#, #""restartPolicy":"\#(restartPolicy)""#)
        #expect(try Checked.created(pod) == expected.map { "spec.containers[0].\($0)" })
    }
}
