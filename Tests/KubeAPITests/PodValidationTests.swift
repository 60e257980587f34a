import JSON
import Testing

@testable import KubeAPI

@Suite struct PodValidationTests {
    private static let pullable = #""envFrom":[{"prefix":"9","configMapRef":{"name":"m"}}]"#

    @Test(
        "what a container may say is said",
        arguments: [
            pullable, #""ports":[{"containerPort":1,"hostPort":2},{"containerPort":1,"hostPort":2,"protocol":"UDP"}]"#,
            #""env":[{"name":"a b","valueFrom":{"fieldRef":{"fieldPath":"metadata.annotations['x/Y']"}}}]"#,
            #""env":[{"name":"a","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu","divisor":"1m"}}}]"#,
            #""resources":{"limits":{"example.com/gpu":"2"},"requests":{"example.com/gpu":"2","cpu":"1.5"}}"#,
            #""resources":{"limits":{"hugepages-2Mi":"4Mi","memory":"1Gi"}}"#,
            #""readinessProbe":{"httpGet":{"path":"/","port":"http","httpHeaders":[{"name":"X-A","value":""}]}}"#,
            #""lifecycle":{"preStop":{"sleep":{"seconds":30}}}"#,
            #""securityContext":{"seccompProfile":{"type":"Localhost","localhostProfile":"a/b.json"}}"#,
        ])
    func goodContainer(text: String) throws {
        #expect(try Checked.created(Checked.pod(text)) == [])
    }

    @Test(
        "what a container may not say is named as upstream names it",
        arguments: [
            (#""image":"i ""#, [#"image: Invalid value: "i ": must not have leading or trailing whitespace"#]),
            (
                #""ports":[{"containerPort":1,"hostPort":2},{"containerPort":3,"hostPort":2}]"#,
                [#"ports[1].hostPort: Duplicate value: "TCP//2""#]
            ),
            (
                #""env":[{"name":"a","valueFrom":{"fieldRef":{"fieldPath":"metadata.labels"}}}]"#,
                [
                    #"env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels": supported values: "#
                        + #""metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "#
                        + #""spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs""#
                ]
            ),
            (
                #""env":[{"name":"a","valueFrom":{"fieldRef":{"fieldPath":"spec.x"}}}]"#,
                [
                    #"env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.x": error converting fieldPath: "#
                        + "field label not supported: spec.x"
                ]
            ),
            (
                #""env":[{"name":"a","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu","divisor":"2"}}}]"#,
                [
                    #"env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor's values 1m "#
                        + "and 1 are supported with the cpu resource"
                ]
            ),
            (
                #""envFrom":[{"prefix":"a"}]"#,
                [#"envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`"#]
            ),
            (
                #""volumeMounts":[{"mountPath":"/a"}]"#,
                ["volumeMounts[0].name: Required value", #"volumeMounts[0].name: Not found: """#]
            ),
            (
                #""resources":{"limits":{"example.com/gpu":"1.5"},"requests":{"gpu":"1"}}"#,
                [
                    #"resources.limits[example.com/gpu]: Invalid value: "1500m": must be an integer"#,
                    #"resources.requests[example.com/gpu]: Invalid value: "1500m": must be an integer"#,
                    #"resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified"#,
                    #"resources.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers"#,
                ]
            ),
            (
                #""resources":{"limits":{"a.b/c":"2"},"requests":{"a.b/c":"1","hugepages-2Mi":"2Mi"}}"#,
                [
                    #"resources.requests: Invalid value: "1": must be equal to a.b/c limit of 2"#,
                    "resources.limits: Required value: Limit must be set for non overcommitable resources",
                    "resources: Forbidden: HugePages require cpu or memory",
                ]
            ),
            (
                #""resources":{"claims":[{"name":"x"}]}"#,
                [
                    #"resources.claims[0]: Not found: "x":  must be one of the names in pod.spec.resourceClaims which is "#
                        + "empty"
                ]
            ),
            (
                #""readinessProbe":{"exec":{"command":["a"]},"terminationGracePeriodSeconds":0}"#,
                [
                    "readinessProbe.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0",
                    "readinessProbe.terminationGracePeriodSeconds: Invalid value: 0: must not be set for readinessProbes",
                ]
            ),
            (
                #""lifecycle":{"preStop":{"sleep":{"seconds":31}}}"#,
                [
                    "lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than "
                        + "terminationGracePeriodSeconds (30)"
                ]
            ),
            (
                #""securityContext":{"procMount":"Unmasked","appArmorProfile":{"type":"Localhost"}}"#,
                [
                    "securityContext.appArmorProfile.localhostProfile: Required value: must be set when AppArmor type is "
                        + "Localhost",
                    #"securityContext.procMount: Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`"#,
                ]
            ),
        ])
    func badContainer(text: String, causes: [String]) throws {
        let pod =
            text.hasPrefix(#""image""#)
            ? Checked.pod("").replacing(#""image":"i""#, with: text) : Checked.pod(text)
        #expect(try Checked.created(pod) == causes.map { "spec.containers[0]." + $0 })
    }

    @Test(
        "what a pod may not say is named as upstream names it",
        arguments: [
            (
                #""nodeName":"n","schedulingGates":[{"name":"a"},{"name":"a"}]"#,
                [
                    #"spec.schedulingGates[1]: Duplicate value: "a""#,
                    "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared",
                ]
            ),
            (
                #""hostUsers":false,"hostNetwork":true,"shareProcessNamespace":true,"hostPID":true"#,
                [
                    "spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID "
                        + "cannot both be enabled",
                    "spec.hostNetwork: Forbidden: when `pod.Spec.HostUsers` is false",
                    "spec.HostPID: Forbidden: when `pod.Spec.HostUsers` is false",
                ]
            ),
            (
                #""dnsConfig":{"searches":["_a.b_c",".","a.","A"],"options":[{"value":"1"}]}"#,
                [
                    #"spec.dnsConfig.searches[3]: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of "#
                        + "lower case alphanumeric characters, '_', '-' or '.', and must start and end with an "
                        + "alphanumeric character (e.g. 'example.com', regex used for validation is "
                        + #"'_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')"#,
                    "spec.dnsConfig.options[0]: Required value: must not be empty",
                ]
            ),
            (
                #""affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"#
                    + #""matchFields":[{"key":"metadata.name","operator":"In","values":["a","b"]}],"#
                    + #""matchExpressions":[{"key":"a","operator":"Is"}]}]}}}"#,
                [
                    #"matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator"#,
                    "matchFields[0].values: Required value: must be only one value when `operator` is 'In' or 'NotIn' "
                        + "for node field selector",
                ].map {
                    "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]."
                        + $0
                }
            ),
            (
                #""volumes":[{"name":"v","projected":{"sources":[{"serviceAccountToken":{"path":"a"}},{"configMap":"#
                    + #"{"name":"m","items":[{"key":"k","path":"a"}]}}]}}]"#,
                [#"spec.volumes[0].projected: Invalid value: "m": conflicting duplicate paths"#]
            ),
            (
                #""volumes":[{"name":"v","downwardAPI":{"items":[{"path":"..a"}]}}]"#,
                [
                    #"spec.volumes[0].downwardAPI.path: Invalid value: "..a": must not start with '..'"#,
                    "spec.volumes[0].downwardAPI: Required value: one of fieldRef and resourceFieldRef is required",
                ]
            ),
        ])
    func badPod(text: String, causes: [String]) throws {
        let found = try Checked.created(Checked.pod("", text))
        #expect(found == causes)
    }

    @Test func `a pod held by gates may ask for fewer nodes, not for others`() throws {
        let pod = Checked.pod("", #""nodeSelector":{"a":"b"},"schedulingGates":[{"name":"g"}]"#)
        let more = try Checked.updated(pod) { pod in
            pod.updateMember("spec") { $0.setMember("nodeSelector", ["a": "b", "c": "d"]) }
        }
        #expect(more == [])
        let other = try Checked.updated(pod) { pod in
            pod.updateMember("spec") {
                $0.setMember("nodeSelector", ["a": "c"])
                $0.setMember("schedulingGates", [["name": "h"]])
            }
        }
        #expect(
            other == [
                "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'h'",
                #"spec.nodeSelector: Invalid value: {"a":"c"}: only additions to spec.nodeSelector are allowed (no "#
                    + "mutations or deletions)",
            ])
    }
}
