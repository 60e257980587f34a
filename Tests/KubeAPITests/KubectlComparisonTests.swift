import JSON
import KubeAPI
import TestSupport
import Testing
import YAML

@Suite(
    "What kubectl does without a server, done the same", .requiresProgram("kubectl"), .serialized,
    .enabled("needs a kubectl of the last years, 1.30 or newer") { Kubectl.isRecent })
struct KubectlComparisonTests {
    @Test("YAML's scalars and keys are what kubectl reads")
    func scalars() throws {
        var random = SeededGenerator()
        print("seed \(random.seed)")
        let pieces = [
            "0", "1", "7", "8", "9", "12", "x", "o", "b", "e", "E", ".", "-", "+", "_", ":", "a", "f", "y", "n", "yes",
            "no",
            "on", "off", "true", "~", "null", "inf", "nan", ".5", "2001-01-02", "T", "Z", "!!str ", "!!float ", "'",
            "\"",
        ]
        var lines: [String] = []
        var expected = JSONObject()
        while lines.count < 1500 {
            let scalar = (0..<Int.random(in: 1..<6, using: &random)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }.joined()
            // As a value, and as a key where it can be one.
            let line = "k\(lines.count): \(scalar)"
            guard let document = try? YAMLDocument.parse(line), let member = document.value.object?.members.first,
                document.value.object?.members.count == 1, member.key == "k\(lines.count)"
            else { continue }
            lines.append(line)
            expected.append(member.key, member.value)
        }
        let text = "apiVersion: example.org/v1\nkind: Foo\nmetadata: {name: x}\n" + lines.joined(separator: "\n") + "\n"
        let result = try Kubectl.run(
            ["label", "--local", "-f", "x.yaml", "a=b", "-o", "json"], files: ["x.yaml": text])
        #expect(result.status == 0, "\(result.errors)")
        let read = try JSONValue.parse(result.output)
        for (line, member) in zip(lines, expected.members) {
            let theirs = read.member(member.key) ?? "absent"
            let isEqual = theirs == member.value || member.value.number != nil && theirs.double == member.value.double
            #expect(isEqual, "\(line): \(member.value.serialized()) and kubectl \(theirs.serialized())")
        }
    }

    @Test("What we write as YAML kubectl reads back")
    func writing() throws {
        var random = SeededGenerator()
        print("seed \(random.seed)")
        let pieces = [
            "a", "0", "1", " ", "\n", ":", "#", "-", "'", "\"", "yes", "n", "~", ".", "e", "é", "&", "*", "\t", "\\",
            "|", "%", "@", "{", "=",
        ]
        var data = JSONObject()
        for index in 0..<1000 {
            let text = (0..<Int.random(in: 0..<8, using: &random)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }.joined()
            data.append("k\(index)", .string(text))
        }
        let object: JSONValue = [
            "apiVersion": "example.org/v1", "kind": "Foo", "metadata": ["name": "x"], "data": .object(data),
        ]
        let result = try Kubectl.run(
            ["label", "--local", "-f", "x.yaml", "a=b", "-o", "json"], files: ["x.yaml": object.yaml()])
        #expect(result.status == 0, "\(result.errors)")
        let read = try JSONValue.parse(result.output).member("data") ?? .null
        for member in data.members where read.member(member.key) != member.value {
            Issue.record(
                "\(member.value.serialized()) came back as \(read.member(member.key)?.serialized() ?? "nothing")")
        }
    }

    @Test("Patches of all three kinds give what kubectl's give, or are refused as kubectl refuses them")
    func patches() throws {
        var random = SeededGenerator()
        print("seed \(random.seed)")
        let rounds = 30
        for _ in 0..<rounds {
            let pod = RandomPod.pod(using: &random)
            let kind = ["strategic", "merge", "json"][Int.random(in: 0..<3, using: &random)]
            let patch = RandomPod.patch(kind, using: &random)
            let result = try Kubectl.run(
                ["patch", "--local", "-f", "pod.json", "--type=\(kind)", "--patch-file=patch.json", "-o", "json"],
                files: ["pod.json": pod.serialized(), "patch.json": patch.serialized()])
            // Upstream cannot put two empty lists into an order, and its JSON patch panics on a null in the way.
            if result.errors.contains("no elements in any of the given slices") { continue }
            if result.errors.hasPrefix("panic:") { continue }
            let context: Comment =
                "\(kind) \(patch.serialized()) of \(pod.serialized()): \(result.output)\(result.errors)"
            do throws(APIStatus) {
                let ours = try Self.apply(kind, patch, pod)
                let theirs = try? JSONValue.parse(result.output)
                let isEqual = theirs.map { Self.bare($0).isEquivalent(to: Self.bare(ours)) } ?? false
                #expect(isEqual, "\(context) but ours \(ours.serialized())")
            } catch {
                #expect(result.status != 0, "\(error.message) \(context)")
                let message = error.details?.causes.first?.message ?? error.message
                // kubectl has a wording of its own for one of the library's errors.
                let isTheirs = result.errors.contains(message) || result.errors.contains("is missing field")
                #expect(isTheirs, "\(message) \(context)")
            }
        }
    }

    private static func apply(_ kind: String, _ patch: JSONValue, _ pod: JSONValue) throws(APIStatus) -> JSONValue {
        switch kind {
        case "json": return try JSONPatch(patch).apply(to: pod)
        case "merge": return try MergePatch.apply(patch, to: pod)
        default:
            let schema = APICatalog.builtin.schema(of: GroupVersionKind(group: "", version: "v1", kind: "Pod"))
            return try StrategicMergePatch.apply(patch, to: pod, schema: schema ?? .any)
        }
    }

    /// Without nulls and empty parts, and without directives: kubectl leaves those of new elements in, and a server
    /// drops what the kind does not have.
    private static func bare(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object):
            .object(
                JSONObject(
                    object.members.filter { !$0.key.hasPrefix("$") }.map { ($0.key, bare($0.value)) }.filter {
                        !$0.1.isNull && $0.1 != [:] && $0.1 != .array([])
                    }))
        case .array(let items): .array(items.map(bare))
        default: value
        }
    }
}

/// Pods and patches of them in which names meet.
private enum RandomPod {
    static func pod(using random: inout SeededGenerator) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": [
                "name": "p", "finalizers": .array(some(["x/a", "x/b", "x/c"], using: &random).map { .string($0) }),
            ],
            "spec": [
                "containers": .array(some(["a", "b", "c"], using: &random).map { container($0, using: &random) }),
                "volumes": [
                    ["name": "v", "emptyDir": ["medium": "Memory"]], ["name": "w", "hostPath": ["path": "/"]],
                ],
                "nodeSelector": ["k": "1", "l": "2"], "tolerations": [["key": "t"]],
            ],
        ]
    }

    private static func some(_ all: [String], using random: inout SeededGenerator) -> [String] {
        all.shuffled(using: &random).filter { _ in Int.random(in: 0..<3, using: &random) > 0 }
    }

    private static func container(_ name: String, using random: inout SeededGenerator) -> JSONValue {
        var container: JSONValue = [
            "name": .string(name), "image": .string("i\(Int.random(in: 0..<3, using: &random))"),
        ]
        let ports = some(["80", "81", "82"], using: &random).compactMap { Int($0) }
        if Bool.random(using: &random) {
            container.setMember(
                "ports", .array(ports.map { ["containerPort": .number(JSONNumber($0)), "protocol": "TCP"] }))
        }
        if Bool.random(using: &random) {
            let names = some(["X", "Y", "Z"], using: &random)
            container.setMember("env", .array(names.map { ["name": .string($0), "value": "v"] }))
        }
        if Bool.random(using: &random) { container.setMember("args", .array(["1", "2"])) }
        return container
    }

    static func patch(_ kind: String, using random: inout SeededGenerator) -> JSONValue {
        if kind == "json" { return jsonPatch(using: &random) }
        var spec = JSONObject()
        func flip() -> Bool { Bool.random(using: &random) }
        if flip() {
            var list = some(["a", "b", "c", "d"], using: &random).map { container($0, using: &random) }
            if kind == "strategic" {
                for index in list.indices where Int.random(in: 0..<4, using: &random) == 0 {
                    list[index] = ["name": list[index].member("name") ?? "a", "$patch": "delete"]
                }
                if Int.random(in: 0..<6, using: &random) == 0 { list.append(["$patch": "replace"]) }
            }
            spec.setMember("containers", .array(list))
        }
        // Upstream's order of what it also deletes from depends on where Go put the list.
        let deletes = spec.member("containers")?.serialized().contains("delete") ?? false
        if kind == "strategic", !deletes, flip() {
            let order = some(["a", "b", "c", "d"], using: &random)
            spec.setMember("$setElementOrder/containers", .array(order.map { ["name": .string($0)] }))
        }
        if flip() {
            var volume: JSONValue = ["name": .string(flip() ? "v" : "u"), "hostPath": ["path": "/x"]]
            if kind == "strategic", flip() {
                volume.setMember("$retainKeys", flip() ? ["name", "hostPath"] : ["name"])
            }
            spec.setMember("volumes", [volume])
        }
        if flip() { spec.setMember("nodeSelector", flip() ? ["k": nil, "m": "3"] : nil) }
        if flip() { spec.setMember("tolerations", [["key": "u"]]) }
        if flip() { spec.setMember("securityContext", flip() ? ["runAsUser": 1] : ["runAsUser": nil]) }
        // Directives within what replaces are not carried out by upstream, and stay as they are.
        if kind == "strategic", Int.random(in: 0..<8, using: &random) == 0 {
            spec = JSONObject([("$patch", "replace"), ("nodeSelector", ["r": "1"])])
        }
        var metadata = JSONObject()
        if flip() {
            metadata.setMember("finalizers", .array(some(["x/a", "x/d"], using: &random).map { .string($0) }))
        }
        if kind == "strategic", flip() {
            metadata.setMember(
                "$deleteFromPrimitiveList/finalizers", .array(some(["x/b", "x/c"], using: &random).map { .string($0) }))
        }
        return ["metadata": .object(metadata), "spec": .object(spec)]
    }

    private static func jsonPatch(using random: inout SeededGenerator) -> JSONValue {
        let paths = [
            "/metadata/labels", "/metadata/labels/a", "/spec/nodeName", "/spec/containers/0", "/spec/containers/-",
            "/spec/containers/1/image", "/spec/containers/9", "/spec/nodeSelector/k", "/spec/nodeSelector",
            "/spec/none/x",
            "/metadata/finalizers/-1", "/metadata/finalizers/x", "/spec/tolerations/0/key",
        ]
        let values: [JSONValue] = ["1", "t", ["a": "1"], ["name": "z", "image": "q"], nil, []]
        let kinds = ["add", "remove", "replace", "move", "copy", "test"]
        return .array(
            (0..<Int.random(in: 1..<4, using: &random)).map { _ in
                [
                    "op": .string(kinds[Int.random(in: 0..<kinds.count, using: &random)]),
                    "path": .string(paths[Int.random(in: 0..<paths.count, using: &random)]),
                    "from": .string(paths[Int.random(in: 0..<paths.count, using: &random)]),
                    "value": values[Int.random(in: 0..<values.count, using: &random)],
                ]
            })
    }
}
