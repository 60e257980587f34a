package import JSON

/// Amounts of resources by their names: a ResourceList.
package struct Amounts: Equatable {
    package private(set) var byName: [String: Quantity] = [:]

    package init() {}

    /// From a map of quantities; what is no quantity is left out, as validation refuses it.
    package init(_ json: JSONValue?) {
        for member in json?.object?.members ?? [] {
            if let amount = Quantity(json: member.value) { byName[member.key] = amount }
        }
    }

    package subscript(name: String) -> Quantity? {
        get { byName[name] }
        set { byName[name] = newValue }
    }

    package var isEmpty: Bool { byName.isEmpty }
    package var names: Set<String> { Set(byName.keys) }
    /// In the order of their names.
    package var sorted: [(name: String, amount: Quantity)] {
        byName.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    package static func + (a: Self, b: Self) -> Self {
        var sum = a
        for (name, amount) in b.byName { sum.byName[name] = (sum.byName[name] ?? .zero) + amount }
        return sum
    }

    package static func - (a: Self, b: Self) -> Self {
        var rest = a
        for (name, amount) in b.byName { rest.byName[name] = (rest.byName[name] ?? .zero) - amount }
        return rest
    }

    /// The larger amount of each name.
    package func maximum(_ other: Self) -> Self {
        var result = self
        for (name, amount) in other.byName { result.byName[name] = max(result.byName[name] ?? amount, amount) }
        return result
    }

    package func filter(_ isIncluded: (String) -> Bool) -> Self {
        var result = Amounts()
        result.byName = byName.filter { isIncluded($0.key) }
        return result
    }

    package var json: JSONValue { .object(JSONObject(sorted.map { ($0.name, $0.amount.json) })) }

    /// As upstream prints a list of them: `cpu=1,memory=2Gi`.
    package var text: String { sorted.map { "\($0.name)=\($0.amount)" }.joined(separator: ",") }
}

extension Quantity {
    /// A quantity is written as a string, or as a bare number.
    package init?(json: JSONValue) {
        guard let text = json.string ?? json.number?.literal else { return nil }
        self.init(text)
    }

    package var json: JSONValue { .string(description) }
}
