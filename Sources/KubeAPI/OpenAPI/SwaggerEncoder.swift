internal import JSON

/// The Swagger document in the form in which clients ask for it first: protobuf, as gnostic describes it
/// (`openapi.v2.Document`). Older kubectls read no other before they create, apply or explain anything.
struct SwaggerEncoder {
    private var writer = ProtobufWriter()

    static func encode(_ document: JSONValue) -> [UInt8] {
        var encoder = SwaggerEncoder()
        encoder.document(document)
        return encoder.writer.bytes
    }

    private mutating func document(_ document: JSONValue) {
        text(1, document.member("swagger"))
        message(2) { info in
            info.text(1, document.member("info")?.member("title"))
            info.text(2, document.member("info")?.member("version"))
        }
        message(8) { paths in
            paths.named(2, document.member("paths")) { $0.path($1) }
        }
        message(9) { definitions in
            definitions.named(1, document.member("definitions")) { $0.schema($1) }
        }
    }

    // MARK: Paths

    private static let methods = ["get": 2, "put": 3, "post": 4, "delete": 5, "options": 6, "head": 7, "patch": 8]

    private mutating func path(_ path: JSONValue) {
        for member in path.object?.members ?? [] {
            if let number = Self.methods[member.key] {
                message(number) { $0.operation(member.value) }
            } else if member.key == "parameters" {
                parameters(9, member.value)
            }
        }
    }

    private mutating func operation(_ operation: JSONValue) {
        parameters(8, operation.member("parameters"))
        message(9) { responses in
            responses.named(1, operation.member("responses")) { value, response in
                value.message(1) { answer in
                    answer.text(1, response.member("description"))
                    if let schema = response.member("schema") {
                        answer.message(2) { $0.message(1) { $0.schema(schema) } }
                    }
                }
            }
        }
        extensions(13, of: operation)
    }

    /// `ParametersItem`s: what comes in the body, or in the path or query.
    private mutating func parameters(_ number: Int, _ list: JSONValue?) {
        for parameter in list?.array ?? [] {
            message(number) { item in
                item.message(1) { $0.parameter(parameter) }
            }
        }
    }

    private mutating func parameter(_ parameter: JSONValue) {
        let place = parameter.member("in")?.string
        if place == "body" {
            message(1) { body in
                body.text(2, parameter.member("name"))
                body.text(3, parameter.member("in"))
                body.flag(4, parameter.member("required"))
                if let schema = parameter.member("schema") { body.message(5) { $0.schema(schema) } }
            }
            return
        }
        let isPath = place == "path"
        message(2) { other in
            other.message(isPath ? 4 : 3) { field in
                field.flag(1, parameter.member("required"))
                field.text(2, parameter.member("in"))
                field.text(4, parameter.member("name"))
                field.text(isPath ? 5 : 6, parameter.member("type"))
            }
        }
    }

    // MARK: Schemas

    private mutating func schema(_ schema: JSONValue) {
        for member in schema.object?.members ?? [] {
            let value = member.value
            switch member.key {
            case "type": message(22) { $0.text(1, value) }
            case "properties": message(25) { $0.named(1, value) { $0.schema($1) } }
            case "items": message(23) { $0.message(1) { $0.schema(value) } }
            case "additionalProperties":
                message(21) { item in
                    if value.object == nil { item.flag(2, value) } else { item.message(1) { $0.schema(value) } }
                }
            case "required": for name in value.array ?? [] { text(19, name) }
            case "enum": for choice in value.array ?? [] { any(20, choice) }
            case "default": any(5, value)
            case let key: if let number = Self.texts[key] { text(number, value) } else { limit(key, value) }
            }
        }
        extensions(31, of: schema)
    }

    private static let texts = ["$ref": 1, "format": 2, "title": 3, "description": 4, "pattern": 13]
    private static let counts = [
        "maxLength": 11, "minLength": 12, "maxItems": 14, "minItems": 15, "maxProperties": 17, "minProperties": 18,
    ]
    private static let numbers = ["multipleOf": 6, "maximum": 7, "minimum": 9]

    private mutating func limit(_ key: String, _ value: JSONValue) {
        if let number = Self.counts[key], let count = value.int {
            writer.field(number, Int64(count))
        } else if let number = Self.numbers[key], let double = value.double {
            writer.field(number, fixed64: double.bitPattern)
        }
    }

    // MARK: Pieces

    private mutating func message(_ number: Int, _ body: (inout SwaggerEncoder) -> Void) {
        let place = writer.open(number)
        body(&self)
        writer.close(place)
    }

    /// A map, as a list of messages that have a name and a value.
    private mutating func named(
        _ number: Int, _ object: JSONValue?, _ body: (inout SwaggerEncoder, JSONValue) -> Void
    ) {
        for member in object?.object?.members ?? [] {
            message(number) { pair in
                pair.writer.field(1, member.key)
                pair.message(2) { body(&$0, member.value) }
            }
        }
    }

    private mutating func text(_ number: Int, _ value: JSONValue?) {
        if let text = value?.string, !text.isEmpty { writer.field(number, text) }
    }

    private mutating func flag(_ number: Int, _ value: JSONValue?) {
        if value == true { writer.field(number, 1) }
    }

    /// Anything else stands there as YAML, of which JSON is a part.
    private mutating func any(_ number: Int, _ value: JSONValue) {
        message(number) { $0.writer.field(2, value.serialized()) }
    }

    private mutating func extensions(_ number: Int, of object: JSONValue) {
        for member in object.object?.members ?? [] where member.key.hasPrefix("x-") {
            message(number) { pair in
                pair.writer.field(1, member.key)
                pair.any(2, member.value)
            }
        }
    }
}
