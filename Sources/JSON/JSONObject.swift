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

    /// The parser's way: duplicates are its concern.
    init(members: [Member]) { self.members = members }

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
