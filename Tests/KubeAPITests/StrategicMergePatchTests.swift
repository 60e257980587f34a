import JSON
import KubeAPI
import TestSupport
import Testing

@Suite("Strategic merge patch")
struct StrategicMergePatchTests {
    static func schema(_ kind: String) throws -> Schema {
        try #require(APICatalog.builtin.schema(of: GroupVersionKind(group: "", version: "v1", kind: kind)))
    }

    static func spec(_ text: String) -> String { #"{"spec":\#(text)}"# }

    @Test(
        "Lists of objects are merged by their key",
        arguments: [
            // Changed, added in front of what the patch does not name, others untouched.
            (
                #"{"containers":[{"name":"a","image":"1"},{"name":"b","image":"1"}]}"#,
                #"{"containers":[{"name":"b","image":"2"},{"name":"c","image":"3"}]}"#,
                #"{"containers":[{"name":"a","image":"1"},{"name":"b","image":"2"},{"name":"c","image":"3"}]}"#
            ),
            (
                #"{"containers":[{"name":"a"}]}"#, #"{"containers":[{"name":"b"}]}"#,
                #"{"containers":[{"name":"b"},{"name":"a"}]}"#
            ),
            // Within an element again by key.
            (
                #"{"containers":[{"name":"a","ports":[{"containerPort":80},{"containerPort":81}],"env":[{"name":"X","value":"1"}]}]}"#,
                #"{"containers":[{"name":"a","ports":[{"containerPort":81,"protocol":"UDP"}],"env":[{"name":"X","value":"2"}]}]}"#,
                #"{"containers":[{"name":"a","ports":[{"containerPort":80},{"containerPort":81,"protocol":"UDP"}],"env":[{"name":"X","value":"2"}]}]}"#
            ),
            // Deleted, replaced, and emptied.
            (
                #"{"containers":[{"name":"a"},{"name":"b"}]}"#, #"{"containers":[{"name":"a","$patch":"delete"}]}"#,
                #"{"containers":[{"name":"b"}]}"#
            ),
            (
                #"{"containers":[{"name":"a"},{"name":"b"}]}"#, #"{"containers":[{"$patch":"replace"},{"name":"c"}]}"#,
                #"{"containers":[{"name":"c"}]}"#
            ),
            (
                #"{"containers":[{"name":"a","image":"1"}]}"#, #"{"containers":[{"name":"a","image":null}]}"#,
                #"{"containers":[{"name":"a"}]}"#
            ),
            (#"{"containers":[{"name":"a"}]}"#, #"{"containers":null}"#, "{}"),
            // A list without a merge key is replaced.
            (#"{"tolerations":[{"key":"a"}]}"#, #"{"tolerations":[{"key":"b"}]}"#, #"{"tolerations":[{"key":"b"}]}"#),
            (
                #"{"containers":[{"name":"a","args":["x","y"]}]}"#, #"{"containers":[{"name":"a","args":["z"]}]}"#,
                #"{"containers":[{"name":"a","args":["z"]}]}"#
            ),
            // Directives and nulls of something new do not stay.
            (
                #"{}"#,
                #"{"containers":[{"name":"a","image":null},{"name":"b","$patch":"delete"}],"$setElementOrder/volumes":[]}"#,
                #"{"containers":[{"name":"a"}]}"#
            ),
        ])
    func lists(original: String, patch: String, expected: String) throws {
        let result = try StrategicMergePatch.apply(
            try JSONValue.parse(Self.spec(patch)), to: try JSONValue.parse(Self.spec(original)),
            schema: try Self.schema("Pod"))
        #expect(result.serialized() == Self.spec(expected))
    }

    @Test(
        "Directives for objects, orders and primitive lists",
        arguments: [
            (
                #"{"volumes":[{"name":"v","emptyDir":{}}]}"#,
                #"{"volumes":[{"name":"v","hostPath":{"path":"/"},"$retainKeys":["name","hostPath"]}]}"#,
                #"{"volumes":[{"name":"v","hostPath":{"path":"/"}}]}"#
            ),
            (
                #"{"securityContext":{"runAsUser":1,"fsGroup":2}}"#,
                #"{"securityContext":{"$patch":"replace","runAsUser":3}}"#,
                #"{"securityContext":{"runAsUser":3}}"#
            ),
            (
                #"{"securityContext":{"runAsUser":1}}"#, #"{"securityContext":{"$patch":"delete"}}"#,
                #"{"securityContext":{}}"#
            ),
            (
                #"{"nodeSelector":{"a":"1","b":"2"}}"#, #"{"nodeSelector":{"a":null,"c":"3"}}"#,
                #"{"nodeSelector":{"b":"2","c":"3"}}"#
            ),
            (
                #"{"containers":[{"name":"a"},{"name":"s"},{"name":"b"}]}"#,
                #"{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"a","image":"1"}]}"#,
                #"{"containers":[{"name":"s"},{"name":"b"},{"name":"a","image":"1"}]}"#
            ),
            (
                #"{"containers":[{"name":"a"},{"name":"b"}]}"#,
                #"{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]}"#,
                #"{"containers":[{"name":"b"},{"name":"a"}]}"#
            ),
            (
                #"{"containers":[{"name":"a"},{"name":"b"}]}"#,
                #"{"$setElementOrder/containers":[{"name":"c"},{"name":"b"}],"containers":[{"name":"c"},{"name":"a","$patch":"delete"}]}"#,
                #"{"containers":[{"name":"c"},{"name":"b"}]}"#
            ),
        ])
    func directives(original: String, patch: String, expected: String) throws {
        let result = try StrategicMergePatch.apply(
            try JSONValue.parse(Self.spec(patch)), to: try JSONValue.parse(Self.spec(original)),
            schema: try Self.schema("Pod"))
        #expect(result.serialized() == Self.spec(expected))
    }

    @Test(
        "Lists of primitives are sets where the schema says merge",
        arguments: [
            (#"["a","b"]"#, #"{"finalizers":["c","a"]}"#, #"["c","a","b"]"#),
            (#"["a","b","c"]"#, #"{"$deleteFromPrimitiveList/finalizers":["b","x"]}"#, #"["a","c"]"#),
            (
                #"["a","b","c"]"#,
                #"{"$deleteFromPrimitiveList/finalizers":["b"],"$setElementOrder/finalizers":["c","a"]}"#, #"["c","a"]"#
            ),
            (#"["a"]"#, #"{"finalizers":["b"],"$setElementOrder/finalizers":["b","a"]}"#, #"["b","a"]"#),
        ])
    func primitives(original: String, patch: String, expected: String) throws {
        let result = try StrategicMergePatch.apply(
            try JSONValue.parse(#"{"metadata":\#(patch)}"#),
            to: try JSONValue.parse(#"{"metadata":{"finalizers":\#(original)}}"#),
            schema: try Self.schema("ConfigMap"))
        #expect(result.serialized() == #"{"metadata":{"finalizers":\#(expected)}}"#)
    }

    @Test("A node's taints and conditions: what kubectl taint and flannel send")
    func node() throws {
        let node = try JSONValue.parse(
            #"{"spec":{"taints":[{"key":"a","effect":"NoSchedule"}]},"status":{"conditions":[{"type":"Ready","status":"True"}],"addresses":[{"type":"InternalIP","address":"1.1.1.1"}]}}"#
        )
        let patch = try JSONValue.parse(
            #"{"spec":{"taints":[{"key":"b","effect":"NoExecute"}]},"status":{"conditions":[{"type":"NetworkUnavailable","status":"False"}]}}"#
        )
        let result = try StrategicMergePatch.apply(patch, to: node, schema: try Self.schema("Node"))
        #expect(result.member(at: "spec", "taints")?.serialized() == #"[{"key":"b","effect":"NoExecute"}]"#)
        let types = result.member(at: "status", "conditions")?.array?.compactMap { $0.member("type")?.string }
        #expect(types == ["NetworkUnavailable", "Ready"])
    }

    @Test(
        "What is no such patch is refused in upstream's words",
        arguments: [
            (#"{"containers":[{"image":"x"}]}"#, "map: map[image:x] does not contain declared merge key: name"),
            (#"{"containers":[{"name":"a","$patch":"merge"}]}"#, "merging lists cannot yet be specified in the patch"),
            (#"{"securityContext":{"$patch":"fly"}}"#, "unknown patch type: fly in map: map[$patch:fly]"),
            (
                #"{"containers":[{"name":"a"},"b"]}"#,
                "list element types are not identical: [[map[image:1 name:a]] [map[name:a] b]]"
            ),
            (#"{"volumes":[{"name":"v","emptyDir":{},"$retainKeys":["name"]}]}"#, "invalid patch format of retainKeys"),
            (#"{"$setElementOrder/containers":{}}"#, "invalid patch format of setElementOrder list"),
            (#"{"$setElementOrder":[]}"#, "invalid patch format of setElementOrder list"),
            (#"{"$deleteFromPrimitiveList":[]}"#, "invalid patch format of primitive list"),
            (
                #"{"$setElementOrder/containers":[{"name":"z"}],"containers":[{"name":"a"}]}"#,
                "The order in patch list:\n[map[name:a]]\n doesn't match $setElementOrder list:\n[map[name:z]]\n"
            ),
        ])
    func refusals(patch: String, message: String) throws {
        let pod = try JSONValue.parse(
            #"{"spec":{"containers":[{"name":"a","image":"1"}],"securityContext":{},"volumes":[{"name":"v","emptyDir":{}}]}}"#
        )
        let schema = try Self.schema("Pod")
        let error = #expect(throws: APIStatus.self) {
            try StrategicMergePatch.apply(try JSONValue.parse(Self.spec(patch)), to: pod, schema: schema)
        }
        #expect(error?.message == message)
    }

    @Test("Any patch gives an object without directives, or an error")
    func fuzz() throws {
        var random = SeededGenerator()
        print("seed \(random.seed)")
        let schema = try Self.schema("Pod")
        var applied = 0
        for _ in 0..<20_000 {
            let patch = Self.randomPatch(depth: 4, using: &random)
            let pod = StrategicMergePatchTests.randomPod(using: &random)
            guard let result = try? StrategicMergePatch.apply(patch, to: pod, schema: schema) else { continue }
            applied += 1
            #expect(!result.serialized().contains("$"), "\(patch.serialized())")
            #expect(try StrategicMergePatch.apply([:], to: result, schema: schema) == result)
        }
        #expect(applied > 1000)
    }

    private static func randomPod(using random: inout SeededGenerator) -> JSONValue {
        let containers = ["a", "b", "c"].filter { _ in Bool.random(using: &random) }
        return [
            "metadata": ["finalizers": ["x", "y"]],
            "spec": [
                "containers": .array(containers.map { ["name": .string($0), "image": "1"] }),
                "nodeSelector": ["a": "1"],
            ],
        ]
    }

    private static func randomPatch(depth: Int, using random: inout SeededGenerator) -> JSONValue {
        let keys = [
            "metadata", "spec", "containers", "name", "image", "finalizers", "nodeSelector", "$patch", "$retainKeys",
            "$setElementOrder/containers", "$deleteFromPrimitiveList/finalizers", "$setElementOrder/finalizers", "a",
        ]
        let words: [JSONValue] = ["a", "b", "x", "replace", "delete", "merge", nil, 1]
        switch depth > 0 ? Int.random(in: 0..<5, using: &random) : 0 {
        case 0: return words[Int.random(in: 0..<words.count, using: &random)]
        case 1:
            return .array(
                (0..<Int.random(in: 0..<3, using: &random)).map { _ in randomPatch(depth: depth - 1, using: &random) })
        default:
            return .object(
                JSONObject(
                    (0..<Int.random(in: 0..<4, using: &random)).map { _ in
                        (
                            keys[Int.random(in: 0..<keys.count, using: &random)],
                            randomPatch(depth: depth - 1, using: &random)
                        )
                    }))
        }
    }
}
