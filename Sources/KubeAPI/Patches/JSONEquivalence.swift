package import JSON

extension JSONValue {
    /// Equal as JSON documents: the order of members does not count, of duplicate members the last does. Numbers are
    /// equal when their digits are, as upstream's patches compare them.
    package func isEquivalent(to other: JSONValue) -> Bool {
        switch (self, other) {
        case (.object(let a), .object(let b)): Self.areEquivalent(a, b)
        case (.array(let a), .array(let b)):
            a.count == b.count && zip(a, b).allSatisfy { $0.isEquivalent(to: $1) }
        default: self == other
        }
    }

    /// Without the members that the other document does not have. Of what a client sent, and the schema then completed,
    /// this is what the client said.
    package func limited(to sent: JSONValue) -> JSONValue {
        switch (self, sent) {
        case (.object(let own), .object(let sent)):
            let sent = MemberEditor(sent)
            return .object(
                JSONObject(
                    uncheckedMembers: own.members.compactMap { member in
                        sent[member.key].map { .init(key: member.key, value: member.value.limited(to: $0)) }
                    }))
        case (.array(let own), .array(let sent)) where own.count == sent.count:
            return .array(zip(own, sent).map { $0.limited(to: $1) })
        default: return self
        }
    }

    private static func areEquivalent(_ a: JSONObject, _ b: JSONObject) -> Bool {
        // Mostly both have the same order, and no member twice.
        if a.members.count == b.members.count, zip(a.members, b.members).allSatisfy({ $0.key == $1.key }) {
            return zip(a.members, b.members).allSatisfy { $0.value.isEquivalent(to: $1.value) }
        }
        let (a, b) = (a.byKey, b.byKey)
        return a.count == b.count && a.allSatisfy { b[$0.key]?.isEquivalent(to: $0.value) ?? false }
    }
}

extension JSONObject {
    /// The last value of each key: for objects that are searched many times.
    var byKey: [String: JSONValue] { Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }) }
}
