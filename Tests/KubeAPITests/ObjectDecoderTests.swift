import JSON
import TestSupport
import Testing

@testable import KubeAPI

@Suite struct ObjectDecoderTests {
    private func schema(_ apiVersion: String, _ kind: String) throws -> Schema {
        let groupVersion = try #require(GroupVersion(apiVersion: apiVersion))
        return try #require(APICatalog.builtin.schema(of: GroupVersionKind(groupVersion, kind)))
    }

    @Test func `fields come in the schema's order, canonical, without nulls and zero values`() throws {
        let json = try JSONValue.parse(
            """
            {"metadata": {"labels": {"b": "2", "a": "1"}, "name": "x", "creationTimestamp": null, "generation": 0},
             "kind": "Pod", "apiVersion": "v1",
             "spec": {"nodeName": "", "volumes": [], "priority": 0, "containers": [{"image": "i", "name": "c",
              "resources": {"limits": {"memory": "1024Mi", "cpu": 0.5}}, "emptyDir": null}],
              "terminationGracePeriodSeconds": 0}}
            """)
        let decoded = try schema("v1", "Pod").decode(json)
        #expect(
            decoded.value.serialized()
                == """
                {"kind":"Pod","apiVersion":"v1","metadata":{"name":"x","labels":{"a":"1","b":"2"}},\
                "spec":{"containers":[{"name":"c","image":"i","resources":{"limits":{"cpu":"500m","memory":"1Gi"}}}],\
                "terminationGracePeriodSeconds":0,"priority":0},"status":{}}
                """)
        #expect(decoded.strictProblems == [#"unknown field "spec.containers[0].emptyDir""#])
    }

    @Test func `unknown and duplicate fields are reported where they are`() throws {
        let json = try JSONValue.parse(
            """
            {"apiVersion": "v1", "kind": "Service", "Spec": 1, "metadata": {"labels": {"a": "1", "a": "2"}},
             "spec": {"foo": 1, "type": "NodePort", "type": "ClusterIP", "ports": [{"port": 1}, {"port": 2, "prot": 3}]}}
            """)
        let decoded = try schema("v1", "Service").decode(json)
        #expect(
            decoded.strictProblems == [
                #"unknown field "Spec""#, #"duplicate field "metadata.labels.a""#, #"unknown field "spec.foo""#,
                #"duplicate field "spec.type""#, #"unknown field "spec.ports[1].prot""#,
            ])
        #expect(decoded.value.member(at: "spec", "type") == "ClusterIP")
        #expect(decoded.value.member(at: "metadata", "labels", "a") == "2")
    }

    @Test(
        "a value of a wrong type is an error in Go's words",
        arguments: [
            (
                #"{"spec": {"replicas": "3"}}"#,
                "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"
            ),
            (
                #"{"spec": {"replicas": 1.5}}"#,
                "json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32"
            ),
            (
                #"{"spec": {"template": {"spec": {"containers": [{"name": 3}]}}}}"#,
                "json: cannot unmarshal number into Go struct field "
                    + "Container.spec.template.spec.containers.name of type string"
            ),
            (
                #"{"metadata": []}"#,
                "json: cannot unmarshal array into Go struct field Deployment.metadata of type v1.ObjectMeta"
            ),
        ])
    func wrongType(text: String, message: String) throws {
        let deployment = try schema("apps/v1", "Deployment")
        #expect(throws: DecodingError(message: message)) { try deployment.decode(JSONValue.parse(text)) }
    }

    @Test func `what upstream always writes is there`() throws {
        let set = try schema("apps/v1", "ReplicaSet").decode(["apiVersion": "apps/v1", "kind": "ReplicaSet"])
        #expect(set.value.member(at: "status", "replicas") == 0)
        let service = try schema("v1", "Service").decode([:])
        #expect(service.value.member("status")?.serialized() == #"{"loadBalancer":{}}"#)
    }

    @Test func `base64, times and quantities that are none are refused`() throws {
        let secret = try schema("v1", "Secret")
        #expect(throws: DecodingError.self) { try secret.decode(["data": ["a": "?"]]) }
        let lease = try schema("coordination.k8s.io/v1", "Lease")
        #expect(throws: DecodingError.self) { try lease.decode(["spec": ["renewTime": "today"]]) }
        let quota = try schema("v1", "ResourceQuota")
        #expect(throws: DecodingError.self) { try quota.decode(["spec": ["hard": ["pods": "many"]]]) }
    }

    @Test func `objects with random mistakes are read or refused, and read the same again`() throws {
        var random = SeededGenerator(seed: 15)
        for type in APICatalog.builtin.resources where type.verbs.contains(.get) {
            let schema = try #require(type.schema)
            for _ in 0..<20 {
                let broken = schema.randomValue(depth: 4, using: &random).withMistakes(using: &random)
                guard let decoded = try? schema.decode(broken) else { continue }
                let again = try schema.decode(decoded.value)
                #expect(again.value == decoded.value)
                #expect(again.strictProblems == [])
                _ = Validation.causes(creating: Defaults.applied(to: decoded.value, schema), type)
            }
        }
    }
}

extension JSONValue {
    /// Values of wrong types, nulls, members that nobody knows and members twice, here and there.
    fileprivate func withMistakes(using random: inout SeededGenerator) -> JSONValue {
        if Int.random(in: 0..<200, using: &random) == 0 { return .random(depth: 2, using: &random) }
        switch self {
        case .array(let elements): return .array(elements.map { $0.withMistakes(using: &random) })
        case .object(let object):
            var members = object.members.map {
                JSONObject.Member(key: $0.key, value: $0.value.withMistakes(using: &random))
            }
            if Int.random(in: 0..<30, using: &random) == 0 {
                members.append(.init(key: members.last?.key ?? "x", value: .null))
                members.append(.init(key: "nobody", value: .random(depth: 1, using: &random)))
            }
            return .object(JSONObject(members: members))
        default: return self
        }
    }
}
