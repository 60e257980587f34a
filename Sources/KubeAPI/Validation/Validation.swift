package import JSON

/// What is wrong with an object, in upstream's causes and words; nothing for one that may be stored. Objects have been
/// decoded and have their defaults; names that are generated have been.
package enum Validation {
    package static func causes(creating object: JSONValue, _ type: ResourceType) -> [FieldCause] {
        var report = Report()
        let place = Place(object)
        ObjectMetaRules.check(place["metadata"], type, &report)
        if type.isCustom {
            CustomResourceRules.check(object, type, &report)
        } else {
            if let schema = type.schema { SchemaWalk.check(place, schema, &report) }
            KindRules.all[type.groupKind]?.check(place, nil, &report)
        }
        return report.causes
    }

    /// The object's new state must be good, and so must the way from the old one.
    ///
    /// A write to a subresource (`status`, `ephemeralcontainers`, `resize`) may change what an update of the object may
    /// not, and the other way round: the server has put the other parts back before it asks.
    package static func causes(
        updating object: JSONValue, from old: JSONValue, _ type: ResourceType, subresource: String? = nil
    ) -> [FieldCause] {
        var report = Report()
        let place = Place(object)
        ObjectMetaRules.check(place["metadata"], type, &report)
        ObjectMetaRules.checkUpdate(place["metadata"], old.member("metadata"), &report)
        if type.isCustom {
            CustomResourceRules.check(object, type, &report)
        } else {
            if let schema = type.schema {
                SchemaWalk.check(place, schema, &report)
                SchemaWalk.checkImmutable(place, old, schema, &report)
            }
            switch subresource {
            case nil: KindRules.all[type.groupKind]?.check(place, old, &report)
            case "status": StatusRules.all[type.groupKind]?(place, old, &report)
            case "ephemeralcontainers": PodRules.checkEphemeralContainers(place["spec"], old, &report)
            case "resize": ResizeRules.checkResize(place, old, &report)
            case "finalize": ObjectMetaRules.checkNamespace(finalizers: place["spec"]["finalizers"], &report)
            default: break
            }
        }
        return report.causes
    }
}

/// What is asked of one kind beyond its schema. `old` is nil at creation.
struct KindRules {
    let check: @Sendable (_ object: Place, _ old: JSONValue?, inout Report) -> Void
    /// What the kind's names may look like; a DNS subdomain for most.
    var name: @Sendable (String) -> [String] = NameSyntax.subdomain

    static let all: [GroupKind: KindRules] = {
        var all = core
        for rules in [nodes, workloads, network, storage, access, others] {
            all.merge(rules) { first, _ in first }
        }
        return all
    }()
}
