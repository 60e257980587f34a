internal import JSON

/// Tolerations and spreading: where pods may be.
enum PlacementRules {
    static func check(toleration: Place, _ report: inout Report) {
        let (key, op, value) = (toleration["key"], toleration["operator"], toleration["value"])
        if !key.text.isEmpty {
            for problem in LabelSyntax.problems(key: key.text) { report.invalid(key, problem) }
        } else if op.text != "Exists" {
            report.invalid(
                op, .string(op.text),
                "operator must be Exists when `key` is empty, which means \"match all values and all keys\"")
        }
        if toleration["tolerationSeconds"].isThere, toleration["effect"].text != "NoExecute" {
            report.invalid(
                toleration["effect"], .string(toleration["effect"].text),
                "effect must be 'NoExecute' when `tolerationSeconds` is set")
        }
        switch op.text {
        case "Exists":
            if !value.text.isEmpty {
                report.invalid(op, value.json, "value must be empty when `operator` is 'Exists'")
            }
        case "", "Equal":
            let problems = LabelSyntax.problems(value: value.text)
            if !problems.isEmpty { report.invalid(op, value.json, problems.joined(separator: ";")) }
        default: break
        }
    }

    static func check(spread constraints: Place, _ report: inout Report) {
        let all = constraints.elements
        for (index, constraint) in all.enumerated() {
            let skew = constraint["maxSkew"]
            if (skew.int ?? 0) <= 0 { report.invalid(skew, "must be greater than zero") }
            let (key, action) = (constraint["topologyKey"], constraint["whenUnsatisfiable"])
            if key.text.isEmpty { report.required(key, "can not be empty") }
            // Of two that are alike upstream names the first.
            let isRepeated = all[(index + 1)...].contains {
                $0["topologyKey"].text == key.text && $0["whenUnsatisfiable"].text == action.text
            }
            if isRepeated {
                report.duplicate(
                    Place(nil, constraint.path.appending("{topologyKey, whenUnsatisfiable}")),
                    .string("{\(key.text), \(action.text)}"))
            }
            let least = constraint["minDomains"]
            if let count = least.int {
                if count <= 0 { report.invalid(least, "must be greater than zero") }
                if action.text != "DoNotSchedule" {
                    report.invalid(
                        least,
                        "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not \(action.text)")
                }
            }
            let (selector, keys) = (constraint["labelSelector"], constraint["matchLabelKeys"])
            if keys.count > 0, !selector.isThere {
                report.forbidden(keys, "must not be specified when labelSelector is not set")
            }
            for key in keys.elements {
                for problem in LabelSyntax.problems(key: key.text) { report.invalid(key, problem) }
            }
            report.labelSelector(selector)
        }
    }
}
