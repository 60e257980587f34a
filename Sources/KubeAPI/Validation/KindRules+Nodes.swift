internal import JSON
internal import NetTypes

extension KindRules {
    static let nodes: [GroupKind: KindRules] = [
        GroupKind(group: "", kind: "Node"): KindRules(check: NodeRules.check)
    ]
}

enum NodeRules {
    @Sendable static func check(_ node: Place, _ old: JSONValue?, _ report: inout Report) {
        let (spec, status) = (node["spec"], node["status"])
        taints(Place(spec["taints"].value, PlacePath("metadata", "taints")), &report)
        ranges(spec["podCIDRs"], &report)
        for list in ["capacity", "allocatable"] {
            for (name, amount) in status[list].entries {
                // Upstream writes the name as a field's.
                let place = Place(amount.value, status[list].path.appending(name))
                ResourceRules.checkAmount(name, place, &report)
            }
        }
        var addresses: Set<JSONValue> = []
        for address in status["addresses"].elements where !addresses.insert(address.json).inserted {
            report.duplicate(address)
        }
        if let old { checkUpdate(spec, Place(old.member("spec")), &report) }
    }

    private static func taints(_ taints: Place, _ report: inout Report) {
        var seen: Set<String> = []
        let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]
        for taint in taints.elements {
            let (key, value, effect) = (taint["key"], taint["value"], taint["effect"])
            for problem in LabelSyntax.problems(key: key.text) { report.invalid(key, .string(key.text), problem) }
            let problems = LabelSyntax.problems(value: value.text)
            if !problems.isEmpty { report.invalid(value, problems.joined(separator: ";")) }
            if effect.text.isEmpty {
                report.required(effect)
            } else if !effects.contains(effect.text) {
                report.notSupported(effect, effects)
            }
            if seen.insert("\(key.text):\(effect.text)").inserted { continue }
            var cause = FieldCause.duplicate(taint.path.description, taint.json)
            cause.message += ": taints must be unique by key and effect pair"
            report.add(cause)
        }
    }

    private static func ranges(_ ranges: Place, _ report: inout Report) {
        var seen: Set<String> = []
        for range in ranges.elements { report.cidr(range) }
        if ranges.count > 1, ranges.count > 2 || Set(ranges.texts.compactMap { CIDR($0)?.family }).count < 2 {
            report.invalid(ranges, "may specify no more than one CIDR for each IP family")
        }
        for range in ranges.elements where !seen.insert(range.text).inserted { report.duplicate(range) }
    }

    private static func checkUpdate(_ spec: Place, _ old: Place, _ report: inout Report) {
        if old["podCIDRs"].count > 0, spec["podCIDRs"].value != old["podCIDRs"].value {
            report.forbidden(
                spec["podCIDRs"], "node updates may not change podCIDR except from \"\" to valid")
        }
        if !old["providerID"].text.isEmpty, spec["providerID"].text != old["providerID"].text {
            report.forbidden(
                spec["providerID"], "node updates may not change providerID except from \"\" to valid")
        }
        if spec["externalID"].text != old["externalID"].text {
            report.forbidden(spec["externalID"], "may not be updated")
        }
    }
}
