import JSON
import Testing

@testable import KubeAPI

/// What may be written to `status`.
@Suite struct StatusValidationTests {
    /// An object whose status is `old`, and becomes `new`.
    private func causes(_ kind: String, _ fields: String, _ old: String, _ new: String) throws -> [String] {
        let parts = kind.split(separator: " ")
        let (was, type) = try Checked.prepared(
            #"{"apiVersion":"\#(parts[0])","kind":"\#(parts[1])","status":\#(old)\#(fields.isEmpty ? "" : "," + fields)}"#
        )
        var now = was
        now.setMember("status", try JSONValue.parse(new))
        let schema = try #require(type.schema)
        now = try schema.decode(now).value
        return Validation.causes(updating: now, from: was, type, subresource: "status").map(\.description)
    }

    private static let template =
        #""spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":"#
        + #"[{"name":"c","image":"i"}]}}}"#
    private static let pod =
        #""spec":{"restartPolicy":"OnFailure","containers":[{"name":"c","image":"i"}],"initContainers":"#
        + #"[{"name":"s","image":"i","restartPolicy":"Always"},{"name":"f","image":"i"}]}"#
    private static let ended =
        #"[{"name":"c","image":"i","imageID":"","ready":false,"restartCount":0,"state":{"terminated":{"exitCode":CODE}}}]"#
    private static let running =
        #"[{"name":"c","image":"i","imageID":"","ready":true,"restartCount":1,"state":{"running":{}}}]"#

    @Test(
        "counts agree with each other",
        arguments: [
            ("apps/v1 ReplicaSet", "{}", #"{"replicas":2,"readyReplicas":2,"availableReplicas":1}"#, []),
            (
                "apps/v1 ReplicaSet", "{}", #"{"replicas":1,"readyReplicas":-1,"availableReplicas":2}"#,
                [
                    "status.readyReplicas: Invalid value: -1: must be greater than or equal to 0",
                    "status.availableReplicas: Invalid value: 2: cannot be greater than status.replicas",
                    "status.availableReplicas: Invalid value: 2: cannot be greater than readyReplicas",
                ]
            ),
            (
                "apps/v1 Deployment", #"{"collisionCount":3}"#, #"{"updatedReplicas":1}"#,
                [
                    "status.updatedReplicas: Invalid value: 1: cannot be greater than status.replicas",
                    "status.collisionCount: Invalid value: 0: cannot be decremented",
                ]
            ),
            (
                "apps/v1 StatefulSet", "{}", #"{"replicas":2,"availableReplicas":1}"#,
                ["status.availableReplicas: Invalid value: 1: cannot be greater than status.readyReplicas"]
            ),
            (
                "apps/v1 DaemonSet", "{}",
                #"{"numberReady":-1,"currentNumberScheduled":0,"numberMisscheduled":0,"desiredNumberScheduled":0}"#,
                ["status.numberReady: Invalid value: -1: must be greater than or equal to 0"]
            ),
        ] as [(String, String, String, [String])])
    func counts(kind: String, old: String, new: String, expected: [String]) throws {
        #expect(try causes(kind, Self.template, old, new) == expected)
    }

    @Test(
        "what a node says of a pod goes forward only",
        arguments: [
            (
                ended.replacing("CODE", with: "0"), running,
                ["status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state"]
            ),
            (ended.replacing("CODE", with: "1"), running, []),
            (running, ended.replacing("CODE", with: "0"), []),
        ] as [(String, String, [String])])
    func containers(old: String, new: String, expected: [String]) throws {
        func statuses(_ list: String) -> String { #"{"containerStatuses":\#(list)}"# }
        #expect(try causes("v1 Pod", Self.pod, statuses(old), statuses(new)) == expected)
        // Sidecars come back, other init containers do not.
        let inits = { (name: String, list: String) in
            #"{"initContainerStatuses":\#(list.replacing(#""name":"c""#, with: #""name":"\#(name)""#))}"#
        }
        let done = Self.ended.replacing("CODE", with: "0")
        #expect(try causes("v1 Pod", Self.pod, inits("s", done), inits("s", Self.running)) == [])
        #expect(try causes("v1 Pod", Self.pod, inits("f", done), inits("f", Self.running)).count == 1)
    }

    @Test(
        "addresses, classes and conditions of pods",
        arguments: [
            (
                #"{"podIPs":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}],"conditions":[{"type":"example.org/x","status":"True"}]}"#,
                []
            ),
            (
                #"{"podIPs":[{"ip":"10.0.0.1"},{"ip":"10.0.0.1"}]}"#,
                [
                    #"status.podIPs: Invalid value: [{"ip":"10.0.0.1"},{"ip":"10.0.0.1"}]: may specify no more than one IP for each IP family"#,
                    #"status.podIPs[1]: Duplicate value: {"ip":"10.0.0.1"}"#,
                ]
            ),
            (
                #"{"podIPs":[{"ip":"10.0.0"}]}"#,
                [
                    #"status.podIPs[0]: Invalid value: "10.0.0": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"#
                ]
            ),
            (#"{"qosClass":"Guaranteed"}"#, [#"status.qosClass: Invalid value: "Guaranteed": field is immutable"#]),
        ] as [(String, [String])])
    func pods(status: String, expected: [String]) throws {
        var status = status
        if !status.contains("qosClass") { status = String(status.dropLast()) + #","qosClass":"BestEffort"}"# }
        #expect(try causes("v1 Pod", Self.pod, #"{"qosClass":"BestEffort"}"#, status) == expected)
    }

    @Test(
        "a load balancer's addresses are for Services that have one, and are addresses",
        arguments: [
            ("LoadBalancer", #"[{"ip":"1.2.3.4","ipMode":"VIP"},{"hostname":"a.example.org"}]"#, []),
            (
                "ClusterIP", #"[{"ip":"1.2.3.4","ipMode":"VIP"}]"#,
                [#"status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is "LoadBalancer""#]
            ),
            (
                "LoadBalancer", #"[{"ip":"1.2.3"},{"hostname":"1.2.3.4","ipMode":"VIP"}]"#,
                [
                    #"status.loadBalancer.ingress[0].ip: Invalid value: "1.2.3": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"#,
                    "status.loadBalancer.ingress[0].ipMode: Required value: must be specified when `ip` is set",
                    "status.loadBalancer.ingress[1].ipMode: Forbidden: may not be specified when `ip` is not set",
                    #"status.loadBalancer.ingress[1].hostname: Invalid value: "1.2.3.4": must be a DNS name, not an IP address"#,
                ]
            ),
        ] as [(String, String, [String])])
    func services(type: String, ingress: String, expected: [String]) throws {
        let spec = #""spec":{"type":"\#(type)","ports":[{"port":80}]}"#
        #expect(try causes("v1 Service", spec, "{}", #"{"loadBalancer":{"ingress":\#(ingress)}}"#) == expected)
    }

    @Test("a namespace's phase says whether it is being deleted")
    func namespaces() throws {
        #expect(
            try causes("v1 Namespace", "", #"{"phase":"Active"}"#, #"{"phase":"Terminating"}"#)
                == [
                    #"status.Phase: Invalid value: "Terminating": may only be 'Active' if `deletionTimestamp` is empty"#
                ])
        let deleted = #""metadata":{"name":"x","deletionTimestamp":"2026-01-01T00:00:00Z"}"#
        #expect(
            try causes("v1 Namespace", deleted, #"{"phase":"Terminating"}"#, #"{"phase":"Active"}"#)
                == [
                    #"status.Phase: Invalid value: "Active": may only be 'Terminating' if `deletionTimestamp` is not empty"#
                ])
    }
}
