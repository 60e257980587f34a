internal import JSON

/// Protobuf of a message to its JSON, by the schema's wire tables.
struct ProtobufDecoder {
    /// Places for the fields of the messages that are being read, innermost last.
    private var places: [JSONValue?] = []
    /// Those of them that hold maps whose entries have not come in their order.
    private var unsorted: Set<Int> = []
    private var depth = 0
    /// As JSON's parser has it.
    private static let depthLimit = 128

    mutating func message(_ reader: ProtobufReader, _ schema: Schema) throws(ProtobufError) -> JSONValue {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.depthLimit { throw reader.failure("nested too deeply") }
        let base = places.count
        places.append(contentsOf: repeatElement(nil, count: schema.fields.count))
        defer { places.removeSubrange(base...) }
        var unknown: [UInt8] = []
        try fields(reader, schema.wire, schema, base, &unknown)
        sortMaps(from: base)
        var extra: [JSONObject.Member] = []
        if !unknown.isEmpty { extra.append(.init(key: UnknownFields.key, value: .base64(unknown))) }
        return schema.assemble(places[base...], unknown: extra)
    }

    private mutating func fields(
        _ reader: ProtobufReader, _ table: WireTable, _ schema: Schema, _ base: Int, _ unknown: inout [UInt8]
    ) throws(ProtobufError) {
        var reader = reader
        while !reader.isAtEnd {
            let start = reader.offset
            let (number, type) = try reader.tag()
            switch table[number] {
            case .field(let index):
                try field(&reader, type, schema.fields[index].schema, at: base + index)
            case .embedded(let inner):
                guard type == .bytes else { throw reader.failure("a wrong wire type for field \(number)") }
                let range = try reader.delimited()
                var rest: [UInt8] = []
                try fields(reader.reader(range), inner, schema, base, &rest)
                if !rest.isEmpty {
                    var writer = ProtobufWriter()
                    writer.field(number, rest)
                    unknown += writer.bytes
                }
            case nil:
                try reader.skip(type)
                unknown += reader.copy(start..<reader.offset)
            }
        }
    }

    private mutating func field(
        _ reader: inout ProtobufReader, _ type: ProtobufReader.WireType, _ schema: Schema, at place: Int
    ) throws(ProtobufError) {
        switch schema.form {
        case .list where schema.isWrapped:
            places[place] = try wrappedList(&reader, type)
        case .list:
            let element = schema.element ?? .any
            var elements: [JSONValue] = []
            if case .array(let known) = places[place] { elements = known }
            places[place] = nil
            if type == .bytes, element.isPackable {
                var packed = reader.reader(try reader.delimited())
                while !packed.isAtEnd { elements.append(try value(&packed, .varint, element)) }
            } else {
                elements.append(try value(&reader, type, element))
            }
            places[place] = .array(elements)
        case .map:
            guard type == .bytes else { throw reader.failure("a wrong wire type for a map") }
            var members: [JSONObject.Member] = []
            if case .object(let known) = places[place] { members = known.members }
            places[place] = nil
            let entry = try mapEntry(reader.reader(try reader.delimited()), schema.element ?? .any)
            // Entries come sorted from Go.
            if let last = members.last, last.key >= entry.key { unsorted.insert(place) }
            members.append(entry)
            places[place] = .object(JSONObject(members: members))
        default:
            places[place] = try value(&reader, type, schema)
        }
    }

    /// Of entries with the same key the last one counts.
    private mutating func sortMaps(from base: Int) {
        if unsorted.isEmpty { return }
        for place in unsorted where place >= base {
            guard case .object(let map) = places[place] else { continue }
            let byKey = Dictionary(map.members.map { ($0.key, $0.value) }) { $1 }
            places[place] = .object(
                JSONObject(members: byKey.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: $0.value) }))
        }
        unsorted = unsorted.filter { $0 < base }
    }

    private mutating func value(
        _ reader: inout ProtobufReader, _ type: ProtobufReader.WireType, _ schema: Schema
    ) throws(ProtobufError) -> JSONValue {
        switch (schema.form, type) {
        case (.string, .bytes): return .string(try reader.string(try reader.delimited()))
        case (.int32, .varint): return .number(JSONNumber(Int32(truncatingIfNeeded: try reader.varint())))
        case (.int64, .varint): return .number(JSONNumber(Int64(bitPattern: try reader.varint())))
        case (.bool, .varint): return .bool(try reader.varint() != 0)
        case (.double, .fixed64):
            let double = Double(bitPattern: try reader.fixed64())
            guard double.isFinite else { throw reader.failure("a number that JSON cannot express") }
            return .number(JSONNumber(shortest: double))
        case (.bytes, .bytes): return .base64(reader.copy(try reader.delimited()))
        case (.object, .bytes): return try message(reader.reader(try reader.delimited()), schema)
        case (.quantity, .bytes): return try quantity(reader.reader(try reader.delimited()))
        case (.intOrString, .bytes): return try intOrString(reader.reader(try reader.delimited()))
        case (.time, .bytes), (.microTime, .bytes):
            let range = try reader.delimited()
            // An empty message is Go's zero time, which is none.
            if range.isEmpty { return .null }
            let time = try time(reader.reader(range))
            return .string(schema.form == .time ? time.time : time.microTime)
        case (.any, .bytes): return try raw(reader.reader(try reader.delimited()))
        case (.variant, .bytes): return try variant(reader.reader(try reader.delimited()), schema)
        case (.list, .bytes) where schema.isWrapped: return try wrappedList(&reader, type)
        default: throw reader.failure("a wrong wire type")
        }
    }

    private mutating func mapEntry(_ reader: ProtobufReader, _ element: Schema) throws(ProtobufError)
        -> JSONObject.Member
    {
        var reader = reader
        var key = ""
        var entry: JSONValue?
        while !reader.isAtEnd {
            let (number, type) = try reader.tag()
            switch (number, type) {
            case (1, .bytes): key = try reader.string(try reader.delimited())
            case (2, _): entry = try value(&reader, type, element)
            default: try reader.skip(type)
            }
        }
        return .init(key: key, value: entry ?? value(ofEmpty: element))
    }

    /// What a map's entry without a value stands for.
    private func value(ofEmpty schema: Schema) -> JSONValue {
        switch schema.form {
        case .string, .bytes: .string("")
        case .quantity: .string("0")
        case .int32, .int64: .number(JSONNumber(0))
        case .bool: .bool(false)
        case .object: schema.assemble([JSONValue?](repeating: nil, count: schema.fields.count)[...])
        case .list: .array([])
        default: .null
        }
    }

    private func wrappedList(_ reader: inout ProtobufReader, _ type: ProtobufReader.WireType) throws(ProtobufError)
        -> JSONValue
    {
        guard type == .bytes else { throw reader.failure("a wrong wire type for a list") }
        var inner = reader.reader(try reader.delimited())
        var elements: [JSONValue] = []
        while !inner.isAtEnd {
            let (number, type) = try inner.tag()
            if number == 1, type == .bytes {
                elements.append(.string(try inner.string(try inner.delimited())))
            } else {
                try inner.skip(type)
            }
        }
        return .array(elements)
    }

    private func quantity(_ reader: ProtobufReader) throws(ProtobufError) -> JSONValue {
        var reader = reader
        var text = "0"
        while !reader.isAtEnd {
            let (number, type) = try reader.tag()
            if number == 1, type == .bytes {
                text = try reader.string(try reader.delimited())
            } else {
                try reader.skip(type)
            }
        }
        guard let quantity = Quantity(text.isEmpty ? "0" : text) else { throw reader.failure("no quantity: \(text)") }
        return .string(quantity.description)
    }

    private func intOrString(_ reader: ProtobufReader) throws(ProtobufError) -> JSONValue {
        var reader = reader
        var (isString, number, text) = (false, Int32(0), "")
        while !reader.isAtEnd {
            let (field, type) = try reader.tag()
            switch (field, type) {
            case (1, .varint): isString = try reader.varint() == 1
            case (2, .varint): number = Int32(truncatingIfNeeded: try reader.varint())
            case (3, .bytes): text = try reader.string(try reader.delimited())
            default: try reader.skip(type)
            }
        }
        return isString ? .string(text) : .number(JSONNumber(number))
    }

    private func time(_ reader: ProtobufReader) throws(ProtobufError) -> Timestamp {
        var reader = reader
        var time = Timestamp(seconds: 0)
        while !reader.isAtEnd {
            let (number, type) = try reader.tag()
            switch (number, type) {
            case (1, .varint): time.seconds = Int(Int64(bitPattern: try reader.varint()))
            case (2, .varint): time.microseconds = Int(Int32(truncatingIfNeeded: try reader.varint())) / 1000
            default: try reader.skip(type)
            }
        }
        // Years 1 to 9999, which is what RFC 3339 can say.
        guard (-62_135_596_800..<253_402_300_800).contains(time.seconds), (0..<1_000_000).contains(time.microseconds)
        else {
            throw reader.failure("a time that cannot be written")
        }
        return time
    }

    /// JSON in bytes: RawExtension, FieldsV1, a custom resource schema's default.
    private func raw(_ reader: ProtobufReader) throws(ProtobufError) -> JSONValue {
        var reader = reader
        var json = JSONValue.null
        while !reader.isAtEnd {
            let (number, type) = try reader.tag()
            guard number == 1, type == .bytes else {
                try reader.skip(type)
                continue
            }
            let range = try reader.delimited()
            if range.isEmpty { continue }
            do { json = try JSONValue.parse(reader.slice(range), depthLimit: Self.depthLimit) } catch {
                throw reader.failure("bytes that should be JSON: \(error)")
            }
        }
        return json
    }

    private mutating func variant(_ reader: ProtobufReader, _ schema: Schema) throws(ProtobufError) -> JSONValue {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.depthLimit { throw reader.failure("nested too deeply") }
        let base = places.count
        places.append(contentsOf: [nil, nil])
        defer { places.removeSubrange(base...) }
        var unknown: [UInt8] = []
        try fields(reader, schema.wire, schema, base, &unknown)
        sortMaps(from: base)
        let empty = schema.fields[1].schema.form == .bool ? JSONValue.bool(false) : .array([])
        return places[base] ?? places[base + 1] ?? empty
    }
}

extension Schema {
    /// Numbers and booleans of a list may come packed in one field.
    fileprivate var isPackable: Bool { form == .int32 || form == .int64 || form == .bool }
}
