internal import JSON

/// What containers, and pods as a whole, ask for and may use.
enum ResourceRules {
    static func check(_ resources: Place, claims: Set<String>, _ report: inout Report) {
        amounts(resources, checkName, &report)
        check(claims: resources["claims"], known: claims, &report)
    }

    /// Limits and requests, and what they are to each other.
    static func amounts(
        _ resources: Place, _ checkName: (String, Place, inout Report) -> Void, _ report: inout Report
    ) {
        let (limits, requests) = (resources["limits"], resources["requests"])
        func check(_ name: String, _ amount: Place) {
            checkName(name, amount, &report)
            checkAmount(name, amount, &report)
            if isHugePages(name) { checkPages(name, amount, &report) }
        }
        for (name, amount) in limits.entries { check(name, amount) }
        for (name, amount) in requests.entries {
            check(name, amount)
            guard let request = Quantity(amount.text) else { continue }
            // Upstream names the lists here, not the entries.
            if let text = limits.value?.member(name)?.string, let limit = Quantity(text) {
                if request != limit, !isOvercommittable(name) {
                    report.invalid(requests, amount.json, "must be equal to \(name) limit of \(limit)")
                } else if request > limit {
                    report.invalid(requests, amount.json, "must be less than or equal to \(name) limit of \(limit)")
                }
            } else if !isOvercommittable(name) {
                report.required(limits, "Limit must be set for non overcommitable resources")
            }
        }
        let names = (limits.entries + requests.entries).map(\.key)
        if names.contains(where: isHugePages), !names.contains("cpu"), !names.contains("memory") {
            report.forbidden(resources, "HugePages require cpu or memory")
        }
    }

    /// Only whole pages can be had.
    private static func checkPages(_ name: String, _ amount: Place, _ report: inout Report) {
        guard let quantity = Quantity(amount.text) else { return }
        let page = Quantity(String(name.dropFirst("hugepages-".count)))?.roundedUp ?? 0
        if page <= 0 || quantity.roundedUp % page != 0 {
            report.invalid(amount, "\(quantity) is not positive integer multiple of \(name)")
        }
    }

    private static func check(claims: Place, known: Set<String>, _ report: inout Report) {
        var seen: Set<String> = []
        for claim in claims.elements {
            let (name, request) = (claim["name"].text, claim["request"].text)
            if name.isEmpty {
                report.required(claim)
                continue
            }
            let whole = request.isEmpty ? name : "\(name)/\(request)"
            let isNew = seen.insert(whole).inserted
            if !isNew || !request.isEmpty && seen.contains(name) { report.duplicate(claim, .string(whole)) }
            if known.contains(name) { continue }
            let list = known.isEmpty ? " which is empty" : ": " + known.sorted().joined(separator: ", ")
            var cause = FieldCause.notFound(claim.path.description, .string(name))
            cause.message += ":  must be one of the names in pod.spec.resourceClaims" + list
            report.add(cause)
        }
    }

    /// The name of something that a container may have.
    static func checkName(_ name: String, _ amount: Place, _ report: inout Report) {
        let problems = problems(resource: name)
        for problem in problems { report.invalid(amount, .string(name), problem) }
        if !name.contains("/") {
            if !isStandardOfContainers(name) {
                report.invalid(amount, .string(name), "must be a standard resource for containers")
            }
        } else if !isNative(name), !isExtended(name) {
            report.invalid(amount, .string(name), "doesn't follow extended resource name standard")
        }
    }

    /// What is wrong with a resource's name.
    static func problems(resource name: String) -> [String] {
        let problems = LabelSyntax.problems(key: name)
        guard problems.isEmpty, !name.contains("/") else { return problems }
        return isStandard(name) ? [] : ["must be a standard resource type or fully qualified"]
    }

    /// An amount is never negative; things that are counted have no parts.
    static func checkAmount(_ name: String, _ amount: Place, _ report: inout Report) {
        guard let quantity = Quantity(amount.text) else { return }
        if quantity.nanos < 0 { report.invalid(amount, "must be greater than or equal to 0") }
        if isCounted(name), quantity.milli % 1000 != 0 { report.invalid(amount, "must be an integer") }
    }

    // MARK: Names

    private static let counted: Set<String> = [
        "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps",
        "persistentvolumeclaims", "services.nodeports", "services.loadbalancers",
    ]
    private static let measured: Set<String> = ["cpu", "memory", "ephemeral-storage"]

    static func isHugePages(_ name: String) -> Bool { name.hasPrefix("hugepages-") }

    private static func isStandardOfContainers(_ name: String) -> Bool {
        measured.contains(name) || isHugePages(name)
    }

    private static func isStandard(_ name: String) -> Bool {
        if isStandardOfContainers(name) || counted.contains(name) || name == "storage" { return true }
        for prefix in ["requests.", "limits."] where name.hasPrefix(prefix) {
            let rest = String(name.dropFirst(prefix.count))
            if measured.contains(rest) { return true }
            if prefix == "requests.", rest == "storage" || isHugePages(rest) { return true }
        }
        return false
    }

    /// What a quota may bound, of the names without a domain.
    static func isStandardOfQuotas(_ name: String) -> Bool { name != "storage" && isStandard(name) }

    private static func isCounted(_ name: String) -> Bool { counted.contains(name) || isExtended(name) }

    private static func isNative(_ name: String) -> Bool { !name.contains("/") || name.contains("kubernetes.io/") }

    /// A device's or another's, such as `example.com/gpu`, which is asked for in whole.
    static func isExtended(_ name: String) -> Bool {
        !isNative(name) && !name.hasPrefix("requests.") && LabelSyntax.problems(key: "requests." + name).isEmpty
    }

    private static func isOvercommittable(_ name: String) -> Bool { isNative(name) && !isHugePages(name) }
}
