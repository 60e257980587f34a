internal import JSON

struct LogField {
    var key: String
    var value: JSONValue

    /// Numbers and booleans stay what they are in JSON; everything else is its description.
    init(_ pair: (key: String, value: any CustomStringConvertible)) {
        key = pair.key
        value =
            switch pair.value {
            case let flag as Bool: .bool(flag)
            case let integer as any BinaryInteger: .number(JSONNumber(integer))
            case let double as Double: JSONNumber(double).map(JSONValue.number) ?? .string("\(double)")
            default: .string(pair.value.description)
            }
    }
}

/// A line of the log, before it is text.
struct LogLine {
    var time: String
    var level: Logger.Level
    var event: String
    var fields: [LogField]

    var json: String {
        var object = JSONObject([
            ("time", .string(time)), ("level", .string(level.name)), ("event", .string(event)),
        ])
        for field in fields { object[field.key] = field.value }
        return JSONValue.object(object).serialized()
    }

    /// Keys and values in logfmt: a value is quoted when it would not be one word.
    var text: String {
        var line = "time=\(time) level=\(level.name) event=\(Self.word(event))"
        for field in fields {
            line += " \(field.key)=\(Self.word(field.value.string ?? field.value.serialized()))"
        }
        return line
    }

    private static func word(_ value: String) -> String {
        let isPlain = value.unicodeScalars.allSatisfy { $0.value > 0x20 && $0 != "\"" && $0 != "=" && !isControl($0) }
        if isPlain && !value.isEmpty { return value }
        // A terminal obeys DEL and C1 controls, which JSON lets through.
        return JSONValue.string(value).serialized().unicodeScalars.reduce(into: "") { text, scalar in
            if isControl(scalar) {
                text += "\\u00\(String(scalar.value, radix: 16))"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool { (0x7F...0x9F).contains(scalar.value) }
}
