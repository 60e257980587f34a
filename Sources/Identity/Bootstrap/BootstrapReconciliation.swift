package import JSON

/// What has to be written so that an object grants at least what the bootstrap policy says. What a cluster's people took
/// away comes back, what they added stays, unless they set the annotation `autoupdate` to "false".
package enum BootstrapReconciliation: Hashable, Sendable {
    case none
    case create(JSONValue)
    case update(JSONValue)
    /// A binding's role cannot be changed: delete the old object, then create this one.
    case recreate(JSONValue)

    /// `existing` is the object as it is stored; nil when it is absent.
    package init(of item: BootstrapPolicy.Item, existing: JSONValue?) {
        guard let existing else {
            self = .create(item.object)
            return
        }
        if existing.member(at: "metadata", "annotations", Self.autoupdate)?.string == "false" {
            self = .none
            return
        }
        var object = existing
        Self.merge(metadata: "labels", of: item.object, into: &object)
        Self.merge(metadata: "annotations", of: item.object, into: &object)
        switch item.resource {
        case "roles", "clusterroles": Self.mergeRules(of: item.object, into: &object)
        default:
            if existing.member("roleRef") != item.object.member("roleRef") {
                // The subjects that somebody added belong to the old role.
                self = .recreate(item.object)
                return
            }
            Self.append("subjects", of: item.object, to: &object)
        }
        self = object == existing ? .none : .update(object)
    }

    private static let autoupdate = "rbac.authorization.kubernetes.io/autoupdate"

    /// Adds what is missing; values that are there stay.
    private static func merge(metadata field: String, of desired: JSONValue, into object: inout JSONValue) {
        var metadata = object.member("metadata") ?? .null
        var values = metadata.member(field) ?? .object(JSONObject())
        for member in desired.member(at: "metadata", field)?.object?.members ?? []
        where values.member(member.key) == nil {
            values.setMember(member.key, member.value)
        }
        if values.object?.isEmpty == true { return }
        metadata.setMember(field, values)
        object.setMember("metadata", metadata)
    }

    private static func mergeRules(of desired: JSONValue, into object: inout JSONValue) {
        if desired.member("aggregationRule") != nil {
            var rule = object.member("aggregationRule") ?? .object(JSONObject())
            let wanted: JSONValue = desired.member("aggregationRule") ?? .null
            append("clusterRoleSelectors", of: wanted, to: &rule)
            object.setMember("aggregationRule", rule)
        }
        let held = PolicyRule.list(object.member("rules"))
        let missing = RuleCoverage.missing(PolicyRule.list(desired.member("rules")), from: held)
        if missing.isEmpty { return }
        object.setMember("rules", .array((held + missing).map(\.json)))
    }

    private static func append(_ field: String, of desired: JSONValue, to object: inout JSONValue) {
        let held = object.member(field)?.array ?? []
        let missing = (desired.member(field)?.array ?? []).filter { !held.contains($0) }
        if !missing.isEmpty { object.setMember(field, .array(held + missing)) }
    }
}
