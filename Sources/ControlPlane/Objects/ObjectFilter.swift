internal import JSON
internal import KubeAPI

/// Which objects of a resource a list or a watch is about.
struct ObjectFilter {
    /// What the client has asked for: filters of the same words for the same version are the same.
    struct Words: Hashable {
        var namespace: String
        var labelSelector: String
        var fieldSelector: String
    }

    let words: Words
    /// `namespace/`, or empty for all.
    var prefix = ""
    /// Of one object, when the request names one.
    var path: String?
    var labels = LabelSelector.everything
    var fields = FieldSelector.everything
    private let selectable: SelectableFields
    /// The fields are named as this version names them; nil when that is the stored one.
    private let version: ResourceType?

    init(
        _ type: ResourceType, isStoredVersion: Bool, namespace: String, options: ListOptions
    ) throws(APIStatus) {
        words = Words(
            namespace: namespace, labelSelector: options.labelSelector, fieldSelector: options.fieldSelector)
        selectable = type.custom.map { .custom($0.selectableFields) } ?? .of(type.groupKind)
        version = isStoredVersion ? nil : type
        prefix = namespace.isEmpty ? "" : namespace + "/"
        do throws(SelectorError) {
            if !options.labelSelector.isEmpty { labels = try LabelSelector(parsing: options.labelSelector) }
            if !options.fieldSelector.isEmpty { fields = try FieldSelector(parsing: options.fieldSelector) }
            try selectable.check(fields)
        } catch {
            throw .badRequest(error.message)
        }
        if let name = fields.required("metadata.name"), !type.isNamespaced || !namespace.isEmpty {
            path = StoragePrefix.path(namespace: namespace, name: name)
        }
    }

    /// Labels and fields play a part.
    var isSelective: Bool { !labels.isEmpty || !fields.isEmpty }

    /// Whether the object is meant, its path being looked at as well.
    func matches(_ object: CachedObject) -> Bool { covers(object.path) && selects(object) }

    func covers(_ objectPath: String) -> Bool {
        if let path { return objectPath == path }
        return prefix.isEmpty || objectPath.utf8.starts(with: prefix.utf8)
    }

    /// By labels and fields alone.
    func selects(_ object: CachedObject) -> Bool {
        if !labels.isEmpty {
            let found = object.bytes.withUnsafeBytes { JSONSkim($0).labels }
            guard labels.matches(found) else { return false }
        }
        for term in fields.terms {
            guard (value(term.field, object) == term.value) == term.isEqual else { return false }
        }
        return true
    }

    private func value(_ field: String, _ object: CachedObject) -> String {
        switch field {
        case "metadata.name": return String(object.name)
        case "metadata.namespace": return String(object.namespace)
        default:
            if let version {
                return selectable.value(field, of: VersionConversion.convert(object.decoded ?? .null, to: version))
            }
            // A thousand watches of pods, one for each node, look at each pod that changes.
            return object.bytes.withUnsafeBytes { buffer in
                let skim = JSONSkim(buffer)
                return selectable.value(field) { skim.scalarText($0) }
            }
        }
    }
}

extension JSONSkim {
    var labels: [String: String] {
        guard let document, let metadata = opened("metadata", of: document),
            let labels = opened("labels", of: metadata)
        else { return [:] }
        return strings(labels)
    }
}
