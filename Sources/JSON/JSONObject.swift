/// An object's members in their order.
///
/// Keys are looked up as Go's encoding/json does, on which the CNI and flannel formats rest: an exact match wins, else
/// the last key that is equal without regard to ASCII case.
package struct JSONObject: Hashable, Sendable {
    package struct Member: Hashable, Sendable {
        package var key: String
        package var value: JSONValue

        package init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    package private(set) var members: [Member]

    package init() { members = [] }

    /// Later values replace earlier ones of the same key.
    package init(_ pairs: [(String, JSONValue)]) {
        members = []
        for (key, value) in pairs { self[key] = value }
    }

    /// For parsers and writers: takes members as they are; duplicates are the caller's concern.
    package init(members: [Member]) { self.members = members }

    package var isEmpty: Bool { members.isEmpty }
    package var keys: [String] { members.map(\.key) }

    /// Reads by Go's rules; writes replace the exact key or append; nil removes it.
    package subscript(key: String) -> JSONValue? {
        get {
            if let exact = members.last(where: { $0.key == key }) { return exact.value }
            return members.last { equalIgnoringCase($0.key, key) }?.value
        }
        set {
            let index = members.lastIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Removes every member that a read of this key might find.
    package mutating func removeAll(named key: String) {
        members.removeAll { equalIgnoringCase($0.key, key) }
    }
}

private func equalIgnoringCase(_ a: String, _ b: String) -> Bool {
    let (a, b) = (a.utf8, b.utf8)
    return a.count == b.count && zip(a, b).allSatisfy { lowercased($0) == lowercased($1) }
}

private func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}

extension JSONObject {
    /// The last member with exactly this key, as formats that tell "Spec" from "spec" need it (Kubernetes).
    package func member(_ key: String) -> JSONValue? {
        var index = members.count
        while index > 0 {
            index -= 1
            if members[index].key == key { return members[index].value }
        }
        return nil
    }

    /// Replaces the member with exactly this key where it stands, or appends it; nil removes it.
    package mutating func setMember(_ key: String, _ value: JSONValue?) { self[key] = value }

    /// Appends a member without looking for its key: for writers that know that it is new.
    package mutating func append(_ key: String, _ value: JSONValue) { members.append(Member(key: key, value: value)) }

    /// Members as they are, duplicates included.
    package init(uncheckedMembers members: [Member]) { self.init(members: members) }
}

extension JSONValue {
    /// The member of an object with exactly this key; nil when this is no object.
    package func member(_ key: String) -> JSONValue? {
        if case .object(let object) = self { object.member(key) } else { nil }
    }

    /// The value at the end of a path of exact keys: `pod.member(at: "spec", "nodeName")`.
    package func member(at path: String...) -> JSONValue? {
        var value = self
        for key in path {
            guard let next = value.member(key) else { return nil }
            value = next
        }
        return value
    }

    /// Replaces or appends a member; makes this an object when it is none; nil removes the member.
    package mutating func setMember(_ key: String, _ value: JSONValue?) {
        var object = JSONObject()
        if case .object(let own) = self { object = own }
        self = .null
        object.setMember(key, value)
        self = .object(object)
    }
}
