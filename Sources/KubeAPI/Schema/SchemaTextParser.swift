internal import JSON

/// Turns a group's text into linked schemas. The text is part of the program: what it cannot read is a programmer's
/// error, kept in `problems` for the tests to see.
struct SchemaTextParser {
    private(set) var messages: [String: Schema] = [:]
    private(set) var problems: [String] = []
    private let text: SchemaText
    /// Looks for numbers and names that are there twice, too: for the tests.
    private let isThorough: Bool
    /// Messages of the groups that this one may name without saying where they are.
    private let outer: (String) -> Schema?
    private var embeddings: [String: [(position: Int, number: Int, message: String)]] = [:]
    private var numbers: [String: [Int]] = [:]
    private var linked: Set<String> = []

    init(_ text: SchemaText, isThorough: Bool, outer: @escaping (String) -> Schema?) {
        self.text = text
        self.isThorough = isThorough
        self.outer = outer
    }

    /// - Parameter lists: the resources whose list kinds are generated.
    mutating func parse(lists: [ResourceType] = []) {
        // Names first, so that a message can name one that comes later, or itself.
        for part in text.messages { eachLine(part) { if !$1 { $0.declare($2) } } }
        var current: Schema?
        for part in text.messages {
            eachLine(part) { parser, isIndented, words in
                if isIndented {
                    if let current { parser.addField(words, to: current) }
                } else {
                    current = parser.messages[String(words[0])]
                }
            }
        }
        for resource in lists where messages[resource.listKind] == nil { addList(of: resource) }
        for schema in messages.values { link(schema) }
    }

    private mutating func addList(of resource: ResourceType) {
        declare([Substring(resource.listKind), "kind"])
        guard let list = messages[resource.listKind] else { return }
        addField(["metadata", "1", "ListMeta", "always"], to: list)
        addField(["items", "2", Substring("[\(resource.kind)]"), "required"], to: list)
    }

    private mutating func eachLine(_ text: String, _ body: (inout SchemaTextParser, Bool, [Substring]) -> Void) {
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " ")).map(Substring.init)
            guard let first = words.first, !first.utf8.starts(with: "//".utf8) else { continue }
            body(&self, line.first == UInt8(ascii: " "), words)
        }
    }

    private mutating func declare(_ words: [Substring]) {
        let schema = Schema(words.contains("variant") ? .variant : .object, name: String(words[0]))
        schema.package = text.package
        if messages.updateValue(schema, forKey: schema.name) != nil { problems.append("\(schema.name) twice") }
        for word in words.dropFirst() {
            switch word {
            case "kind":
                schema.isKind = true
                schema.fields = [
                    Field(name: "kind", schema: .string), Field(name: "apiVersion", schema: .string),
                ]
                numbers[schema.name] = [0, 0]
            case "atomic": schema.isAtomic = true
            case "variant": break
            default: problems.append("\(schema.name): \(word)")
            }
        }
    }

    private mutating func addField(_ words: [Substring], to message: Schema) {
        if words[0].utf8.first == UInt8(ascii: "@"), words.count == 2,
            let number = Int(Substring(words[0].utf8.dropFirst()))
        {
            embeddings[message.name, default: []].append((message.fields.count, number, String(words[1])))
            return
        }
        guard words.count >= 3, let number = Int(words[1]) else {
            problems.append("\(message.name): \(words)")
            return
        }
        var traits: Field.Traits = []
        var type = words[2]
        if type.utf8.last == UInt8(ascii: "?") {
            traits.insert(.optional)
            type = Substring(type.utf8.dropLast())
        }
        guard let schema = schema(named: type) else {
            problems.append("\(message.name).\(words[0]): no type \(type)")
            return
        }
        var draft = FieldDraft(name: String(words[0]), schema: schema, traits: traits)
        for word in words.dropFirst(3) { apply(word, to: &draft, of: message) }
        message.fields.append(draft.field)
        numbers[message.name, default: []].append(number)
    }

    private mutating func apply(_ word: Substring, to field: inout FieldDraft, of message: Schema) {
        // By bytes, for this is read at start.
        let name: Substring
        var argument: String?
        if let parenthesis = word.utf8.firstIndex(of: UInt8(ascii: "(")) {
            name = word[..<parenthesis]
            argument = String(Substring(word.utf8[word.utf8.index(after: parenthesis)...].dropLast()))
        } else {
            name = word
        }
        switch (name, argument) {
        case ("required", nil): field.traits.insert(.required)
        case ("always", nil): field.traits.insert(.always)
        case ("notEmpty", nil): field.traits.insert(.notEmpty)
        case ("ownWords", nil): field.traits.insert(.ownWords)
        case ("immutable", nil): field.traits.insert(.immutable)
        case ("atomic", nil): field.isAtomicOverride = true
        case ("granular", nil): field.isAtomicOverride = false
        case ("set", nil): field.schema.listType = .set
        case ("map", let keys?):
            field.schema.listType = .map
            field.schema.listMapKeys = keys.split(separator: ",").map(String.init)
        case ("merge", let key):
            field.patchStrategy.insert(.merge)
            field.mergeKey = key
        case ("retainKeys", nil): field.patchStrategy.insert(.retainKeys)
        case ("replace", nil): field.patchStrategy.insert(.replace)
        case ("default", let literal?):
            field.defaultValue = try? JSONValue.parse(literal)
            if field.defaultValue == nil { problems.append("\(message.name).\(field.name): \(word)") }
        case ("enum", let values?):
            let element = Schema(.string)
            element.enumValues = values.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            if field.schema.form == .list { field.schema.element = element } else { field.schema = element }
        default: problems.append("\(message.name).\(field.name): \(word)")
        }
    }

    /// Scalars without traits are shared; lists and maps have traits and are not.
    private func schema(named name: Substring) -> Schema? {
        let bytes = name.utf8
        if let bracket = bytes.first, bracket == UInt8(ascii: "[") || bracket == UInt8(ascii: "{") {
            let list = Schema(bracket == UInt8(ascii: "[") ? .list : .map)
            list.element = schema(named: Substring(bytes.dropFirst().dropLast()))
            return list.element == nil ? nil : list
        }
        if let scalar = ScalarSchemas.named[String(name)] { return scalar }
        return messages[String(name)] ?? outer(String(name))
    }

    /// Puts embedded fields among the outer message's and makes the wire table.
    private mutating func link(_ schema: Schema) {
        guard linked.insert(schema.name).inserted else { return }
        var entries: [(number: Int, entry: WireTable.Entry)] = []
        var fields: [Field] = []
        let own = schema.fields
        let ownNumbers = numbers[schema.name] ?? []
        var embedded = (embeddings[schema.name] ?? [])[...]
        for position in 0...own.count {
            while let next = embedded.first, next.position == position {
                embedded.removeFirst()
                guard let inner = messages[next.message] ?? outer(next.message) else {
                    problems.append("\(schema.name): no message \(next.message)")
                    continue
                }
                if messages[next.message] != nil { link(inner) }
                entries.append((next.number, .embedded(inner.wire.shifted(by: fields.count))))
                fields += inner.fields
            }
            guard position < own.count else { break }
            if ownNumbers[position] > 0 { entries.append((ownNumbers[position], .field(fields.count))) }
            fields.append(own[position])
        }
        if isThorough {
            if Set(entries.map(\.number)).count != entries.count { problems.append("\(schema.name): a number twice") }
            if Set(fields.map(\.name)).count != fields.count { problems.append("\(schema.name): a name twice") }
        }
        schema.fields = fields
        schema.wire = WireTable(entries)
        schema.defaulting = DefaultingRules.all["\(text.package).\(schema.name)"]
        schema.indexFields()
    }
}

/// A field whose line is being read.
private struct FieldDraft {
    let name: String
    var schema: Schema
    var traits: Field.Traits
    var patchStrategy: PatchStrategy = []
    var mergeKey: String?
    var isAtomicOverride: Bool?
    var defaultValue: JSONValue?

    var field: Field {
        Field(
            name: name, schema: schema, traits: traits, patchStrategy: patchStrategy, mergeKey: mergeKey,
            isAtomicOverride: isAtomicOverride, defaultValue: defaultValue)
    }
}

/// The types that have no fields, shared by all schemas.
enum ScalarSchemas {
    static let named: [String: Schema] = {
        let forms: [(String, Schema.Form)] = [
            ("bytes", .bytes), ("int32", .int32), ("int64", .int64), ("double", .double), ("bool", .bool),
            ("Quantity", .quantity), ("IntOrString", .intOrString), ("Time", .time), ("MicroTime", .microTime),
        ]
        var named = Dictionary(uniqueKeysWithValues: forms.map { ($0.0, Schema($0.1)) })
        named["string"] = .string
        named["any"] = .any
        let strings = Schema(.list)
        strings.element = .string
        strings.isWrapped = true
        named["ExtraValue"] = strings
        named["Verbs"] = strings
        return named
    }()
}
