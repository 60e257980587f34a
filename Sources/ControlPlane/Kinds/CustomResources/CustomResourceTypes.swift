internal import JSON
internal import KubeAPI
internal import Store

/// The resources that CustomResourceDefinitions bring about. A definition's types are made when it changes, and stay the
/// same objects as long as it does not.
struct CustomResourceTypes {
    private struct Entry {
        var revision: Revision
        var types: [ResourceType]
    }

    private var entries: [String: Entry] = [:]

    /// The types of all definitions that are established, in order of the definitions' names; the preferred version of
    /// each first.
    mutating func types(of definitions: OrderedObjects) -> [ResourceType] {
        var current: [String: Entry] = [:]
        var types: [ResourceType] = []
        definitions.forEach { object in
            let known = entries[object.path]
            let entry =
                known?.revision == object.revision
                ? known : object.decoded.map { Entry(revision: object.revision, types: Self.updated(known, $0)) }
            if let entry {
                current[object.path] = entry
                types += entry.types
            }
            return true
        }
        entries = current
        return types
    }

    /// A change of the status alone makes no new types.
    private static func updated(_ known: Entry?, _ definition: JSONValue) -> [ResourceType] {
        let types = Self.types(of: definition)
        guard let known, known.types.count == types.count else { return types }
        let isSame = zip(known.types, types).allSatisfy { old, new in
            old.gvk == new.gvk && old.plural == new.plural && old.singular == new.singular
                && old.listKind == new.listKind && old.subresources == new.subresources
                && old.shortNames == new.shortNames && old.categories == new.categories
                && old.isNamespaced == new.isNamespaced && old.custom == new.custom
        }
        return isSame ? known.types : types
    }

    /// Of one definition; none while its names are not accepted.
    static func types(of definition: JSONValue) -> [ResourceType] {
        definition.hasCondition("Established") ? ResourceType.custom(definition) : []
    }
}
