package import JSON

/// A JSON merge patch (RFC 7386): members replace members, objects are merged, null removes.
package enum MergePatch {
    /// `patch`: the request's body; an object, as upstream demands.
    package static func apply(_ patch: JSONValue, to document: JSONValue) throws(APIStatus) -> JSONValue {
        guard case .object(let changes) = patch else {
            throw .badRequest("json: cannot unmarshal \(patch.goKind) into Go value of type map[string]interface {}")
        }
        return .object(merged(document.object ?? JSONObject(), changes))
    }

    private static func merged(_ target: JSONObject, _ changes: JSONObject) -> JSONObject {
        var values = MemberEditor(target)
        for change in changes.members {
            switch (change.value, values[change.key]) {
            case (.null, _): values[change.key] = nil
            case (.object(let inner), .object(let own)?): values[change.key] = .object(merged(own, inner))
            // Upstream drops nulls also within the elements of a list, save when the list replaces an object.
            case (.array, .object?): values[change.key] = change.value
            default: values[change.key] = withoutNulls(change.value)
            }
        }
        return values.object
    }

    /// A value that is new has nothing that its nulls could remove.
    static func withoutNulls(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object):
            .object(
                JSONObject(
                    uncheckedMembers: object.members.compactMap {
                        $0.value.isNull ? nil : .init(key: $0.key, value: withoutNulls($0.value))
                    }))
        case .array(let elements): .array(elements.map(withoutNulls))
        default: value
        }
    }
}
