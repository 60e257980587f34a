internal import JSON
internal import KubeAPI

/// Between the versions of a kind that are served and the one that is stored. Custom resources differ in `apiVersion`
/// alone (conversion strategy None); of the built-in kinds, Event and HorizontalPodAutoscaler have two shapes.
enum VersionConversion {
    /// The object in the version and under the kind of the type.
    static func convert(_ object: JSONValue, to type: ResourceType) -> JSONValue {
        let apiVersion = type.groupVersion.description
        guard case .object(var members) = object, object.text("apiVersion") != apiVersion else { return object }
        switch (type.group, type.plural, type.version) {
        case ("events.k8s.io", "events", _): members = renamed(members, eventNames)
        case ("", "events", _): members = renamed(members, eventNames.map { ($0.1, $0.0) })
        case ("autoscaling", _, "v1"): members = autoscalerToV1(members)
        case ("autoscaling", _, "v2"): members = autoscalerToV2(members)
        default: break
        }
        members["apiVersion"] = .string(apiVersion)
        return .object(members)
    }

    /// core/v1 and events.k8s.io/v1 have the same fields under different names.
    private static let eventNames: [(String, String)] = [
        ("involvedObject", "regarding"), ("message", "note"), ("reportingComponent", "reportingController"),
        ("source", "deprecatedSource"), ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"), ("count", "deprecatedCount"),
    ]

    private static func renamed(_ object: JSONObject, _ names: [(String, String)]) -> JSONObject {
        var result = JSONObject()
        for member in object.members {
            result[names.first { $0.0 == member.key }?.1 ?? member.key] = member.value
        }
        return result
    }

    private static let metricsAnnotation = "autoscaling.alpha.kubernetes.io/metrics"
    private static let behaviorAnnotation = "autoscaling.alpha.kubernetes.io/behavior"

    /// v1 knows the CPU's utilisation alone; what else there is travels in annotations.
    private static func autoscalerToV1(_ object: JSONObject) -> JSONObject {
        var value = JSONValue.object(object)
        var others: [JSONValue] = []
        for metric in value.list("spec", "metrics") {
            if metric.text("type") == "Resource", metric.text("resource", "name") == "cpu",
                let utilization = metric.at("resource", "target", "averageUtilization"),
                value.at("spec", "targetCPUUtilizationPercentage") == nil
            {
                value.set(utilization, at: "spec", "targetCPUUtilizationPercentage")
            } else {
                others.append(metric)
            }
        }
        value.set(nil, at: "spec", "metrics")
        if !others.isEmpty {
            value.set(.string(JSONValue.array(others).serialized()), at: "metadata", "annotations", metricsAnnotation)
        }
        if let behavior = value.at("spec", "behavior") {
            value.set(.string(behavior.serialized()), at: "metadata", "annotations", behaviorAnnotation)
            value.set(nil, at: "spec", "behavior")
        }
        for metric in value.list("status", "currentMetrics") where metric.text("resource", "name") == "cpu" {
            value.set(
                metric.at("resource", "current", "averageUtilization"), at: "status", "currentCPUUtilizationPercentage")
        }
        value.set(nil, at: "status", "currentMetrics")
        value.set(nil, at: "status", "conditions")
        return value.object ?? object
    }

    private static func autoscalerToV2(_ object: JSONObject) -> JSONObject {
        var value = JSONValue.object(object)
        var metrics: [JSONValue] = []
        if let text = value.at("metadata", "annotations", metricsAnnotation)?.string,
            let others = (try? JSONValue.parse(text))?.array
        {
            metrics = others
        }
        if let utilization = value.at("spec", "targetCPUUtilizationPercentage") {
            metrics.append([
                "type": "Resource",
                "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": utilization]],
            ])
        }
        if let text = value.at("metadata", "annotations", behaviorAnnotation)?.string,
            let behavior = try? JSONValue.parse(text)
        {
            value.set(behavior, at: "spec", "behavior")
        }
        for annotation in [metricsAnnotation, behaviorAnnotation] {
            value.set(nil, at: "metadata", "annotations", annotation)
        }
        value.set(nil, at: "spec", "targetCPUUtilizationPercentage")
        if !metrics.isEmpty { value.set(.array(metrics), at: "spec", "metrics") }
        value.set(nil, at: "status", "currentCPUUtilizationPercentage")
        return value.object ?? object
    }
}
