import JSON
import KubeAPI
import TestSupport
import Testing

@Suite("Merge patch")
struct MergePatchTests {
    @Test(
        "The examples of RFC 7386, appendix A, as far as they are objects",
        arguments: [
            (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
            (#"{"a":"b"}"#, #"{"a":null}"#, "{}"), (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
            (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
            (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
            (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#), (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
            (#"{}"#, #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
            (#"{"a":"b"}"#, #"{"a":{"c":null,"d":1}}"#, #"{"a":{"d":1}}"#),
        ])
    func examples(document: String, patch: String, expected: String) throws {
        let result = try MergePatch.apply(try JSONValue.parse(patch), to: try JSONValue.parse(document))
        #expect(result.serialized() == expected)
    }

    @Test("A patch that is no object is refused")
    func notAnObject() {
        let error = #expect(throws: APIStatus.self) { try MergePatch.apply([1], to: [:]) }
        #expect(error?.code == 400)
    }

    @Test("The difference of two documents, applied to the first, gives the second")
    func property() throws {
        var random = SeededGenerator()
        print("seed \(random.seed)")
        for _ in 0..<5_000 {
            let from = MergePatch.withoutNullMembers(.random(depth: 4, using: &random))
            let to = MergePatch.withoutNullMembers(.random(depth: 4, using: &random))
            guard from.object != nil, to.object != nil else { continue }
            let patch = difference(from, to)
            #expect(
                try MergePatch.apply(patch, to: from).isEquivalent(to: to), "\(from.serialized()) \(to.serialized())")
            #expect(try MergePatch.apply([:], to: to) == to)
        }
    }

    @Test("A completed document limited to what was sent has the sent shape and the completed values")
    func limited() throws {
        let completed = try JSONValue.parse(#"{"a":{"b":"1","c":{}},"l":[{"n":"x","p":"TCP"}],"s":{}}"#)
        let sent = try JSONValue.parse(#"{"a":{"b":"1000m"},"l":[{"n":"x"}],"z":null}"#)
        #expect(completed.limited(to: sent).serialized() == #"{"a":{"b":"1"},"l":[{"n":"x"}]}"#)
    }

    @Test("An object of very many members is merged in linear time")
    func wide() throws {
        let wide = JSONValue.object(JSONObject(uncheckedMembers: (0..<100_000).map { .init(key: "k\($0)", value: 1) }))
        #expect(try MergePatch.apply(wide, to: wide) == wide)
    }

    private func difference(_ from: JSONValue, _ to: JSONValue) -> JSONValue {
        guard let a = from.object, let b = to.object else { return to }
        var patch = JSONObject()
        for key in a.keys where b.member(key) == nil { patch.setMember(key, .null) }
        for member in b.members {
            let old = a.member(member.key) ?? .null
            if old.isEquivalent(to: member.value) { continue }
            let isMerge = old.object != nil && member.value.object != nil
            patch.setMember(member.key, isMerge ? difference(old, member.value) : member.value)
        }
        return .object(patch)
    }
}

extension MergePatch {
    /// A merge patch can say no null.
    static func withoutNullMembers(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object):
            .object(
                JSONObject(object.members.filter { !$0.value.isNull }.map { ($0.key, withoutNullMembers($0.value)) }))
        case .array(let elements): .array(elements.map(withoutNullMembers))
        default: value
        }
    }
}
