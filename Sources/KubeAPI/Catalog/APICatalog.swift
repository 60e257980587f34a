internal import Synchronization

/// The built-in resources and kinds. Resources are read at start, which discovery needs; a group's messages are parsed
/// when one of its kinds is first asked for. Custom resources are the server's to keep: their `ResourceType` has its
/// own schema.
package final class APICatalog: Sendable {
    package static let builtin = APICatalog(SchemaTexts.all)

    /// In the order of discovery: core, then by group.
    package let resources: [ResourceType]
    /// The groups' versions, the preferred one of each group first.
    package let groupVersions: [GroupVersion]
    private let byPath: [GroupVersion: [String: ResourceType]]
    private let byKind: [GroupVersionKind: ResourceType]
    private let texts: [GroupVersion: SchemaText]
    private let parsed = Mutex<[GroupVersion: [String: Schema]]>([:])

    init(_ texts: [SchemaText]) {
        self.texts = Dictionary(uniqueKeysWithValues: texts.map { ($0.groupVersion, $0) })
        resources = texts.flatMap { ResourceTextParser.parse($0) }
        groupVersions = texts.filter { !$0.resources.isEmpty }.map(\.groupVersion)
        byPath = Dictionary(grouping: resources, by: \.groupVersion).mapValues { resources in
            Dictionary(uniqueKeysWithValues: resources.map { ($0.plural, $0) })
        }
        byKind = Dictionary(resources.map { ($0.gvk, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package func resource(_ groupVersion: GroupVersion, _ plural: String) -> ResourceType? {
        byPath[groupVersion]?[plural]
    }

    package func resource(of kind: GroupVersionKind) -> ResourceType? { byKind[kind] }

    package func resources(of groupVersion: GroupVersion) -> [ResourceType] {
        resources.filter { $0.groupVersion == groupVersion }
    }

    /// The schema of a kind: a resource's, its list's, or one of those that every group has (Status, DeleteOptions,
    /// ListOptions, WatchEvent …).
    package func schema(of kind: GroupVersionKind) -> Schema? {
        if texts[kind.groupVersion] != nil, let schema = messages(of: kind.groupVersion)[kind.kind] { return schema }
        return Self.commonKinds.contains(kind.kind) ? messages(of: Self.meta)[kind.kind] : nil
    }

    /// A message of apimachinery's meta/v1: "ObjectMeta", "LabelSelector".
    package func metaSchema(_ name: String) -> Schema? { messages(of: Self.meta)[name] }

    /// All messages of a group by their names.
    package func messages(of groupVersion: GroupVersion) -> [String: Schema] {
        if let known = parsed.withLock({ $0[groupVersion] }) { return known }
        guard let text = texts[groupVersion] else { return [:] }
        // Parsed outside the lock, for a group needs those that it names; twice at worst, and the first one stays.
        let messages = parse(text).messages
        return parsed.withLock { groups in
            if let known = groups[groupVersion] { return known }
            groups[groupVersion] = messages
            return messages
        }
    }

    /// The kinds under which a message is published.
    func kinds(of schema: Schema) -> [GroupVersionKind] {
        if let text = texts.values.first(where: { $0.package == schema.package }) {
            let isMeta = text.groupVersion == Self.meta
            return [GroupVersionKind(isMeta ? Self.core : text.groupVersion, schema.name)]
        }
        return []
    }

    /// What the group's text names without saying where: its own messages, then meta's, then core's.
    func parse(_ text: SchemaText, isThorough: Bool = false) -> SchemaTextParser {
        let outer = [Self.meta, Self.core].filter { $0 != text.groupVersion }
        var parser = SchemaTextParser(text, isThorough: isThorough) { name in
            for groupVersion in outer where text.groupVersion != Self.meta {
                if let schema = self.messages(of: groupVersion)[name] { return schema }
            }
            return nil
        }
        parser.parse(lists: resources(of: text.groupVersion).filter { $0.verbs.contains(.list) })
        return parser
    }

    static let meta = GroupVersion(group: "meta.k8s.io", version: "v1")
    static let core = GroupVersion(group: "", version: "v1")
    private static let commonKinds: Set<String> = [
        "Status", "DeleteOptions", "ListOptions", "GetOptions", "CreateOptions", "UpdateOptions", "PatchOptions",
        "ApplyOptions", "WatchEvent", "APIGroup", "APIGroupList", "APIResourceList", "APIVersions", "TableOptions",
        "PartialObjectMetadata", "PartialObjectMetadataList",
    ]
}
