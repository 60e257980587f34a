internal import JSON

/// Defaults that depend on other fields of the same object, by the message's name in OpenAPI. A rule runs after the
/// constants of its object and before those of the objects in it.
enum DefaultingRules {
    typealias Rule = @Sendable (inout JSONValue) -> Void

    static let all: [String: Rule] = {
        var rules = core
        rules.merge(workloads) { first, _ in first }
        rules.merge(others) { first, _ in first }
        return rules
    }()
}

extension JSONValue {
    /// Sets a member that is not there.
    mutating func setDefault(_ key: String, _ value: JSONValue) {
        if member(key) == nil { setMember(key, value) }
    }

    /// Changes a member that is an object; one that is missing is made when `creating`.
    mutating func updateMember(_ key: String, creating: Bool = false, _ change: (inout JSONValue) -> Void) {
        let empty: JSONValue? = creating ? .object(JSONObject()) : nil
        guard var value = member(key) ?? empty else { return }
        change(&value)
        setMember(key, value)
    }

    /// Changes every element of a member that is a list.
    mutating func updateElements(_ key: String, _ change: (inout JSONValue) -> Void) {
        guard var elements = member(key)?.array else { return }
        for index in elements.indices { change(&elements[index]) }
        setMember(key, .array(elements))
    }

    /// The text of a member; empty when it is none.
    func text(_ key: String) -> String { member(key)?.string ?? "" }
}
