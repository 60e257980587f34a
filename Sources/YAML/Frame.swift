internal import JSON

/// A mapping or sequence that is not yet finished.
struct Frame {
    let isMapping: Bool
    let anchor: String?
    let line: Int
    private(set) var duplicateKeys: [String] = []
    private var elements: [JSONValue] = []
    private var members: [JSONObject.Member] = []
    /// Where each key is in `members`: a search by hand would be quadratic in a hostile document.
    private var places: [String: Int] = [:]
    private var key: Key?
    private var nodes = 1
    private var bytes = 0
    private var depth = 1

    private enum Key {
        case name(String, shown: String)
        case merge
    }

    init(isMapping: Bool, anchor: String?, line: Int) {
        self.isMapping = isMapping
        self.anchor = anchor
        self.line = line
    }

    func finished() -> Node {
        Node(
            isMapping ? .object(JSONObject(members: members)) : .array(elements), nodes: nodes, bytes: bytes,
            depth: depth, line: line)
    }

    mutating func add(_ node: Node) throws(YAMLError) {
        nodes += node.nodes
        bytes += node.bytes
        depth = max(depth, node.depth + 1)
        guard isMapping else {
            elements.append(try node.value.json())
            return
        }
        switch key {
        case nil: key = try Frame.key(node)
        case .name(let name, let shown)?:
            key = nil
            set(name, try node.value.json(), shown, node.line)
        case .merge?:
            key = nil
            try merge(try node.value.json(), node.line)
        }
    }

    private static func key(_ node: Node) throws(YAMLError) -> Key {
        guard case .scalar(let scalar) = node.value else {
            throw YAMLError(line: node.line, "invalid map key: only a scalar can be one")
        }
        switch scalar {
        case .string(let text), .timestamp(let text): return .name(text, shown: "\"\(text)\"")
        case .int(let value): return .name("\(value)", shown: "\(value)")
        case .uint(let value): return .name("\(value)", shown: "\(value)")
        case .bool(let value): return .name("\(value)", shown: "\(value)")
        case .float(let value):
            let text = value.isFinite ? goText(value) : value.isNaN ? ".nan" : value < 0 ? "-.inf" : ".inf"
            return .name(text, shown: text)
        case .merge: return .merge
        case .null: throw YAMLError(line: node.line, "unsupported map key: null")
        }
    }

    private mutating func set(_ name: String, _ value: JSONValue, _ shown: String, _ line: Int) {
        if let place = places[name] {
            duplicateKeys.append("line \(line): key \(shown) already set in map")
            members[place].value = value
        } else {
            places[name] = members.count
            members.append(.init(key: name, value: value))
        }
    }

    /// `<<`: the members of a mapping, or of several of which an earlier one wins.
    private mutating func merge(_ value: JSONValue, _ line: Int) throws(YAMLError) {
        let sources =
            switch value {
            case .object: [value]
            case .array(let list): Array(list.reversed())
            default: [JSONValue.null]
            }
        for source in sources {
            guard let object = source.object else {
                throw YAMLError("map merge requires map or sequence of maps as the value")
            }
            for member in object.members { set(member.key, member.value, "\"\(member.key)\"", line) }
        }
    }
}
