internal import JSON

/// What a pod as a whole asks for and may use, beside what its containers say.
enum PodResourceRules {
    static func check(_ spec: Place, _ report: inout Report) {
        let resources = spec["resources"]
        if spec["os"]["name"].text == "windows" {
            return report.forbidden(resources, "may not be set for a windows pod")
        }
        if resources["claims"].count > 0 {
            report.forbidden(resources["claims"], "claims may not be set for Resources at pod-level")
        }
        ResourceRules.amounts(resources, checkName, &report)
        let (requests, limits) = (resources["requests"], resources["limits"])
        isAtLeast(requests, PodAmounts.ofContainers(spec.json, .requests), "requests", &report)
        let pages = PodAmounts.ofContainers(spec.json, .limits).filter(ResourceRules.isHugePages)
        isAtLeast(limits, pages, "limits", &report)
        for (index, container) in spec["containers"].elements.enumerated() {
            for (name, amount) in Amounts(container["resources"]["limits"].value).sorted {
                guard let most = Quantity(json: limits[name].json), amount > most else { continue }
                // Upstream says where this is from the pod's resources on.
                let path = resources.path.appending("containers")[index][key: name].appending("limits")
                report.invalid(Place(amount.json, path), "must be less than or equal to pod limits of \(most)")
            }
        }
    }

    private static func isAtLeast(
        _ whole: Place, _ containers: Amounts, _ word: String, _ report: inout Report
    ) {
        for (name, sum) in containers.sorted {
            let place = Place(whole[name].value, whole.path[key: name])
            guard let amount = Quantity(json: place.json), amount < sum else { continue }
            report.invalid(
                place, amount.json, "must be greater than or equal to aggregate container \(word) of \(sum)")
        }
    }

    private static func checkName(_ name: String, _ amount: Place, _ report: inout Report) {
        let problems = ResourceRules.problems(resource: name)
        for problem in problems { report.invalid(amount, .string(name), problem) }
        if problems.isEmpty, !PodAmounts.isForWholePods(name) {
            report.notSupported(Place(.string(name), amount.path), ["cpu", "hugepages-", "memory"])
        }
    }
}
