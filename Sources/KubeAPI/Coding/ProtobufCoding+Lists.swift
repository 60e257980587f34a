package import JSON

/// Lists whose items are written one by one, by somebody who has not got them all at once.
extension ProtobufCoding {
    /// What comes before and behind the items, which are so many bytes; nil when the list is not of the schema.
    package static func list(_ json: JSONValue, _ schema: Schema, itemBytes: Int) -> (head: [UInt8], tail: [UInt8])? {
        guard let raw = encodeMessage(json, schema) else { return nil }
        var head = ProtobufWriter()
        head.raw(magic)
        let type = head.open(1)
        head.field(1, json.member("apiVersion")?.string ?? "")
        head.field(2, json.member("kind")?.string ?? "")
        head.close(type)
        head.tag(2, .bytes)
        head.varint(UInt64(raw.count + itemBytes))
        head.raw(raw)
        var tail = ProtobufWriter()
        tail.field(3, "")
        tail.field(4, "")
        return (head.bytes, tail.bytes)
    }

    /// An item, as the field of the list that it is: `items` is the second and last one of every list.
    package static func item(_ json: JSONValue, _ schema: Schema) -> [UInt8]? {
        guard let raw = encodeMessage(json, schema) else { return nil }
        var writer = ProtobufWriter()
        writer.field(2, raw)
        return writer.bytes
    }
}
