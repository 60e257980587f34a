package import JSON

extension ResourceTable {
    /// Of a custom resource, from its version's `additionalPrinterColumns`; without any it shows the age. A column
    /// whose path is none stays empty.
    package static func custom(_ printerColumns: JSONValue?) -> ResourceTable {
        var definitions = printerColumns?.array ?? []
        if definitions.isEmpty {
            definitions = [["name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"]]
        }
        var columns = TableColumn.parse("Name")
        var makers: [CustomCell] = []
        for definition in definitions {
            let path = definition.text("jsonPath")
            columns.append(
                TableColumn(
                    name: definition.text("name"), type: definition.text("type"), format: definition.text("format"),
                    description: definition.text(
                        "description", or: "Custom resource definition column (in JSONPath format): \(path)"),
                    priority: definition.count("priority")))
            makers.append(CustomCell(path: JSONPath(path), type: definition.text("type")))
        }
        let cells = makers
        return ResourceTable(columns) { object, now in [object.name] + cells.map { $0.value(object, now) } }
    }
}

/// What a printer column shows of an object: the first value at its path, when it is of the column's type.
private struct CustomCell: Sendable {
    let path: JSONPath?
    let type: String

    func value(_ object: JSONValue, _ now: Timestamp) -> JSONValue {
        guard let value = path?.first(in: object), !value.isNull else { return .null }
        switch type {
        case "string": return .string(value.string ?? value.serialized())
        case "integer":
            return value.double.flatMap { Int(exactly: $0.rounded(.towardZero)) }.map { .count($0) } ?? .null
        case "number": return value.number == nil ? .null : value
        case "boolean": return value.bool == nil ? .null : value
        case "date":
            guard let text = value.string else { return .null }
            return .string(text.isEmpty ? "<unknown>" : Timestamp(text)?.age(now) ?? "<invalid>")
        default: return .null
        }
    }
}
