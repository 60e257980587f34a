internal import JSON

/// A kind's JSON to the protobuf of its message, by the schema's wire tables. The value is one that `Schema.decode` or
/// the store gave, so that what does not fit its schema is a defect, said by an error.
struct ProtobufEncoder {
    private(set) var writer = ProtobufWriter()

    struct Mismatch: Error, CustomStringConvertible {
        var message: String
        var field: String

        var description: String { "cannot write \(message).\(field) as protobuf: the value is of another type" }
    }

    mutating func message(_ json: JSONValue, _ schema: Schema) throws(Mismatch) {
        guard case .object(let object) = json else { throw Mismatch(message: schema.name, field: "") }
        var values = [JSONValue?](repeating: nil, count: schema.fields.count)
        var unknown: [UInt8] = []
        for member in object.members {
            if let index = schema.fieldIndex(member.key) {
                values[index] = member.value
            } else if member.key == UnknownFields.key {
                unknown = member.value.base64Bytes ?? []
            }
        }
        try fields(values, schema.wire, schema)
        writer.raw(unknown)
    }

    private mutating func fields(_ values: [JSONValue?], _ table: WireTable, _ schema: Schema) throws(Mismatch) {
        for (number, entry) in table.entries {
            switch entry {
            case .field(let index):
                if let value = values[index] { try write(value, schema.fields[index], number, schema) }
            case .embedded(let inner):
                guard inner.fieldIndices.contains(where: { values[$0] != nil }) else { continue }
                let place = writer.open(number)
                try fields(values, inner, schema)
                writer.close(place)
            }
        }
    }

    private mutating func write(_ json: JSONValue, _ field: Field, _ number: Int, _ owner: Schema) throws(Mismatch) {
        if case .null = json, field.schema.form != .any { return }
        do throws(Mismatch) {
            switch field.schema.form {
            case .list where !field.schema.isWrapped:
                guard case .array(let elements) = json else { throw Mismatch(message: "", field: "") }
                for element in elements { try value(element, field.schema.element ?? .any, number) }
            case .map:
                guard case .object(let object) = json else { throw Mismatch(message: "", field: "") }
                for member in object.members {
                    let place = writer.open(number)
                    writer.field(1, member.key)
                    try value(member.value, field.schema.element ?? .any, 2)
                    writer.close(place)
                }
            default: try value(json, field.schema, number)
            }
        } catch {
            if error.message.isEmpty { throw Mismatch(message: owner.name, field: field.name) }
            throw error
        }
    }

    private mutating func value(_ json: JSONValue, _ schema: Schema, _ number: Int) throws(Mismatch) {
        let place: Int
        switch (schema.form, json) {
        case (.string, .string(let text)):
            writer.field(number, text)
            return
        case (.int32, .number(let value)), (.int64, .number(let value)):
            guard let value = value.int else { throw Mismatch(message: "", field: "") }
            writer.field(number, Int64(value))
            return
        case (.bool, .bool(let value)):
            writer.field(number, value ? 1 : 0)
            return
        case (.double, .number(let value)):
            writer.field(number, fixed64: (value.double ?? 0).bitPattern)
            return
        case (.bytes, .string(let text)):
            let plain = text.utf8.contains { $0 == 0x0A || $0 == 0x0D } ? text.filter { !$0.isNewline } : text
            guard let bytes = Base64.decode(plain) else { throw Mismatch(message: "", field: "") }
            writer.field(number, bytes)
            return
        default: place = writer.open(number)
        }
        switch (schema.form, json) {
        case (.object, .object): try message(json, schema)
        case (.variant, _):
            let index = json.object == nil ? 1 : 0
            // An object allows what it describes: Go's decoder sets both, and its readers look at both.
            if index == 0, schema.fields[1].schema.form == .bool { writer.field(schema.wire.number(of: 1), 1) }
            try write(json, schema.fields[index], schema.wire.number(of: index), schema)
        case (.quantity, .string(let text)): writer.field(1, text)
        case (.intOrString, .number(let number)):
            writer.field(1, 0)
            writer.field(2, Int64(number.int ?? 0))
            writer.field(3, "")
        case (.intOrString, .string(let text)):
            writer.field(1, 1)
            writer.field(2, 0)
            writer.field(3, text)
        case (.time, .string(let text)), (.microTime, .string(let text)):
            guard let time = Timestamp(text) else { throw Mismatch(message: "", field: "") }
            writer.field(1, Int64(time.seconds))
            writer.field(2, Int64(time.microseconds * 1000))
        case (.any, _): writer.field(1, json.serialized())
        case (.list, .array(let elements)) where schema.isWrapped:
            for element in elements { writer.field(1, element.string ?? "") }
        default:
            // Null in a list is an empty message.
            guard case .null = json else { throw Mismatch(message: "", field: "") }
        }
        writer.close(place)
    }
}
