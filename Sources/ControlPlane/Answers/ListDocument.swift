internal import JSON
internal import KubeAPI

/// A list in parts: what comes before its items, each of them, and what comes behind.
struct ListDocument {
    private let renderer: Renderer
    /// Without items.
    private let empty: JSONValue
    /// Of the list and of an item, in protobuf.
    private let schemas: (list: Schema, item: Schema)?

    /// nil for a list that can only be made as a whole: the members of YAML have another order.
    init?(_ renderer: Renderer, _ page: ListPage) {
        self.renderer = renderer
        empty = renderer.value(page, [])
        switch renderer.form.encoding {
        case .json: schemas = nil
        case .yaml: return nil
        case .protobuf:
            let isPartial = renderer.form.rendering != .object
            let item = GroupVersionKind(
                renderer.type.groupVersion, isPartial ? "PartialObjectMetadata" : renderer.type.kind)
            guard let version = GroupVersion(apiVersion: empty.text("apiVersion")),
                let list = APICatalog.builtin.schema(of: GroupVersionKind(version, empty.text("kind"))),
                let element = APICatalog.builtin.schema(
                    of: isPartial ? GroupVersionKind(version, item.kind) : item)
            else { return nil }
            schemas = (list, element)
        }
    }

    /// Of a list whose items are so many bytes. nil when it cannot be written.
    func ends(itemBytes: Int) -> (head: [UInt8], tail: [UInt8])? {
        if let schemas { return ProtobufCoding.list(empty, schemas.list, itemBytes: itemBytes) }
        // The items come last in every form.
        let bytes = empty.serializedBytes()
        return (Array(bytes.dropLast(2)), Array(bytes.suffix(2)))
    }

    /// nil when it cannot be written.
    func item(_ object: CachedObject, isFirst: Bool) -> [UInt8]? {
        let item = renderer.item(object)
        if let schemas { return ProtobufCoding.item(item, schemas.item) }
        return isFirst ? item.serializedBytes() : [UInt8(ascii: ",")] + item.serializedBytes()
    }
}
