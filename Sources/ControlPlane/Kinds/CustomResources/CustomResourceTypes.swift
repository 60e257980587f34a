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
            old.gvk == new.gvk && old.plural == new.plural && old.custom?.openAPISchema == new.custom?.openAPISchema
                && old.custom?.printerColumns == new.custom?.printerColumns && old.subresources == new.subresources
                && old.shortNames == new.shortNames && old.categories == new.categories
                && old.isNamespaced == new.isNamespaced && old.custom?.scale == new.custom?.scale
                && old.custom?.selectableFields == new.custom?.selectableFields
                && old.custom?.isStorageVersion == new.custom?.isStorageVersion
        }
        return isSame ? known.types : types
    }

    /// Of one definition; none while its names are not accepted.
    static func types(of definition: JSONValue) -> [ResourceType] {
        guard definition.hasCondition("Established") else { return [] }
        return definition.list("spec", "versions")
            .filter { $0.flag("served") }
            .sorted { VersionOrder($0.text("name")) < VersionOrder($1.text("name")) }
            .map { type(of: $0, definition) }
    }

    private static func type(of version: JSONValue, _ definition: JSONValue) -> ResourceType {
        let names = definition.at("status", "acceptedNames") ?? .null
        let groupVersion = GroupVersion(group: definition.text("spec", "group"), version: version.text("name"))
        let kind = GroupVersionKind(groupVersion, names.text("kind"))
        let openAPISchema = version.at("schema", "openAPIV3Schema") ?? [:]
        var subresources: [Subresource] = []
        if version.at("subresources", "status") != nil {
            subresources.append(Subresource(name: "status", kind: kind, verbs: .getUpdatePatch))
        }
        if version.at("subresources", "scale") != nil {
            let scale = GroupVersionKind(group: "autoscaling", version: "v1", kind: "Scale")
            subresources.append(Subresource(name: "scale", kind: scale, verbs: .getUpdatePatch))
        }
        return ResourceType(
            groupVersion: groupVersion, plural: names.text("plural"), singular: names.text("singular"),
            kind: kind.kind, listKind: names.text("listKind"),
            isNamespaced: definition.text("spec", "scope") == "Namespaced", shortNames: names.texts("shortNames"),
            categories: names.texts("categories"), subresources: subresources,
            schema: .customResource(kind: kind.kind, openAPISchema),
            custom: traits(of: version, kind, openAPISchema))
    }

    private static func traits(of version: JSONValue, _ kind: GroupVersionKind, _ schema: JSONValue) -> CustomTraits {
        let scale = version.at("subresources", "scale").map { scale in
            CustomTraits.Scale(
                specReplicas: names(scale.text("specReplicasPath")),
                statusReplicas: names(scale.text("statusReplicasPath")),
                labelSelector: scale.at("labelSelectorPath")?.string.map(names))
        }
        let warning = version.at("deprecationWarning")?.string ?? "\(kind.apiVersion) \(kind.kind) is deprecated"
        return CustomTraits(
            scale: scale, printerColumns: version.list("additionalPrinterColumns"),
            selectableFields: version.list("selectableFields").map { $0.text("jsonPath") }, openAPISchema: schema,
            deprecation: version.flag("deprecated") ? warning : nil, isStorageVersion: version.flag("storage"))
    }

    /// The member names of a simple JSON path, `.spec.replicas`.
    private static func names(_ path: String) -> [String] { path.split(separator: ".").map(String.init) }
}

/// The order of a group's versions: stable ones before beta before alpha, newer before older, and names of another form
/// at the end in alphabetical order.
struct VersionOrder: Comparable {
    /// 0 for stable, 1 for beta, 2 for alpha, 3 for other names.
    private let level: Int
    private let major: Int
    private let minor: Int
    private let name: String

    init(_ name: String) {
        self.name = name
        var rest = name.utf8[...]
        func number() -> Int? {
            let digits = rest.prefix { (48...57).contains($0) }
            rest = rest.dropFirst(digits.count)
            return Int(String(Substring(digits)))
        }
        guard rest.popFirst() == UInt8(ascii: "v"), let major = number() else {
            (level, self.major, minor) = (3, 0, 0)
            return
        }
        for (index, word) in ["", "beta", "alpha"].enumerated() {
            if word.isEmpty ? rest.isEmpty : rest.starts(with: word.utf8) {
                rest = rest.dropFirst(word.utf8.count)
                let minor = word.isEmpty ? 0 : number()
                guard let minor, rest.isEmpty else { break }
                (level, self.major, self.minor) = (index, major, minor)
                return
            }
        }
        (level, self.major, minor) = (3, 0, 0)
    }

    static func < (a: Self, b: Self) -> Bool {
        if a.level != b.level { return a.level < b.level }
        if a.major != b.major { return a.major > b.major }
        if a.minor != b.minor { return a.minor > b.minor }
        return a.name < b.name
    }
}
