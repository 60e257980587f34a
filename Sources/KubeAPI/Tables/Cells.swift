internal import JSON

/// What printers of several kinds have in common.
extension JSONValue {
    /// The text at a path; the empty string where there is none.
    func text(_ path: String...) -> String { at(path)?.string ?? "" }

    func text(_ path: String..., or absent: String) -> String {
        let text = at(path)?.string ?? ""
        return text.isEmpty ? absent : text
    }

    func count(_ path: String...) -> Int { at(path)?.int ?? 0 }

    func isTrue(_ path: String...) -> Bool { at(path)?.bool ?? false }

    func list(_ path: String...) -> [JSONValue] { at(path)?.array ?? [] }

    func object(at path: String...) -> JSONObject { at(path)?.object ?? JSONObject() }

    func has(_ path: String...) -> Bool { at(path).map { !$0.isNull } ?? false }

    /// The text at a path as a cell.
    func cell(_ path: String...) -> JSONValue { .string(at(path)?.string ?? "") }

    /// A quantity as it is written: a string, or a number that a client sent.
    var quantityText: String { string ?? number?.literal ?? "0" }

    func at(_ path: [String]) -> JSONValue? {
        var value = self
        for key in path {
            guard let next = value.member(key) else { return nil }
            value = next
        }
        return value
    }

    /// How long ago the time at a path was.
    func age(_ now: Timestamp, _ path: String...) -> JSONValue {
        .string(Timestamp(at(path)?.string ?? "")?.age(now) ?? "<unknown>")
    }

    /// How long ago the object was created.
    func age(_ now: Timestamp) -> JSONValue { age(now, "metadata", "creationTimestamp") }

    var name: JSONValue { cell("metadata", "name") }

    /// Whether a condition of this type is True; nil where there is none.
    func condition(_ type: String) -> String? {
        list("status", "conditions").first { $0.text("type") == type }?.text("status")
    }

    static func count(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
}

enum Cells {
    /// Labels as `a=b,c=d`.
    static func labels(_ labels: JSONObject) -> String {
        if labels.isEmpty { return "<none>" }
        return labels.members.map { "\($0.key)=\($0.value.string ?? "")" }.sorted().joined(separator: ",")
    }

    /// A LabelSelector as a query would say it.
    static func selector(_ selector: JSONValue?) -> String {
        guard let selector = try? LabelSelector(object: selector) else { return "<error>" }
        return selector.isEmpty || selector.matchesNothing ? "<none>" : selector.description
    }

    /// Names and images of a pod template's containers.
    static func containers(_ podSpec: JSONValue?) -> [JSONValue] {
        let containers = podSpec?.list("containers") ?? []
        return ["name", "image"].map { key in .string(containers.map { $0.text(key) }.joined(separator: ",")) }
    }

    /// The first three, and how many more there are.
    static func some(_ all: [String], separator: String = ",", absent: String = "<unset>") -> String {
        if all.isEmpty { return absent }
        let shown = all.prefix(3).joined(separator: separator)
        return all.count > 3 ? "\(shown) + \(all.count - 3) more..." : shown
    }

    static func joined(_ texts: [String], absent: String = "<none>") -> String {
        texts.isEmpty ? absent : texts.joined(separator: ",")
    }

    /// Access modes of volumes in their short form, each once, in upstream's order.
    static func accessModes(_ modes: [JSONValue]) -> String {
        let given = Set(modes.compactMap(\.string))
        return [
            ("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP"),
        ]
        .filter { given.contains($0.0) }.map(\.1).joined(separator: ",")
    }
}
