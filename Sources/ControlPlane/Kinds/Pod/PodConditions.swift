internal import JSON

/// Conditions of a status: a list in which each type occurs once.
extension JSONValue {
    func condition(_ type: String) -> JSONValue? {
        list("status", "conditions").first { $0.text("type") == type }
    }

    func hasCondition(_ type: String, _ status: String = "True") -> Bool {
        condition(type)?.text("status") == status
    }

    /// Puts a condition in the place of the one of its type. The time of the last transition stays when the status does.
    /// `now` is in RFC 3339. Says whether anything but times has changed.
    @discardableResult
    mutating func setCondition(_ condition: JSONValue, now: String) -> Bool {
        var conditions = list("status", "conditions")
        let index = conditions.firstIndex { $0.text("type") == condition.text("type") }
        var condition = condition
        let former = index.map { conditions[$0] }
        let keepsTime = former?.text("status") == condition.text("status")
        condition.set(keepsTime ? former?.at("lastTransitionTime") : .string(now), at: "lastTransitionTime")
        if let index {
            if conditions[index] == condition { return false }
            conditions[index] = condition
        } else {
            conditions.append(condition)
        }
        set(.array(conditions), at: "status", "conditions")
        return true
    }
}
