package import JSON
internal import Synchronization

/// What may be asked of a resource.
package struct Verbs: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let create = Verbs(rawValue: 1)
    package static let delete = Verbs(rawValue: 2)
    package static let deletecollection = Verbs(rawValue: 4)
    package static let get = Verbs(rawValue: 8)
    package static let list = Verbs(rawValue: 16)
    package static let patch = Verbs(rawValue: 32)
    package static let update = Verbs(rawValue: 64)
    package static let watch = Verbs(rawValue: 128)
    /// What a resource that is stored answers to.
    package static let all = Verbs(rawValue: 255)
    /// What a `status`, `scale` or `approval` subresource answers to.
    package static let getUpdatePatch: Verbs = [.get, .patch, .update]

    private static let words = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]

    package init?(word: some StringProtocol) {
        guard let bit = Self.words.firstIndex(where: { $0 == word }) else { return nil }
        self.init(rawValue: 1 << UInt16(bit))
    }

    /// In alphabetical order, as discovery lists them.
    package var words: [String] {
        Self.words.enumerated().compactMap { rawValue & 1 << UInt16($0.offset) == 0 ? nil : $0.element }
    }
}

/// A part of an object with a path of its own, like `pods/status`.
package struct Subresource: Hashable, Sendable {
    package var name: String
    /// What is read and written there; of another group than the resource for `scale` and `token`.
    package var kind: GroupVersionKind
    package var verbs: Verbs

    package init(name: String, kind: GroupVersionKind, verbs: Verbs) {
        self.name = name
        self.kind = kind
        self.verbs = verbs
    }
}

/// A resource that the server knows: `deployments` of `apps/v1`, or one that a CustomResourceDefinition describes.
package final class ResourceType: Sendable {
    package let groupVersion: GroupVersion
    /// The path's word: "deployments".
    package let plural: String
    package let singular: String
    package let kind: String
    package let listKind: String
    package let isNamespaced: Bool
    package let shortNames: [String]
    package let categories: [String]
    package let verbs: Verbs
    package let subresources: [Subresource]
    /// Nil for built-in resources.
    package let custom: CustomTraits?
    private let ownSchema: Schema?
    /// Of a built-in resource, once it has been asked for.
    private let found = Mutex<Schema?>(nil)

    /// The schema is that of a custom resource; without one the built-in schema of the kind is used.
    package init(
        groupVersion: GroupVersion, plural: String, singular: String? = nil, kind: String, listKind: String? = nil,
        isNamespaced: Bool, shortNames: [String] = [], categories: [String] = [], verbs: Verbs = .all,
        subresources: [Subresource] = [], schema: Schema? = nil, custom: CustomTraits? = nil
    ) {
        self.custom = custom
        self.groupVersion = groupVersion
        self.plural = plural
        self.singular = singular ?? lowercasedASCII(kind)
        self.kind = kind
        self.listKind = listKind ?? kind + "List"
        self.isNamespaced = isNamespaced
        self.shortNames = shortNames
        self.categories = categories
        self.verbs = verbs
        self.subresources = subresources
        ownSchema = schema
    }

    package var group: String { groupVersion.group }
    package var version: String { groupVersion.version }
    package var gvk: GroupVersionKind { GroupVersionKind(groupVersion, kind) }
    package var groupResource: GroupResource { GroupResource(group: group, resource: plural) }
    package var groupKind: GroupKind { GroupKind(group: group, kind: kind) }
    package var isCustom: Bool { ownSchema != nil }

    /// The schema of the kind; the built-in ones are parsed at first use. Nil for a kind that is in no table.
    package var schema: Schema? {
        if let schema = ownSchema ?? found.withLock({ $0 }) { return schema }
        let schema = APICatalog.builtin.schema(of: gvk)
        found.withLock { $0 = schema }
        return schema
    }

    /// What stands for the status of an object that has none yet; nil when nothing does.
    package var emptyStatus: JSONValue? { isCustom ? nil : schema?.field("status")?.valueWhenAbsent }

    package func subresource(_ name: String) -> Subresource? { subresources.first { $0.name == name } }
}

func lowercasedASCII(_ text: String) -> String {
    String(decoding: text.utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
}
