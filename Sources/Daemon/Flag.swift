/// A flag that a program knows: what it is called, what it takes, and what it is when nobody says.
package struct Flag: Sendable {
    package enum Kind: Sendable {
        case bool, string, integer
        /// Go's notation: `1h30m`, `10s`, `500ms`.
        case duration
        /// One of these words.
        case choice([String])
    }

    package var name: String
    package var kind: Kind
    /// As it would be written; nil for "not set".
    package var defaultValue: String?
    package var isRepeatable: Bool
    package var help: String
    /// Why the flag is known but does not work here. Its default may still be written out; every other value is refused
    /// with this sentence.
    package var unsupported: String?

    package init(
        _ name: String, _ kind: Kind = .string, default defaultValue: String? = nil, isRepeatable: Bool = false,
        unsupported: String? = nil, _ help: String = ""
    ) {
        self.name = name
        self.kind = kind
        self.defaultValue = defaultValue
        self.isRepeatable = isRepeatable
        self.unsupported = unsupported
        self.help = help
    }

    var isBool: Bool { if case .bool = kind { true } else { false } }

    /// FLANNELD_IP_MASQ for `ip-masq` and the prefix FLANNELD_.
    func environmentName(_ prefix: String) -> String {
        prefix + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
    }

    /// What is wrong with the value, or nil.
    func problem(_ value: String) -> String? {
        if let unsupported, value != defaultValue, !(isBool && boolean(value) == defaultValue.flatMap(boolean)) {
            return unsupported
        }
        switch kind {
        case .string: return nil
        case .bool: return boolean(value) == nil ? "\"\(value)\" is neither true nor false" : nil
        case .integer: return Int(value) == nil ? "\"\(value)\" is not an integer" : nil
        case .duration: return duration(value) == nil ? "\"\(value)\" is not a duration, such as 10s or 1h30m" : nil
        case .choice(let words):
            return words.contains(value) ? nil : "\"\(value)\" is none of \(words.joined(separator: ", "))"
        }
    }
}

/// The words that Go's strconv.ParseBool takes.
func boolean(_ text: String) -> Bool? {
    switch text {
    case "1", "t", "T", "true", "TRUE", "True": true
    case "0", "f", "F", "false", "FALSE", "False": false
    default: nil
    }
}

/// A duration as Go's time.ParseDuration takes it: a sign, then numbers with units; a bare 0 needs none.
func duration(_ text: String) -> Duration? {
    var rest = Substring(text)
    let sign: Double = rest.hasPrefix("-") ? -1 : 1
    if rest.hasPrefix("-") || rest.hasPrefix("+") { rest.removeFirst() }
    if rest == "0" { return .zero }
    guard !rest.isEmpty else { return nil }
    let units = ["ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600]
    var total = 0.0
    while !rest.isEmpty {
        let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        rest = rest.dropFirst(digits.count)
        let unit = rest.prefix { !($0.isASCII && ($0.isNumber || $0 == ".")) }
        rest = rest.dropFirst(unit.count)
        guard let number = Double(digits), let factor = units[String(unit)] else { return nil }
        total += number * factor
    }
    return total < 9e9 ? .seconds(sign * total) : nil
}
