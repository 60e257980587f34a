internal import JSON

/// An event's row. Events of both API groups are shown, with the names of either.
enum EventCells {
    static let table = ResourceTable(
        "Last Seen|Type|Reason|Object|Subobject+|Source+|Message|First Seen+|Count+|Name+"
    ) { event, now in
        let first = seen(event, now, "firstTimestamp", "deprecatedFirstTimestamp") ?? seen(event, now, "eventTime")
        var last = seen(event, now, "lastTimestamp", "deprecatedLastTimestamp") ?? first
        var count = max(event.count("count"), event.count("deprecatedCount"))
        if let series = event.member("series"), !series.isNull {
            last = seen(series, now, "lastObservedTime")
            count = series.count("count")
        } else if count == 0 {
            count = 1
        }
        let object = event.member("involvedObject") ?? event.member("regarding") ?? .null
        let kind = lowercasedASCII(object.text("kind"))
        let name = object.text("name")
        return [
            .string(last ?? "<unknown>"), event.cell("type"), event.cell("reason"),
            .string(name.isEmpty ? kind : "\(kind)/\(name)"), object.cell("fieldPath"), .string(source(event)),
            .string(trimmed(event.text("message", or: event.text("note")))), .string(first ?? "<unknown>"),
            .count(count),
            event.name,
        ]
    }

    private static func seen(_ object: JSONValue, _ now: Timestamp, _ keys: String...) -> String? {
        keys.lazy.compactMap { Timestamp(object.text($0))?.age(now) }.first
    }

    private static func source(_ event: JSONValue) -> String {
        let source = event.member("source") ?? event.member("deprecatedSource") ?? .null
        let reporter = event.text("reportingComponent", or: event.text("reportingController"))
        let component = source.text("component", or: reporter)
        let host = source.text("host", or: event.text("reportingInstance"))
        return host.isEmpty ? component : "\(component), \(host)"
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.first?.isWhitespace ?? false { text.removeFirst() }
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return String(text)
    }
}
