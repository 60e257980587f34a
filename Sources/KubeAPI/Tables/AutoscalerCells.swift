internal import JSON

/// A HorizontalPodAutoscaler's row, in version 1 (one target for CPU) and version 2 (a list of metrics).
enum AutoscalerCells {
    static let table = ResourceTable("Name|Reference|Targets|MinPods|MaxPods|Replicas|Age") { object, now in
        let target = object.member(at: "spec", "scaleTargetRef") ?? .null
        let least = object.has("spec", "minReplicas") ? "\(object.count("spec", "minReplicas"))" : "<unset>"
        return [
            object.name, .string("\(target.text("kind"))/\(target.text("name"))"), .string(targets(object)),
            .string(least), .count(object.count("spec", "maxReplicas")),
            .count(object.count("status", "currentReplicas")),
            object.age(now),
        ]
    }

    private static func targets(_ object: JSONValue) -> String {
        var metrics = object.list("spec", "metrics")
        var current = object.list("status", "currentMetrics")
        if let percent = object.member(at: "spec", "targetCPUUtilizationPercentage")?.int {
            metrics = [resource(["target": ["averageUtilization": .count(percent)]])]
            if let used = object.member(at: "status", "currentCPUUtilizationPercentage")?.int {
                current = [resource(["current": ["averageUtilization": .count(used)]])]
            }
        }
        if metrics.isEmpty { return "<none>" }
        let texts = metrics.enumerated().map { text($1, $0 < current.count ? current[$0] : .null) }
        let shown = texts.prefix(2).joined(separator: ", ")
        return texts.count > 2 ? "\(shown) + \(texts.count - 2) more..." : shown
    }

    private static func resource(_ members: JSONValue) -> JSONValue {
        var resource = members
        resource.setMember("name", "cpu")
        return ["type": "Resource", "resource": resource]
    }

    private static func text(_ metric: JSONValue, _ current: JSONValue) -> String {
        let type = metric.text("type")
        guard let first = type.first, ["External", "Pods", "Object", "Resource", "ContainerResource"].contains(type)
        else {
            return "<unknown type>"
        }
        let key = first.lowercased() + type.dropFirst()
        let (target, now) = (metric.at([key, "target"]) ?? .null, current.at([key, "current"]) ?? .null)
        func used(_ member: String) -> String {
            now.has(member) ? (now.member(member) ?? .null).quantityText : "<unknown>"
        }
        if type.hasSuffix("Resource") {
            let name = metric.text(key, "name")
            if target.has("averageValue") {
                return "\(name): \(used("averageValue"))/\((target.member("averageValue") ?? .null).quantityText)"
            }
            let percent = now.has("averageUtilization") ? "\(now.count("averageUtilization"))%" : "<unknown>"
            let wanted = target.has("averageUtilization") ? "\(target.count("averageUtilization"))%" : "<auto>"
            return "\(name): \(percent)/\(wanted)"
        }
        if type == "Pods" || target.has("averageValue") {
            let suffix = type == "Pods" ? "" : " (avg)"
            return "\(used("averageValue"))/\((target.member("averageValue") ?? .null).quantityText)\(suffix)"
        }
        return "\(used("value"))/\((target.member("value") ?? .null).quantityText)"
    }
}
