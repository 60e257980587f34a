package import JSON
package import NetTypes

/// Reads typed members from a JSON object and collects everything that is wrong with it, so that a user sees all
/// problems at once. Keys match as in Go; null and absent are the same. Getters give nil for a value that is absent
/// or wrong; `finish()` throws when any was wrong.
package final class ConfigReader {
    private enum Source {
        case root
        case child(ConfigReader)
    }

    package let object: JSONObject
    private let path: String
    private let source: Source
    private var problems: [String] = []
    private var hasWrongType = false

    package init(_ object: JSONObject) {
        self.object = object
        path = ""
        source = .root
    }

    private init(_ object: JSONObject, path: String, parent: ConfigReader) {
        self.object = object
        self.path = path
        source = .child(parent)
    }

    // MARK: Problems

    /// Records that a value breaks a rule; `finish()` will throw code 7.
    package func reject(_ key: String, _ rule: String) { record("\(path)\(key): \(rule)", isWrongType: false) }

    private func rejectType(_ key: String, _ value: JSONValue, expected: String) {
        record("\(path)\(key): expected \(expected), found \(value.kind)", isWrongType: true)
    }

    private func record(_ problem: String, isWrongType: Bool) {
        switch source {
        case .root:
            problems.append(problem)
            if isWrongType { hasWrongType = true }
        case .child(let parent): parent.record(problem, isWrongType: isWrongType)
        }
    }

    /// Throws what was collected: code 6 when a value has the wrong type, else code 7.
    package func finish() throws(CNIError) {
        if problems.isEmpty { return }
        let code: CNIError.Code = hasWrongType ? .decodingFailure : .invalidConfig
        throw CNIError(code, "invalid network config: \(problems.joined(separator: "; "))")
    }

    // MARK: Values

    package func value(_ key: String) -> JSONValue? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    package func string(_ key: String) -> String? { typed(key, "a string", \.string) }
    package func bool(_ key: String) -> Bool? { typed(key, "a boolean", \.bool) }

    package func int(_ key: String, in range: ClosedRange<Int> = Int.min...Int.max) -> Int? {
        guard let int = typed(key, "an integer", \.int) else { return nil }
        if range.contains(int) { return int }
        reject(key, "\(int) is not in \(range.lowerBound)...\(range.upperBound)")
        return nil
    }

    package func object(_ key: String) -> ConfigReader? {
        typed(key, "an object", \.object).map { ConfigReader($0, path: "\(path)\(key).", parent: self) }
    }

    /// The elements of an array of objects, each with its place in the path of its problems.
    package func objects(_ key: String) -> [ConfigReader]? {
        elements(key, "an object") { value, place in
            value.object.map { ConfigReader($0, path: "\(place).", parent: self) }
        }
    }

    /// An array of arrays of objects, as `ranges` of host-local is.
    package func objectLists(_ key: String) -> [[ConfigReader]]? {
        elements(key, "an array of objects") { value, place in
            value.array?.enumerated().compactMap { index, element in
                guard let object = element.object else {
                    self.record("\(place)[\(index)]: expected an object, found \(element.kind)", isWrongType: true)
                    return nil
                }
                return ConfigReader(object, path: "\(place)[\(index)].", parent: self)
            }
        }
    }

    package func strings(_ key: String) -> [String]? { elements(key, "a string") { value, _ in value.string } }

    package func address(_ key: String) -> IPAddress? {
        parsed(key, "an IP address") { IPAddress($0) }
    }

    /// A network with its prefix length; host bits are kept.
    package func cidr(_ key: String) -> CIDR? { parsed(key, "an address with a prefix length") { CIDR($0) } }

    package func mac(_ key: String) -> MACAddress? { parsed(key, "a MAC address") { MACAddress($0) } }

    /// A string in a certain form; an empty one counts as absent, as in the reference plugins.
    private func parsed<Value>(_ key: String, _ form: String, _ parse: (String) -> Value?) -> Value? {
        guard let text = string(key), !text.isEmpty else { return nil }
        if let value = parse(text) { return value }
        reject(key, "\"\(text)\" is not \(form)")
        return nil
    }

    private func typed<Value>(_ key: String, _ expected: String, _ read: (JSONValue) -> Value?) -> Value? {
        guard let value = value(key) else { return nil }
        if let result = read(value) { return result }
        rejectType(key, value, expected: expected)
        return nil
    }

    private func elements<Value>(
        _ key: String, _ expected: String, _ read: (JSONValue, _ place: String) -> Value?
    ) -> [Value]? {
        guard let array = typed(key, "an array", \.array) else { return nil }
        return array.enumerated().compactMap { index, element in
            if let value = read(element, "\(path)\(key)[\(index)]") { return value }
            rejectType("\(key)[\(index)]", element, expected: expected)
            return nil
        }
    }
}
