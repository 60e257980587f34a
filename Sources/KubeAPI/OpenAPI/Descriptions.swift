/// What `kubectl explain` says about messages and their fields, in our own words. The texts of the groups that a document
/// is made of are read when it is written, and go with it.
struct Descriptions {
    private var packages: [String: [String: MessageDescription]] = [:]
    private static let meta = MetaV1.text.package

    /// Of the groups with these packages, "io.k8s.api.core.v1"; what they include from meta is there too.
    init(of packages: Set<String>, in texts: [SchemaText] = SchemaTexts.all) {
        for text in texts where packages.contains(text.package) || text.package == Self.meta {
            self.packages[text.package] = DescriptionParser(text.descriptions).messages
        }
    }

    /// Empty for a message that has none: custom resources bring their own.
    func text(of schema: Schema) -> String {
        if let description = packages[schema.package]?[schema.name] { return description.text }
        guard schema.isKind, schema.name.hasSuffix("List") else { return "" }
        return "A list of objects of the kind \(schema.name.dropLast(4))."
    }

    func text(of field: String, in owner: Schema) -> String {
        if let description = packages[owner.package]?[owner.name],
            let text = text(of: field, in: description, of: owner.package)
        {
            return text
        }
        guard owner.isKind else { return "" }
        return (owner.field("items") == nil ? Self.ofKinds : Self.ofLists)[field] ?? ""
    }

    private func text(of field: String, in description: MessageDescription, of package: String) -> String? {
        if let text = description.fields[field] { return text }
        for name in description.includes {
            if let included = packages[package]?[name] ?? packages[Self.meta]?[name],
                let text = text(of: field, in: included, of: package)
            {
                return text
            }
        }
        return nil
    }

    /// Fields that mean the same in every kind; a custom resource's author need not say what a spec is.
    private static let ofKinds: [String: String] = [
        "apiVersion": "The group and version of the API in which this object is written.",
        "kind": "The type of this object.",
        "metadata": "What every object has: its name, namespace, labels and annotations among others.",
        "spec": "What is wanted.",
        "status": "What was last observed; written by the system.",
    ]

    private static let ofLists: [String: String] = [
        "apiVersion": "The group and version of the API in which this list is written.",
        "kind": "The type of this list.",
        "metadata": "The revision that the list shows, and how to get what comes next.",
        "items": "The objects of this list.",
    ]
}
