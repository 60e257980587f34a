import JSON
import KubeAPI
import TestSupport
import Testing

@Suite("Server-side apply, whatever is applied")
struct FieldManagerPropertyTests {
    /// A custom kind whose schema has every sort of list and map.
    private static func schema() -> Schema {
        let catalog = APICatalog.builtin
        return catalog.schema(of: GroupVersionKind(group: "", version: "v1", kind: "Pod")) ?? .any
    }

    private static let kind = GroupVersionKind(group: "", version: "v1", kind: "Pod")

    private static func random(empties: Bool = true, using random: inout SeededGenerator) -> JSONValue {
        func flip() -> Bool { Bool.random(using: &random) }
        func empty(_ value: JSONValue, or other: JSONValue) -> JSONValue { empties && flip() ? value : other }
        func word() -> JSONValue { .string(["1", "2", "3"][Int.random(in: 0..<3, using: &random)]) }
        var spec = JSONObject()
        var containers: [JSONValue] = []
        for name in ["a", "b", "c"].shuffled(using: &random) where flip() {
            var container = JSONObject([("name", .string(name))])
            if flip() { container.setMember("image", word()) }
            if flip() { container.setMember("args", .array([word(), word()])) }
            if flip() {
                container.setMember(
                    "env", .array(flip() ? [["name": "X", "value": word()], ["name": "Y"]] : [["name": "Y"]]))
            }
            if flip() {
                container.setMember(
                    "ports", empty([], or: [["containerPort": 80], ["containerPort": 80, "protocol": "UDP"]]))
            }
            if flip() { container.setMember("resources", empty([:], or: ["limits": ["cpu": word()]])) }
            containers.append(.object(container))
        }
        if !containers.isEmpty || empties && flip() { spec.setMember("containers", .array(containers)) }
        if flip() { spec.setMember("nodeSelector", empty([:], or: ["k": word()])) }
        if flip() { spec.setMember("nodeName", word()) }
        if flip() { spec.setMember("securityContext", empty([:], or: ["runAsUser": 1])) }
        if flip() { spec.setMember("tolerations", .array([["key": word()]])) }
        if spec.isEmpty, !empties { spec.setMember("hostname", "h") }
        var metadata = JSONObject([("name", "p"), ("namespace", "n")])
        if flip() { metadata.setMember("labels", flip() ? ["l": word()] : ["l": word(), "m": word()]) }
        if flip() { metadata.setMember("finalizers", .array([word()])) }
        return .object(
            JSONObject([
                ("apiVersion", "v1"), ("kind", "Pod"), ("metadata", .object(metadata)), ("spec", .object(spec)),
            ]))
    }

    @Test("Applying twice is applying once; what is applied is there; owners own what is there")
    func properties() throws {
        var random = SeededGenerator()
        print("seed \(random.seed)")
        let manager = FieldManager(kind: Self.kind, schema: Self.schema())
        for round in 0..<150 {
            var object: JSONValue?
            for step in 0..<8 {
                let configuration = Self.random(using: &random)
                let name = ["one", "two", "three"][Int.random(in: 0..<3, using: &random)]
                let time = "2026-01-01T00:00:0\(step)Z"
                if Int.random(in: 0..<3, using: &random) == 0 {
                    var new = configuration
                    var metadata = new.member("metadata") ?? [:]
                    metadata.setMember("managedFields", object?.member(at: "metadata", "managedFields"))
                    new.setMember("metadata", metadata)
                    object = manager.update(live: object, new: new, manager: name, time: time)
                    continue
                }
                let applied = try manager.apply(configuration, to: object, manager: name, force: true, time: time)
                let again = try manager.apply(configuration, to: applied, manager: name, force: false, time: "later")
                #expect(again == applied, "seed \(random.seed) round \(round)")
                #expect(
                    Self.contains(applied, configuration),
                    "seed \(random.seed) round \(round): \(applied.serialized()) lacks \(configuration.serialized())")
                object = applied
            }
        }
    }

    @Test("A manager who applies nothing more leaves nothing of his own")
    func givingUp() throws {
        var random = SeededGenerator()
        print("seed \(random.seed)")
        let manager = FieldManager(kind: Self.kind, schema: Self.schema())
        let nothing = try JSONValue.parse(#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"n"}}"#)
        for _ in 0..<150 {
            let mine = Self.random(empties: false, using: &random)
            let theirs = Self.random(empties: false, using: &random)
            let alone = try manager.apply(theirs, to: nil, manager: "they", force: true, time: "1")
            var both = try manager.apply(mine, to: nil, manager: "me", force: true, time: "1")
            both = try manager.apply(theirs, to: both, manager: "they", force: true, time: "2")
            let after = try manager.apply(nothing, to: both, manager: "me", force: true, time: "3")
            let kept = Self.contains(after, theirs)
            #expect(kept, "\(mine.serialized()) \(theirs.serialized()) \(after.serialized())")
            let owners = { (object: JSONValue) in object.member(at: "metadata", "managedFields")?.array?.count }
            #expect(owners(after) == owners(alone))
            let same = Self.sorted(Self.bare(after)).isEquivalent(to: Self.sorted(Self.bare(alone)))
            #expect(
                same,
                "seed \(random.seed)\n\(mine.serialized())\n\(theirs.serialized())\n\(after.serialized())")
        }
    }

    @Test("fieldsV1 of any form is read or refused, and comes back the same")
    func fieldsV1() throws {
        var random = SeededGenerator()
        print("seed \(random.seed)")
        let keys = [
            ".", "f:a", "f:", "k:{\"name\":\"x\"}", "k:{}", "v:1", "v:\"s\"", "i:0", "i:x", "q:1", "f:é", "k:[", "",
            "f",
        ]
        func tree(_ depth: Int) -> JSONValue {
            if depth == 0 { return Bool.random(using: &random) ? [:] : 1 }
            return .object(
                JSONObject(
                    (0..<Int.random(in: 0..<4, using: &random)).map { _ in
                        (keys[Int.random(in: 0..<keys.count, using: &random)], tree(depth - 1))
                    }))
        }
        for _ in 0..<5_000 {
            let json = tree(3)
            guard let set = FieldSet(json: json) else { continue }
            #expect(FieldSet(json: set.json) == set)
            #expect(set.union(set) == set && set.intersection(set) == set && set.subtracting(set).isEmpty)
        }
    }

    private static func bare(_ object: JSONValue) -> JSONValue {
        var object = object
        var metadata = object.member("metadata") ?? [:]
        metadata.setMember("managedFields", nil)
        object.setMember("metadata", metadata)
        return object
    }

    /// The order of elements tells who came first, which does not matter here.
    private static func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let items): .array(items.map(sorted).sorted { $0.serialized() < $1.serialized() })
        case .object(let object):
            .object(JSONObject(object.members.map { ($0.key, sorted($0.value)) }.sorted { $0.0 < $1.0 }))
        default: value
        }
    }

    /// Whether everything that the part says is in the whole.
    private static func contains(_ whole: JSONValue, _ part: JSONValue) -> Bool {
        switch (whole, part) {
        case (.object(let whole), .object(let part)):
            return part.members.allSatisfy { member in
                whole.member(member.key).map { contains($0, member.value) } ?? false
            }
        case (.array(let whole), .array(let part)):
            return part.allSatisfy { item in whole.contains { contains($0, item) } }
        default: return whole == part
        }
    }
}
