internal import Daemon
internal import JSON

/// How a key's value is written in a file and on the command line, and what it may be.
struct ConfigurationForm<Value: Equatable & Sendable>: Sendable {
    let kind: Flag.Kind
    /// The value; nil for a text that says nothing.
    let read: @Sendable (JSONValue) throws(Violation) -> Value?
    let write: @Sendable (Value) -> JSONValue
    /// A flag's text as it would stand in a file; null when it says nothing.
    let lift: @Sendable (String) -> JSONValue
    /// Go's zero value, which a file cannot tell from nothing unless the key is a pointer there.
    let isZero: @Sendable (JSONValue) -> Bool

    init(
        _ kind: Flag.Kind = .string, read: @escaping @Sendable (JSONValue) throws(Violation) -> Value?,
        write: @escaping @Sendable (Value) -> JSONValue,
        lift: @escaping @Sendable (String) -> JSONValue = { .string($0) },
        isZero: @escaping @Sendable (JSONValue) -> Bool = { _ in false }
    ) {
        (self.kind, self.read, self.write, self.lift, self.isZero) = (kind, read, write, lift, isZero)
    }
}

extension JSONValue {
    /// The string; nil for an empty one, which Go cannot tell from nothing.
    func nonEmptyText(_ rule: String) throws(Violation) -> String? {
        guard let text = string else { throw Violation(serialized(), rule) }
        return text.isEmpty ? nil : text
    }
}

extension ConfigurationForm where Value == Bool {
    static let flag = ConfigurationForm(
        .bool,
        read: { value throws(Violation) in
            guard let flag = value.bool else { throw Violation(value.serialized(), "must be true or false") }
            return flag
        },
        write: { .bool($0) },
        lift: { text in
            // The words that Go takes; `Arguments` has refused others.
            .bool(["1", "t", "T", "true", "TRUE", "True"].contains(text))
        })
}

extension ConfigurationForm where Value == Int {
    /// All of them are 32 bits wide in Go.
    static func integer(
        _ range: ClosedRange<Int> = 0...Int(Int32.max), _ rule: String = "must be an integer from 0 to 2147483647"
    ) -> ConfigurationForm {
        ConfigurationForm(
            .integer,
            read: { value throws(Violation) in
                guard let number = value.int, range.contains(number) else { throw Violation(value.serialized(), rule) }
                return number
            },
            write: { .number(JSONNumber($0)) },
            lift: { text in Int(text).map { .number(JSONNumber($0)) } ?? .string(text) },
            isZero: { $0.int == 0 })
    }

    static let bit = integer(0...31, "must be an integer from 0 to 31")

    /// To clients of the API zero is the default, by flag as in a file.
    static let burst = ConfigurationForm(
        .integer, read: integer().read, write: integer().write,
        lift: { text in
            let value = integer().lift(text)
            return value.int == 0 ? .null : value
        }, isZero: integer().isZero)
}

extension ConfigurationForm where Value == Double {
    static let number = ConfigurationForm(
        read: { value throws(Violation) in
            guard let number = value.double, number.isFinite, Float(number).isFinite else {
                throw Violation(value.serialized(), "must be a number, such as 5 or 0.5")
            }
            return number
        },
        write: { value in
            if let whole = Int(exactly: value) { return .number(JSONNumber(whole)) }
            return JSONNumber(value).map { .number($0) } ?? .null
        },
        lift: { text in
            guard let number = Double(text).flatMap({ JSONNumber($0) }) else { return .string(text) }
            // To clients of the API zero is the default, by flag as in a file.
            return number.double == 0 ? .null : .number(number)
        },
        isZero: { $0.double == 0 })
}

extension ConfigurationForm where Value == Duration {
    static let timeout = duration(.zero, "must be a duration of 0s or more, such as 24h or 1m30s")
    static let period = duration(.nanoseconds(1), "must be a duration greater than 0, such as 30s or 1h30m")

    /// A file cannot say that nothing is waited for, because Go takes 0 for no value there. The flag can, and its 0 is
    /// written as the least that a file can say.
    static let pause = ConfigurationForm(
        .duration, read: timeout.read, write: timeout.write,
        lift: { text in .string(GoDuration.parse(text) == .zero ? "1ns" : text) }, isZero: timeout.isZero)

    private static func duration(_ least: Duration, _ rule: String) -> ConfigurationForm {
        ConfigurationForm(
            .duration,
            read: { value throws(Violation) in
                guard let text = value.string, let duration = GoDuration.parse(text), duration >= least else {
                    throw Violation(value.serialized(), rule)
                }
                return duration
            },
            write: { .string(GoDuration.text($0)) },
            isZero: { value in value.string.flatMap(GoDuration.parse) == .zero })
    }
}

extension ConfigurationForm where Value == String {
    static let text = ConfigurationForm(
        read: { value throws(Violation) in try value.nonEmptyText("must be a string") }, write: { .string($0) })

    static func text(_ rule: String, where isAllowed: @escaping @Sendable (String) -> Bool) -> ConfigurationForm {
        ConfigurationForm(
            read: { value throws(Violation) in
                guard let text = try value.nonEmptyText(rule) else { return nil }
                if !isAllowed(text) { throw Violation(text: text, rule) }
                return text
            },
            write: { .string($0) })
    }
}

extension ConfigurationForm where Value: RawRepresentable, Value.RawValue == String, Value: CaseIterable {
    static var word: ConfigurationForm {
        let words = Value.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        let rule = "must be one of \(words)"
        return ConfigurationForm(
            read: { value throws(Violation) in
                guard let text = try value.nonEmptyText(rule) else { return nil }
                guard let word = Value(rawValue: text) else { throw Violation(text: text, rule) }
                return word
            },
            write: { .string($0.rawValue) })
    }
}
