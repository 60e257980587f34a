internal import JSON
internal import KubeAPI
internal import YAML

/// A list in parts: what comes before its items, each of them, and what comes behind.
struct ListDocument {
    private let renderer: Renderer
    /// Without items.
    private let empty: JSONValue
    /// Of the list and of an item, in protobuf.
    private let schemas: (list: Schema, item: Schema)?

    /// nil for a list that can only be made as a whole.
    init?(_ renderer: Renderer, _ page: ListPage) {
        self.renderer = renderer
        empty = renderer.value(page, [])
        switch renderer.form.encoding {
        case .json, .yaml: schemas = nil
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
        if renderer.form.encoding == .yaml { return yamlEnds }
        // The items come last in every form.
        let bytes = empty.serializedBytes()
        return (Array(bytes.dropLast(2)), Array(bytes.suffix(2)))
    }

    /// nil when it cannot be written.
    func item(_ object: CachedObject, isFirst: Bool) -> [UInt8]? {
        let item = renderer.item(object)
        if let schemas { return ProtobufCoding.item(item, schemas.item) }
        // An element of a list that is a member stands as far to the left as one of a list that is a document.
        if renderer.form.encoding == .yaml { return Array(JSONValue.array([item.inKeyOrder]).yaml().utf8) }
        return isFirst ? item.serializedBytes() : [UInt8(ascii: ",")] + item.serializedBytes()
    }

    /// What comes before the items and behind them: members are in the order of their names. nil without items.
    private var yamlEnds: (head: [UInt8], tail: [UInt8])? {
        let members = empty.inKeyOrder.pairs()
        let lists = ["items", "rows"]
        guard let place = members.firstIndex(where: { lists.contains($0.key) }) else { return nil }
        func text(_ members: ArraySlice<JSONObject.Member>) -> String {
            members.isEmpty ? "" : JSONValue.object(JSONObject(members: Array(members))).yaml()
        }
        let head = text(members[..<place]) + members[place].key + ":\n"
        return (Array(head.utf8), Array(text(members[(place + 1)...]).utf8))
    }
}
