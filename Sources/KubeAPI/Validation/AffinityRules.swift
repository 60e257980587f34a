internal import JSON

/// Where pods want to be: near nodes and pods, or far from them.
enum AffinityRules {
    static func check(_ affinity: Place, _ report: inout Report) {
        let node = affinity["nodeAffinity"]
        let requiredTerms = node["requiredDuringSchedulingIgnoredDuringExecution"]
        if requiredTerms.isThere { checkNodeSelector(requiredTerms, &report) }
        for term in node["preferredDuringSchedulingIgnoredDuringExecution"].elements {
            weight(term["weight"], &report)
            checkNodeTerm(term["preference"], isRequired: false, &report)
        }
        for name in ["podAffinity", "podAntiAffinity"] {
            for term in affinity[name]["requiredDuringSchedulingIgnoredDuringExecution"].elements {
                pods(term, &report)
            }
            for term in affinity[name]["preferredDuringSchedulingIgnoredDuringExecution"].elements {
                weight(term["weight"], &report)
                pods(term["podAffinityTerm"], &report)
            }
        }
    }

    static func checkNodeSelector(_ selector: Place, _ report: inout Report) {
        let terms = selector["nodeSelectorTerms"]
        if terms.count == 0 { report.required(terms, "must have at least one node selector term") }
        for term in terms.elements { checkNodeTerm(term, isRequired: true, &report) }
    }

    private static func checkNodeTerm(_ term: Place, isRequired: Bool, _ report: inout Report) {
        for requirement in term["matchExpressions"].elements {
            let values = requirement["values"]
            switch requirement["operator"].text {
            case "In", "NotIn":
                if values.count == 0 {
                    report.required(values, "must be specified when `operator` is 'In' or 'NotIn'")
                }
            case "Exists", "DoesNotExist":
                if values.count > 0 {
                    report.forbidden(values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
                }
            case "Gt", "Lt":
                if values.count != 1 {
                    report.required(values, "must be specified single value when `operator` is 'Lt' or 'Gt'")
                }
            default: report.notAnOperator(requirement["operator"])
            }
            for problem in LabelSyntax.problems(key: requirement["key"].text) {
                report.invalid(requirement["key"], problem)
            }
            if isRequired { for value in values.elements { report.check(value, LabelSyntax.problems(value:)) } }
        }
        for requirement in term["matchFields"].elements { field(requirement, &report) }
    }

    private static func field(_ requirement: Place, _ report: inout Report) {
        let (op, key, values) = (requirement["operator"], requirement["key"], requirement["values"])
        if !["In", "NotIn"].contains(op.text) {
            report.notAnOperator(op)
        } else if values.count != 1 {
            report.required(
                values, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector")
        }
        guard key.text == "metadata.name" else {
            return report.invalid(key, .string(key.text), "not a valid field selector key")
        }
        for value in values.elements { report.check(value, NameSyntax.subdomain) }
    }

    private static func pods(_ term: Place, _ report: inout Report) {
        report.labelSelector(term["labelSelector"])
        report.labelSelector(term["namespaceSelector"])
        // Upstream names them so, and not the entry.
        let place = Place(nil, term.path.appending("namespace"))
        for name in term["namespaces"].texts {
            for problem in NameSyntax.label(name) { report.invalid(place, .string(name), problem) }
        }
        let key = term["topologyKey"]
        if key.text.isEmpty { report.required(key, "can not be empty") }
        for problem in LabelSyntax.problems(key: key.text) { report.invalid(key, .string(key.text), problem) }
    }

    private static func weight(_ weight: Place, _ report: inout Report) {
        if !(1...100).contains(weight.int ?? 0) { report.invalid(weight, "must be in the range 1-100") }
    }
}
