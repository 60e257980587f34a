package import JSON

extension ResourceType {
    /// How its objects are shown as rows.
    package var table: ResourceTable {
        custom.map { .custom(.array($0.printerColumns)) } ?? .of(groupKind)
    }

    /// The resources that a CustomResourceDefinition describes, one for each version that is served, the preferred
    /// version's first. The definition must be valid.
    package static func custom(_ definition: JSONValue) -> [ResourceType] {
        guard let spec = definition.member("spec"), let group = spec.member("group")?.string,
            let names = definition.member(at: "status", "acceptedNames").flatMap({ $0.text("kind").isEmpty ? nil : $0 })
                ?? spec.member("names")
        else { return [] }
        let versions = (spec.member("versions")?.array ?? []).filter { $0.member("served") == true }
        return versions.sorted { VersionOrder($0.text("name")) < VersionOrder($1.text("name")) }.map { version in
            custom(version, group, names, isNamespaced: spec.member("scope") == "Namespaced")
        }
    }

    private static func custom(_ version: JSONValue, _ group: String, _ names: JSONValue, isNamespaced: Bool)
        -> ResourceType
    {
        let kind = names.text("kind")
        let groupVersion = GroupVersion(group: group, version: version.text("name"))
        var subresources: [Subresource] = []
        if version.member(at: "subresources", "status") != nil {
            subresources.append(
                Subresource(name: "status", kind: GroupVersionKind(groupVersion, kind), verbs: .getUpdatePatch))
        }
        if version.member(at: "subresources", "scale") != nil {
            let scale = GroupVersionKind(group: "autoscaling", version: "v1", kind: "Scale")
            subresources.append(Subresource(name: "scale", kind: scale, verbs: .getUpdatePatch))
        }
        func list(_ key: String) -> [String] { (names.member(key)?.array ?? []).compactMap(\.string) }
        return ResourceType(
            groupVersion: groupVersion, plural: names.text("plural"),
            singular: names.text("singular").isEmpty ? nil : names.text("singular"), kind: kind,
            listKind: names.text("listKind").isEmpty ? nil : names.text("listKind"), isNamespaced: isNamespaced,
            shortNames: list("shortNames"), categories: list("categories"), subresources: subresources,
            schema: .custom(kind: kind, openAPIV3Schema: version.member(at: "schema", "openAPIV3Schema")),
            custom: CustomTraits(version, GroupVersionKind(groupVersion, kind)))
    }
}
