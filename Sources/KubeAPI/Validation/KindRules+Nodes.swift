internal import JSON
internal import NetTypes

extension KindRules {
    static let nodes: [GroupKind: KindRules] = [
        GroupKind(group: "", kind: "Node"): KindRules(check: NodeRules.check)
    ]
}

enum NodeRules {
    @Sendable static func check(_ node: Place, _ old: JSONValue?, _ report: inout Report) {
        let spec = node["spec"]
        var seen: Set<String> = []
        for taint in spec["taints"].elements {
            report.requireName(taint["key"]) { LabelSyntax.problems(key: $0) }
            for problem in LabelSyntax.problems(value: taint["value"].text) { report.invalid(taint["value"], problem) }
            if !seen.insert("\(taint["key"].text):\(taint["effect"].text)").inserted { report.duplicate(taint) }
        }
        let ranges = spec["podCIDRs"]
        for range in ranges.elements { report.cidr(range) }
        if ranges.count > 1, ranges.count > 2 || Set(ranges.texts.compactMap { CIDR($0)?.family }).count < 2 {
            report.invalid(ranges, "may specify no more than one CIDR for each IP family")
        }
        for list in ["capacity", "allocatable"] {
            for (_, amount) in node["status"][list].entries { PodRules.checkAmount(amount, &report) }
        }
        if let old { checkUpdate(spec, Place(old.member("spec")), &report) }
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
        func rest(_ spec: JSONValue) -> JSONValue {
            var spec = spec
            for field in ["podCIDR", "podCIDRs", "providerID", "unschedulable", "taints", "configSource"] {
                spec.setMember(field, nil)
            }
            return spec
        }
        if rest(spec.json) != rest(old.json) {
            report.forbidden(
                spec,
                "node updates may only change labels, taints, or capacity (or configSource, if the "
                    + "DynamicKubeletConfig feature gate is enabled)")
        }
    }
}
