internal import JSON

/// Events of both groups, which are stored as one kind.
enum EventRules {
    @Sendable static func checkCore(_ event: Place, _ old: JSONValue?, _ report: inout Report) {
        checkNamespace(event, "involvedObject", &report)
        if event["eventTime"].isThere { checkNew(event, "reportingComponent", note: "message", &report) }
    }

    /// The fields of events.k8s.io, and what upstream's causes call those that have other names inside.
    private static let innerNames: [(field: String, inner: String)] = [
        ("regarding", "involvedObject"), ("reason", "reason"), ("note", "message"), ("deprecatedSource", "source"),
        ("deprecatedFirstTimestamp", "firstTimestamp"), ("deprecatedLastTimestamp", "lastTimestamp"),
        ("deprecatedCount", "count"), ("related", "related"), ("action", "action"),
        ("reportingController", "reportingController"), ("reportingInstance", "reportingInstance"), ("type", "type"),
        ("eventTime", "eventTime"),
    ]

    @Sendable static func check(_ event: Place, _ old: JSONValue?, _ report: inout Report) {
        checkNamespace(event, "regarding", &report)
        if event["eventTime"].isThere { checkNew(event, "reportingController", note: "note", &report) }
        if let old {
            for (field, inner) in innerNames {
                report.immutable(Place(event[field].value, PlacePath(inner)), old.member(field))
            }
        } else {
            checkStrictly(event, &report)
        }
    }

    private static func checkStrictly(_ event: Place, _ report: inout Report) {
        if !event["eventTime"].isThere { report.required(event["eventTime"]) }
        let type = event["type"]
        if type.text.isEmpty {
            report.required(type)
        } else if !["Normal", "Warning"].contains(type.text) {
            report.invalid(type, "", "has invalid value: \(type.text)")
        }
        for (field, inner) in innerNames where field.hasPrefix("deprecated") && !event[field].isEmpty {
            report.invalid(Place(nil, PlacePath(inner)), "", "needs to be unset")
        }
        let series = event["series"]
        guard series.isThere else { return }
        if (series["count"].int ?? 0) < 2 { report.invalid(series["count"], "", "should be at least 2") }
        if !series["lastObservedTime"].isThere { report.required(series["lastObservedTime"]) }
    }

    /// An event is where its object is; those about objects without a namespace are in `default`.
    private static func checkNamespace(_ event: Place, _ field: String, _ report: inout Report) {
        let own = event["metadata"]["namespace"].text
        let about = event[field]["namespace"].text
        let isNew = event["eventTime"].isThere
        let isRight = about.isEmpty ? own == "default" || isNew && own == "kube-system" : about == own
        if !isRight {
            let place = Place(nil, PlacePath("involvedObject", "namespace"))
            report.invalid(place, .string(about), "does not match event.namespace")
        }
    }

    private static func checkNew(_ event: Place, _ controller: String, note: String, _ report: inout Report) {
        report.requireText(event[controller])
        for problem in event[controller].text.isEmpty ? [] : LabelSyntax.problems(key: event[controller].text) {
            report.invalid(event[controller], problem)
        }
        for field in ["reportingInstance", "action", "reason"] {
            report.requireText(event[field])
            atMost(128, event[field], event[field].text, &report)
        }
        atMost(1024, Place(nil, PlacePath("message")), event[note].text, &report)
    }

    private static func atMost(_ limit: Int, _ place: Place, _ text: String, _ report: inout Report) {
        if text.utf8.count > limit { report.invalid(place, "", "can have at most \(limit) characters") }
    }
}
