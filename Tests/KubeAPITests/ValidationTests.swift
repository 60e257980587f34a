import JSON
import TestSupport
import Testing

@testable import KubeAPI

@Suite struct ValidationTests {
    static let pod =
        #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"d"},"spec":{"containers":[CONTAINER]}}"#

    @Test(
        "a quota's scopes bound only what they choose among",
        arguments: [
            (#"["BestEffort"],"hard":{"pods":1}"#, []), (#"["NotTerminating"],"hard":{"cpu":"1","pods":1}"#, []),
            (
                #"["BestEffort"],"hard":{"cpu":"1"}"#,
                [#"spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource"#]
            ),
            (
                #"["Terminating","NotTerminating"],"hard":{"pods":1}"#,
                [#"spec.scopes: Invalid value: ["Terminating","NotTerminating"]: conflicting scopes"#]
            ),
            (#"["Big"],"hard":{"pods":1}"#, [#"spec.scopes: Invalid value: ["Big"]: unsupported scope"#]),
        ])
    func scopes(spec: String, causes: [String]) throws {
        let quota = #"{"apiVersion":"v1","kind":"ResourceQuota","spec":{"scopes":\#(spec)}}"#
        #expect(try Checked.created(quota) == causes)
    }

    @Test(
        "an object that is good is accepted",
        arguments: [
            #"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a"}}"#,
            #"{"apiVersion":"v1","kind":"ConfigMap","data":{"a.b":"c"},"binaryData":{"d":"AA=="}}"#,
            #"{"apiVersion":"v1","kind":"Service","spec":{"selector":{"a":"b"},"ports":[{"port":80}]}}"#,
            #"{"apiVersion":"v1","kind":"Service","spec":{"type":"ExternalName","externalName":"a.example."}}"#,
            #"{"apiVersion":"v1","kind":"Node","spec":{"podCIDRs":["10.0.0.0/24","fd00::/64"],"#
                + #""taints":[{"key":"a","effect":"NoSchedule"}]}}"#,
            pod.replacing("CONTAINER", with: #"{"name":"c","image":"i:1","ports":[{"containerPort":80}]}"#),
            #"{"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","addressType":"IPv4","#
                + #""endpoints":[{"addresses":["10.1.2.3"]}],"ports":[{"name":"","port":80}]}"#,
            #"{"apiVersion":"batch/v1","kind":"CronJob","spec":{"schedule":"*/5 1-3 * jan mon-fri","jobTemplate":{"spec":"#
                + #"{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}}}"#,
            #"{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","spec":{"ingress":[{"from":[{"ipBlock":"#
                + #"{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}}],"ports":[{"port":80,"endPort":90}]}]}}"#,
            #"{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"system:a"},"#
                + #""rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}"#,
            #"{"apiVersion":"apps/v1","kind":"StatefulSet","spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"#
                + #""metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i","volumeMounts":[{"#
                + #""name":"www","mountPath":"/w"}]}]}},"volumeClaimTemplates":[{"metadata":{"name":"www"}}]}}"#,
            #"{"apiVersion":"networking.k8s.io/v1","kind":"IPAddress","metadata":{"name":"10.96.0.1"},"#
                + #""spec":{"parentRef":{"resource":"services","name":"a","namespace":"b"}}}"#,
        ])
    func good(text: String) throws {
        #expect(try Checked.created(text) == [])
    }

    @Test(
        "what is wrong with an object is said in upstream's words",
        arguments: [
            (
                #"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"A"}}"#,
                [
                    #"metadata.name: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case "#
                        + "alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. "
                        + "'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
                ]
            ),
            (
                #"{"apiVersion":"v1","kind":"ConfigMap","data":{"a b":"c"}}"#,
                [
                    #"data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', "#
                        + "'_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is "
                        + "'[-._a-zA-Z0-9]+')"
                ]
            ),
            (#"{"apiVersion":"v1","kind":"Service"}"#, ["spec.ports: Required value"]),
            (
                #"{"apiVersion":"v1","kind":"Service","spec":{"ports":[{"port":70000,"protocol":"ICMP"},{"port":80}]}}"#,
                [
                    #"spec.ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP""#,
                    "spec.ports[0].name: Required value",
                    "spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive",
                    "spec.ports[0].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
                    "spec.ports[1].name: Required value",
                ]
            ),
            (
                #"{"apiVersion":"v1","kind":"Service","spec":{"ports":[{"port":80,"nodePort":30000}]}}"#,
                ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"]
            ),
            (
                pod.replacing("CONTAINER", with: #"{"name":"c","volumeMounts":[{"name":"v","mountPath":"/"}]}"#),
                [
                    "spec.containers[0].image: Required value",
                    #"spec.containers[0].volumeMounts[0].name: Not found: "v""#,
                ]
            ),
            (
                pod.replacing(
                    "CONTAINER",
                    with: #"{"name":"c","image":"i","resources":{"limits":{"cpu":"1"},"requests":{"cpu":"2"}}}"#),
                [
                    #"spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1"#
                ]
            ),
            (
                #"{"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":-1,"selector":{"matchLabels":{"a":"b"}},"#
                    + #""template":{"metadata":{"labels":{"a":"c"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}"#,
                [
                    "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
                    #"spec.template.metadata.labels: Invalid value: {"a":"c"}: `selector` does not match template `labels`"#,
                ]
            ),
            (
                #"{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","roleRef":{"kind":"X","name":"a"}}"#,
                [#"roleRef.kind: Unsupported value: "X": supported values: "Role", "ClusterRole""#]
            ),
            (
                #"{"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/tls","data":{"tls.crt":"AA=="}}"#,
                ["data[tls.key]: Required value"]
            ),
            (
                #"{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","spec":{"rules":[{"host":"1.2.3.4","http":{"paths":"#
                    + #"[{"path":"a","pathType":"Prefix","backend":{"service":{"name":"s"}}}]}}]}}"#,
                [
                    #"spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address"#,
                    #"spec.rules[0].http.paths[0].path: Invalid value: "a": must be an absolute path"#,
                    "spec.rules[0].http.paths[0].backend: Required value: port name or number is required",
                ]
            ),
        ])
    func bad(text: String, causes: [String]) throws {
        #expect(try Checked.created(text) == causes)
    }

    @Test func `what a pod's node acts on may not change, but for its image`() throws {
        let pod = Self.pod.replacing("CONTAINER", with: #"{"name":"c","image":"i:1"}"#)
        let image = try Checked.updated(pod) { pod in
            pod.updateMember("spec") { $0.updateElements("containers") { $0.setMember("image", "i:2") } }
        }
        #expect(image == [])
        let account = try Checked.updated(pod) { $0.updateMember("spec") { $0.setMember("hostNetwork", true) } }
        #expect(account.count == 1)
        #expect(account.first?.hasPrefix("spec: Forbidden: pod updates may not change fields other than") == true)
    }

    @Test func `a cluster IP, a selector and an immutable map stay as they are`() throws {
        let service = try Checked.updated(
            #"{"apiVersion":"v1","kind":"Service","spec":{"clusterIP":"10.96.0.7","clusterIPs":["10.96.0.7"],"ports":[{"port":1}]}}"#
        ) {
            $0.updateMember("spec") {
                $0.setMember("clusterIP", "10.96.0.8")
                $0.setMember("clusterIPs", ["10.96.0.8"])
            }
        }
        #expect(service == [#"spec.clusterIPs[0]: Invalid value: ["10.96.0.8"]: may not change once set"#])
        let map = try Checked.updated(#"{"apiVersion":"v1","kind":"ConfigMap","immutable":true,"data":{"a":"b"}}"#) {
            $0.setMember("data", ["a": "c"])
        }
        #expect(map == ["data: Forbidden: field is immutable when `immutable` is set"])
    }

    @Test func `an invalid status has its causes`() {
        let status = APIStatus.invalid(
            GroupKind(group: "apps", kind: "Deployment"), "web",
            [.required("spec.selector"), .invalid("spec.replicas", -1, "must be greater than or equal to 0")])
        #expect(
            status.message
                == #"Deployment.apps "web" is invalid: [spec.selector: Required value, spec.replicas: Invalid value: -1: "#
                + "must be greater than or equal to 0]")
        #expect(status.details?.causes.map(\.reason) == ["FieldValueRequired", "FieldValueInvalid"])
    }

    @Test func `random objects of every kind are checked without a crash`() throws {
        var random = SeededGenerator(seed: 14)
        for type in APICatalog.builtin.resources where type.verbs.contains(.get) {
            let schema = try #require(type.schema)
            for _ in 0..<5 {
                let a = Defaults.applied(to: schema.randomValue(depth: 6, using: &random), schema)
                let b = Defaults.applied(to: schema.randomValue(depth: 6, using: &random), schema)
                _ = Validation.causes(creating: a, type)
                _ = Validation.causes(updating: b, from: a, type)
            }
        }
    }
}
