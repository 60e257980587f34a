internal import JSON

/// Builds values from events. It keeps a stack of its own, so depth costs heap and is bounded.
struct Composer {
    let limits: YAMLLimits
    private var frames: [Frame] = []
    private var anchors: [String: Node] = [:]
    private var openAnchors: Set<String> = []
    private var duplicateKeys: [String] = []
    private var nodes = 0
    private var aliasedNodes = 0
    private var expandedBytes = 0

    init(limits: YAMLLimits) { self.limits = limits }

    /// The next document of the stream; nil at its end.
    mutating func nextDocument(_ reader: inout EventReader) throws(YAMLError) -> YAMLDocument? {
        var root: Node?
        while true {
            switch try reader.next() {
            case .streamEnd: return nil
            case .documentStart:
                self = Composer(limits: limits)
            case .documentEnd: return YAMLDocument(value: try root?.value.json() ?? .null, duplicateKeys: duplicateKeys)
            case .alias(let name, let line):
                if let node = try add(try target(name, line)) { root = node }
            case .scalar(let scalar, let anchor):
                let node = Node(try ResolvedScalar(scalar), line: scalar.line)
                try count(nodes: 1, bytes: node.bytes)
                if let node = try close(node, anchor) { root = node }
            case .sequenceStart(let anchor, let line): try open(Frame(isMapping: false, anchor: anchor, line: line))
            case .mappingStart(let anchor, let line): try open(Frame(isMapping: true, anchor: anchor, line: line))
            case .sequenceEnd, .mappingEnd:
                guard let frame = frames.popLast() else { throw YAMLError("an end without its start") }
                duplicateKeys += frame.duplicateKeys
                if let node = try close(frame.finished(), frame.anchor) { root = node }
            }
        }
    }

    private mutating func open(_ frame: Frame) throws(YAMLError) {
        guard frames.count < limits.depth else { throw YAMLError(line: frame.line, "nested too deeply") }
        try count(nodes: 1, bytes: 0)
        if let anchor = frame.anchor { openAnchors.insert(anchor) }
        frames.append(frame)
    }

    /// Gives a finished node to the collection around it; returns it when there is none.
    private mutating func close(_ node: Node, _ anchor: String?) throws(YAMLError) -> Node? {
        if let anchor {
            anchors[anchor] = node
            openAnchors.remove(anchor)
        }
        return try add(node)
    }

    private mutating func add(_ node: Node) throws(YAMLError) -> Node? {
        guard !frames.isEmpty else { return node }
        try frames[frames.count - 1].add(node)
        return nil
    }

    private mutating func target(_ name: String, _ line: Int) throws(YAMLError) -> Node {
        // An anchor that is set again while its collection is open hides the earlier one.
        if openAnchors.contains(name) { throw YAMLError("anchor '\(name)' value contains itself") }
        guard var node = anchors[name] else { throw YAMLError("unknown anchor '\(name)' referenced") }
        // Aliases within aliases nest without a bracket in the text.
        guard frames.count + node.depth <= limits.depth else { throw YAMLError(line: line, "nested too deeply") }
        node.line = line
        aliasedNodes += node.nodes
        try count(nodes: node.nodes, bytes: node.bytes)
        return node
    }

    private mutating func count(nodes more: Int, bytes: Int) throws(YAMLError) {
        nodes += more
        expandedBytes += bytes
        guard YAMLLimits.allowsAliases(aliasedNodes, of: nodes), expandedBytes <= limits.expandedBytes else {
            throw YAMLError("document contains excessive aliasing")
        }
    }
}

/// A finished value with what it costs when it is written out.
struct Node {
    enum Value {
        case scalar(ResolvedScalar)
        case collection(JSONValue)
    }

    var value: Value
    var nodes: Int
    var bytes: Int
    var line: Int
    /// Levels of collections in it.
    var depth: Int

    init(_ scalar: ResolvedScalar, line: Int) {
        value = .scalar(scalar)
        nodes = 1
        depth = 0
        self.line = line
        switch scalar {
        case .string(let text), .timestamp(let text): bytes = text.utf8.count
        default: bytes = 8
        }
    }

    init(_ collection: JSONValue, nodes: Int, bytes: Int, depth: Int, line: Int) {
        value = .collection(collection)
        (self.nodes, self.bytes, self.depth, self.line) = (nodes, bytes, depth, line)
    }
}

extension Node.Value {
    func json() throws(YAMLError) -> JSONValue {
        switch self {
        case .collection(let value): return value
        case .scalar(let scalar):
            switch scalar {
            case .null: return .null
            case .bool(let value): return .bool(value)
            case .int(let value): return .number(JSONNumber(value))
            case .uint(let value): return .number(JSONNumber(value))
            case .float(let value):
                guard value.isFinite, case .number(let number)? = try? JSONValue.parse(goText(value)) else {
                    throw YAMLError("json: unsupported value: \(value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf")")
                }
                return .number(number)
            case .string(let text), .timestamp(let text): return .string(text)
            case .merge: return .string("<<")
            }
        }
    }
}
