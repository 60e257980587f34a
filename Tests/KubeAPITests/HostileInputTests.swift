import JSON
import TestSupport
import Testing

@testable import KubeAPI

/// Input that is made to be expensive, and input that is made of noise.
@Suite("Hostile input")
struct HostileInputTests {
    private let pod = APICatalog.builtin.schema(
        of: GroupVersionKind(GroupVersion(group: "", version: "v1"), "Pod"))
    private let configMap = APICatalog.builtin.schema(
        of: GroupVersionKind(GroupVersion(group: "", version: "v1"), "ConfigMap"))

    @Test("a map's entries may come in any order and twice, in protobuf, and many of them take no more time each")
    func protobufMap() throws {
        let schema = try #require(configMap)
        var writer = ProtobufWriter()
        // Not in the order of the keys, which is that of their digits.
        for number in (0..<30_000).reversed() {
            let entry = writer.open(2)
            writer.field(1, "k\(number)")
            writer.field(2, "first")
            writer.close(entry)
        }
        let entry = writer.open(2)
        writer.field(1, "k7")
        writer.field(2, "last")
        writer.close(entry)
        let value = try ProtobufCoding.decode(writer.bytes, schema)
        let data = try #require(value.member("data")?.object)
        #expect(data.members.count == 30_000 && data.member("k7")?.string == "last")
        #expect(data.members.map(\.key) == data.members.map(\.key).sorted())
    }

    @Test("thousands of managers of thousands of fields become a few")
    func managers() throws {
        let schema = try #require(configMap)
        let entries = (0..<5000).map { number -> JSONValue in
            [
                "manager": .string("m\(number)"), "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV1",
                "time": "2020-01-01T00:00:00Z", "fieldsV1": ["f:data": ["f:a\(number)": [:]]],
            ]
        }
        let kind = GroupVersionKind(GroupVersion(group: "", version: "v1"), "ConfigMap")
        let object: JSONValue = [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": "a", "managedFields": .array(entries)], "data": ["x": "y"],
        ]
        let manager = FieldManager(kind: kind, schema: schema)
        let result = manager.update(live: nil, new: object, manager: "me", time: "2021-01-01T00:00:00Z")
        let kept = try #require(ManagedFields(json: result.member(at: "metadata", "managedFields")))
        #expect(kept.entries.count == 10)
        let all = FieldSet.union(of: kept.entries.values.map(\.fields))
        #expect(all[.field("data")]?.children.count == 5001)
    }

    @Test("the union of many sets is what their unions one by one are")
    func unions() {
        var random = SeededGenerator()
        for _ in 0..<50 {
            let sets = (0..<Int.random(in: 0...9, using: &random)).map { _ in
                FieldSet(
                    paths: (0..<Int.random(in: 0...4, using: &random)).map { _ in
                        ["a", "a.b", "a.c", "b", "b.a.c"][Int.random(in: 0..<5, using: &random)]
                    })
            }
            #expect(FieldSet.union(of: sets) == sets.reduce(FieldSet()) { $0.union($1) }, "seed \(random.seed)")
        }
    }

    @Test("a hundred thousand mistakes are not all told")
    func manyMistakes() throws {
        let labels = (0..<100_000).map { JSONObject.Member(key: "k \($0)", value: "v v") }
        let object: JSONValue = [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": "a", "namespace": "b", "labels": .object(JSONObject(members: labels))],
        ]
        let kind = GroupVersionKind(GroupVersion(group: "", version: "v1"), "ConfigMap")
        let type = try #require(APICatalog.builtin.resource(of: kind))
        let causes = Validation.causes(creating: object, type)
        #expect(causes.count == 250)
    }

    @Test("what a client sent of a large object is found in linear time")
    func limited() {
        let members = (0..<50_000).map { JSONObject.Member(key: "k\($0)", value: .string("\($0)")) }
        let own = JSONValue.object(JSONObject(members: members + [.init(key: "added", value: true)]))
        let sent = JSONValue.object(JSONObject(members: members.reversed()))
        #expect(own.limited(to: sent) == .object(JSONObject(members: members)))
    }

    // MARK: Noise

    @Test("changed protobuf is read or refused, and what is read can be written")
    func protobuf() throws {
        let schema = try #require(pod)
        var random = SeededGenerator()
        for _ in 0..<400 {
            let object = schema.randomValue(depth: 5, using: &random)
            var bytes = ProtobufCoding.wrap(
                ProtobufCoding.encodeMessage(object, schema) ?? [], apiVersion: "v1", kind: "Pod")
            for _ in 0..<Int.random(in: 0...6, using: &random) where bytes.count > 8 {
                let place = Int.random(in: 4..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + 3))
                case 2: bytes.insert(contentsOf: [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], at: place)
                default: bytes = Array(bytes[..<place])
                }
            }
            guard let envelope = try? ProtobufCoding.envelope(bytes),
                let value = try? ProtobufCoding.decode(envelope, schema)
            else { continue }
            #expect(ProtobufCoding.encode(value, schema) != nil, "seed \(random.seed)")
        }
    }

    @Test("random patches of every kind are applied or refused")
    func patches() throws {
        let schema = try #require(pod)
        var random = SeededGenerator()
        let directives = ["$patch", "$retainKeys", "$setElementOrder/containers", "$deleteFromPrimitiveList/x", "name"]
        for _ in 0..<300 {
            let object = schema.randomValue(depth: 4, using: &random)
            var patch = schema.randomValue(depth: 4, using: &random)
            if let key = directives.randomElement(using: &random) {
                patch.setMember(key, .random(depth: 2, using: &random))
            }
            _ = try? StrategicMergePatch.apply(patch, to: object, schema: schema)
            let merged = try? MergePatch.apply(patch, to: object)
            #expect(merged != nil, "seed \(random.seed)")
            let operations = (0..<4).map { _ -> JSONValue in
                let words = ["", "/a", "/spec/containers/0", "/spec/containers/-", "/metadata/labels/~1", "//", "/~2"]
                let path = words[Int.random(in: 0..<words.count, using: &random)]
                let kinds = ["add", "remove", "replace", "move", "copy", "test", "x"]
                return [
                    "op": .string(kinds[Int.random(in: 0..<kinds.count, using: &random)]), "path": .string(path),
                    "from": .string(words[Int.random(in: 0..<words.count, using: &random)]),
                    "value": .random(depth: 2, using: &random),
                ]
            }
            _ = try? JSONPatch(.array(operations)).apply(to: object)
            let kind = GroupVersionKind(GroupVersion(group: "", version: "v1"), "Pod")
            var configuration = patch
            configuration.setMember("apiVersion", "v1")
            configuration.setMember("kind", "Pod")
            _ = try? FieldManager(kind: kind, schema: schema).apply(
                configuration, to: object, manager: "m", force: true, time: "2020-01-01T00:00:00Z")
        }
    }

    @Test("random owners are read or refused, and what is read is written the same")
    func owners() {
        var random = SeededGenerator()
        let keys = ["f:a", "f:", ".", "k:{\"name\":\"x\"}", "k:{", "v:1", "v:", "i:0", "i:x", "a", "f:b"]
        func fields(_ depth: Int) -> JSONValue {
            let count = depth > 0 ? Int.random(in: 0...3, using: &random) : 0
            return .object(
                JSONObject(
                    (0..<count).map { _ in
                        (keys[Int.random(in: 0..<keys.count, using: &random)], fields(depth - 1))
                    }))
        }
        for _ in 0..<2000 {
            guard let set = FieldSet(json: fields(4)) else { continue }
            #expect(FieldSet(json: set.json) == set, "seed \(random.seed)")
        }
    }

    @Test("random selectors are read or refused, and what is read is read again")
    func selectors() {
        var random = SeededGenerator()
        let words = [
            "a", "in", "notin", "(", ")", ",", "!", "=", "==", "!=", ">", "<", "1", " ", "x/y", "\\", "é", ".",
        ]
        for _ in 0..<5000 {
            let text = (0..<Int.random(in: 0...9, using: &random)).map { _ in
                words[Int.random(in: 0..<words.count, using: &random)]
            }.joined()
            if let selector = try? LabelSelector(parsing: text) {
                let again = try? LabelSelector(parsing: selector.description)
                #expect(again?.description == selector.description, "\(text), seed \(random.seed)")
            }
            _ = try? FieldSelector(parsing: text)
            _ = JSONPath(text)?.values(in: ["a": [1, ["b": 2]]])
        }
    }

    @Test("random schemas of custom resources are read, and objects are checked by them")
    func schemas() {
        var random = SeededGenerator()
        let keywords = [
            "type", "properties", "items", "required", "enum", "pattern", "maximum", "default", "format", "nullable",
            "additionalProperties", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-list-type",
            "x-kubernetes-list-map-keys", "x-kubernetes-int-or-string", "allOf", "not", "maxItems",
        ]
        let types: [JSONValue] = ["object", "array", "string", "integer", "number", "boolean", "x", 3]
        func schema(_ depth: Int) -> JSONValue {
            var members: [(String, JSONValue)] = [("type", types[Int.random(in: 0..<types.count, using: &random)])]
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let keyword = keywords[Int.random(in: 0..<keywords.count, using: &random)]
                let value: JSONValue =
                    if depth > 0, keyword == "properties" {
                        ["a": schema(depth - 1), "b": schema(depth - 1)]
                    } else if depth > 0, keyword == "items" || keyword == "additionalProperties" || keyword == "not" {
                        schema(depth - 1)
                    } else {
                        .random(depth: 2, using: &random)
                    }
                members.append((keyword, value))
            }
            return .object(JSONObject(members))
        }
        for _ in 0..<400 {
            let custom = Schema.custom(kind: "Widget", openAPIV3Schema: schema(4))
            let object = JSONValue.random(depth: 4, using: &random)
            guard let decoded = try? custom.decode(object) else { continue }
            let complete = Defaults.applied(to: decoded.value, custom)
            var report = Report()
            CustomResourceRules.check(Place(complete), custom, &report)
            #expect(report.causes.count <= 250, "seed \(random.seed)")
        }
    }
}
