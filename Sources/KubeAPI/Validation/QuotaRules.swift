internal import JSON

/// What a namespace may use in all.
enum QuotaRules {
    @Sendable static func check(_ quota: Place, _ old: JSONValue?, _ report: inout Report) {
        let (spec, scopes) = (quota["spec"], quota["spec"]["scopes"])
        for (name, amount) in spec["hard"].entries {
            for problem in ResourceRules.problems(resource: name) { report.invalid(amount, .string(name), problem) }
            if !name.contains("/"), !ResourceRules.isStandardOfQuotas(name) {
                report.invalid(amount, .string(name), "must be a standard resource for quota")
            }
            ResourceRules.checkAmount(name, amount, &report)
        }
        check(scopes, spec["hard"].entries.map(\.key), &report)
        if let old, Set(scopes.texts) != Set((old.member(at: "spec", "scopes")?.array ?? []).compactMap(\.string)) {
            report.invalid(scopes, scopes.value ?? [], "field is immutable")
        }
    }

    private static let known: Set<String> = [
        "Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity",
        "VolumeAttributesClass",
    ]
    private static let ofPods: Set<String> = [
        "pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory",
    ]

    private static func check(_ scopes: Place, _ names: [String], _ report: inout Report) {
        for scope in scopes.texts {
            if !known.contains(scope) { report.invalid(scopes, "unsupported scope") }
            for name in names where ResourceRules.isStandardOfQuotas(name) && !applies(scope, name) {
                report.invalid(scopes, "unsupported scope applied to resource")
            }
        }
        for pair in [["BestEffort", "NotBestEffort"], ["Terminating", "NotTerminating"]]
        where pair.allSatisfy(scopes.texts.contains) {
            report.invalid(scopes, "conflicting scopes")
        }
    }

    /// Scopes choose among pods, or among claims; those without resources of their own are only counted.
    private static func applies(_ scope: String, _ resource: String) -> Bool {
        switch scope {
        case "BestEffort": resource == "pods"
        case "VolumeAttributesClass": resource == "persistentvolumeclaims" || resource == "requests.storage"
        default: !known.contains(scope) || ofPods.contains(resource)
        }
    }
}

/// What one thing of a namespace may use, and uses when nothing is said.
enum LimitRules {
    @Sendable static func check(_ range: Place, _ old: JSONValue?, _ report: inout Report) {
        var types: Set<String> = []
        for item in range["spec"]["limits"].elements {
            let type = item["type"]
            for problem in LabelSyntax.problems(key: type.text) { report.invalid(type, .string(type.text), problem) }
            let isKnown = ["Pod", "Container", "PersistentVolumeClaim"].contains(type.text)
            if !isKnown, !type.text.contains("/") {
                report.invalid(type, .string(type.text), "must be a standard limit type or fully qualified")
            }
            if !types.insert(type.text).inserted { report.duplicate(type) }
            check(item, type.text, &report)
        }
    }

    private static func check(_ item: Place, _ type: String, _ report: inout Report) {
        let lists = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"]
        for list in lists {
            if type == "Pod", list.hasPrefix("default") {
                if item[list].count > 0 { report.forbidden(item[list], "may not be specified when `type` is 'Pod'") }
                continue
            }
            for (name, amount) in item[list].entries {
                if type == "Pod" || type == "Container" {
                    ResourceRules.checkName(name, amount, &report)
                    continue
                }
                for problem in ResourceRules.problems(resource: name) { report.invalid(amount, .string(name), problem) }
            }
        }
        let storage = ["min", "max"].contains { item[$0].value?.member("storage") != nil }
        if type == "PersistentVolumeClaim", !storage {
            report.required(
                item["limits"], "either minimum or maximum storage value is required, but neither was provided")
        }
        let names = Set(lists.flatMap { item[$0].entries.map(\.key) })
        for name in names.sorted() { compare(item, name, &report) }
    }

    private static func compare(_ item: Place, _ name: String, _ report: inout Report) {
        func amount(_ list: String) -> Quantity? { Quantity(item[list].value?.member(name)?.string ?? "") }
        func refuse(_ list: String, _ value: Quantity, _ sentence: String) {
            report.invalid(Place(nil, item[list].path[key: name]), .string(value.description), sentence)
        }
        let (least, most, ratio) = (amount("min"), amount("max"), amount("maxLimitRequestRatio"))
        let (limit, request) = (amount("default"), amount("defaultRequest"))
        if let least, let most, least > most {
            refuse("min", least, "min value \(least) is greater than max value \(most)")
        }
        if let request, let least, least > request {
            refuse("defaultRequest", request, "min value \(least) is greater than default request value \(request)")
        }
        if let request, let most, request > most {
            refuse("defaultRequest", request, "default request value \(request) is greater than max value \(most)")
        }
        if let request, let limit, request > limit {
            refuse(
                "defaultRequest", request,
                "default request value \(request) is greater than default limit value \(limit)")
        }
        if let limit, let least, least > limit {
            refuse("default", least, "min value \(least) is greater than default value \(limit)")
        }
        if let limit, let most, limit > most {
            refuse("default", most, "default value \(limit) is greater than max value \(most)")
        }
        guard let ratio else { return }
        if ratio < Quantity(1) { refuse("maxLimitRequestRatio", ratio, "ratio \(ratio) is less than 1") }
    }
}
