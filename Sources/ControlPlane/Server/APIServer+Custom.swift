internal import JSON
internal import KubeAPI

/// Custom resources: what is served follows the CustomResourceDefinitions that there are.
extension APIServer {
    /// A definition has changed. Objects that are there already are shown as their new schema wants them.
    func customResourcesChanged() {
        let former = types.stored.filter(\.isCustom)
        types.setCustom(customTypes.types(of: cache[.customResourceDefinitions]))
        for type in types.stored where type.isCustom && !former.contains(where: { $0 === type }) {
            cache.show(StoragePrefix(type)) { object in Self.current(object, type) }
        }
    }

    /// All has been read. What is younger than its definition has been written by the schema that there is.
    func customResourcesLoaded() {
        types.setCustom(customTypes.types(of: cache[.customResourceDefinitions]))
        for type in types.stored where type.isCustom {
            let definition = cache.object(.customResourceDefinitions, "\(type.plural).\(type.group)")
            cache.show(StoragePrefix(type)) { object in
                definition.map { object.revision > $0.revision } == true ? nil : Self.current(object, type)
            }
        }
    }

    /// The object without what the schema does not know, and with the defaults that it has; nil when that is what it is.
    private static func current(_ object: CachedObject, _ type: ResourceType) -> [UInt8]? {
        guard let value = object.decoded, let schema = type.schema, let known = try? schema.decode(value).value else {
            return nil
        }
        var current = Defaults.applied(to: known, schema)
        current.set(value.at("metadata"), at: "metadata")
        return current.isEquivalent(to: value) ? nil : Array(current.serialized().utf8)
    }
}
