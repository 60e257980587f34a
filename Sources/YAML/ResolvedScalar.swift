internal import JSON

/// What a scalar stands for, by YAML 1.1's rules as Go's yaml package (version 2) applies them: `yes` and `off` are
/// booleans, 017 is fifteen, 1_000 is a thousand, base 60 is not read, and a date stays the string that it is.
enum ResolvedScalar: Hashable {
    case null
    case bool(Bool)
    case int(Int64)
    /// An integer beyond Int64.
    case uint(UInt64)
    case float(Double)
    case string(String)
    /// A date or time: a string in JSON, to be quoted when it is written.
    case timestamp(String)
    /// `<<`, the merge key.
    case merge

    init(_ scalar: Scalar) throws(YAMLError) {
        guard let tag = scalar.tag else {
            self = scalar.isPlain ? ResolvedScalar(plain: scalar.text) : .string(scalar.text)
            return
        }
        guard tag.hasPrefix(Self.prefix) else {
            self = .string(scalar.text)
            return
        }
        try self.init(scalar, tag: String(tag.dropFirst(Self.prefix.count)))
    }

    private static let prefix = "tag:yaml.org,2002:"

    private init(_ scalar: Scalar, tag: String) throws(YAMLError) {
        let resolved = ResolvedScalar(plain: scalar.text)
        switch (tag, resolved) {
        case ("bool", .bool), ("int", .int), ("int", .uint), ("float", .float), ("null", .null): self = resolved
        case ("float", .int(let value)): self = .float(Double(value))
        case ("merge", _): self = .merge
        case ("timestamp", .timestamp): self = resolved
        case ("binary", _):
            guard let bytes = Base64.decode(scalar.text.filter { $0 != "\n" && $0 != "\r" }) else {
                throw YAMLError("!!binary value contains invalid base64 data")
            }
            self = .string(String(decoding: bytes, as: UTF8.self))
        case ("bool", _), ("int", _), ("float", _), ("null", _), ("timestamp", _):
            throw YAMLError("cannot decode \(resolved.tag) `\(scalar.text)` as a !!\(tag)")
        default: self = .string(scalar.text)
        }
    }

    private var tag: String {
        switch self {
        case .null: "!!null"
        case .bool: "!!bool"
        case .int, .uint: "!!int"
        case .float: "!!float"
        case .string: "!!str"
        case .timestamp: "!!timestamp"
        case .merge: "!!merge"
        }
    }

    /// A text without quotes and tag.
    init(plain text: String) {
        let bytes = Array(text.utf8)
        switch bytes.first {
        case nil: self = .null
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), .some(48...57):
            self = Self.words[text] ?? ScalarNumber.read(bytes) ?? .string(text)
            if case .string = self, isTimestamp(bytes) { self = .timestamp(text) }
        default: self = bytes.count <= 5 ? Self.words[text] ?? .string(text) : .string(text)
        }
    }

    private static let words: [String: ResolvedScalar] = {
        let spellings: [(ResolvedScalar, [String])] = [
            (.bool(true), ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"]),
            (.bool(false), ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"]),
            (.null, ["~", "null", "Null", "NULL"]),
            (.float(.nan), [".nan", ".NaN", ".NAN"]),
            (.float(.infinity), [".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"]),
            (.float(-.infinity), ["-.inf", "-.Inf", "-.INF"]),
            (.merge, ["<<"]),
        ]
        var words: [String: ResolvedScalar] = [:]
        for (value, texts) in spellings { for text in texts { words[text] = value } }
        return words
    }()
}

/// Year, month and day with one or two digits, and perhaps a time with perhaps a zone: the formats that Go tries. That
/// the 31st of February passes here does no harm: a string it is in either case.
private func isTimestamp(_ text: [UInt8]) -> Bool {
    var rest = text[...]
    func digits(_ count: ClosedRange<Int>) -> Bool {
        let found = rest.prefix { (48...57).contains($0) }.count
        guard count.contains(found) else { return false }
        rest = rest.dropFirst(found)
        return true
    }
    func take(_ characters: String) -> UInt8? {
        guard let next = rest.first, characters.utf8.contains(next) else { return nil }
        rest = rest.dropFirst()
        return next
    }
    guard digits(4...4), take("-") != nil, digits(1...2), take("-") != nil, digits(1...2) else { return false }
    if rest.isEmpty { return true }
    guard let separator = take("Tt "), digits(1...2), take(":") != nil, digits(1...2), take(":") != nil, digits(1...2)
    else { return false }
    if take(".") != nil, !digits(1...9) { return false }
    if separator == UInt8(ascii: " ") { return rest.isEmpty }
    if take("Z") != nil { return rest.isEmpty }
    return take("+-") != nil && digits(2...2) && take(":") != nil && digits(2...2) && rest.isEmpty
}
