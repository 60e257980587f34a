internal import JSON

/// An object while many of its members change: look-ups by hash once it is large, members stay in their order.
struct MemberEditor {
    private var members: [JSONObject.Member?]
    private var places: [String: Int]?

    /// Below this many members a walk is faster than a hash.
    fileprivate static let small = 16

    init(_ object: JSONObject) {
        members = object.members
        if members.count > Self.small { index() }
    }

    var object: JSONObject { JSONObject(uncheckedMembers: members.compactMap { $0 }) }
    var keys: [String] { members.compactMap { $0?.key } }

    subscript(key: String) -> JSONValue? {
        get { place(key).flatMap { members[$0]?.value } }
        set {
            if let place = place(key) {
                members[place] = newValue.map { .init(key: key, value: $0) }
                if newValue == nil { places?[key] = nil }
            } else if let newValue {
                places?[key] = members.count
                members.append(.init(key: key, value: newValue))
                if places == nil, members.count > Self.small { index() }
            }
        }
    }

    private func place(_ key: String) -> Int? {
        if let places { return places[key] }
        return members.lastIndex { $0?.key == key }
    }

    private mutating func index() {
        var found: [String: Int] = [:]
        found.reserveCapacity(members.count)
        for (place, member) in members.enumerated() {
            if let member { found[member.key] = place }
        }
        places = found
    }
}

/// An object whose members are looked up many times: by hash once it is large.
struct MemberIndex {
    private let object: JSONObject
    private let values: [String: JSONValue]?

    /// Of no object, one without members.
    init(_ object: JSONObject?) {
        self.object = object ?? JSONObject()
        values = self.object.members.count > MemberEditor.small ? self.object.byKey : nil
    }

    var keys: some Collection<String> { object.members.lazy.map(\.key) }

    subscript(key: String) -> JSONValue? {
        if let values { return values[key] }
        return object.member(key)
    }
}
