internal import JSON
internal import NetTypes

/// What nodes may say of their pods.
enum PodStatusRules {
    static func check(_ pod: Place, _ old: JSONValue, _ report: inout Report) {
        let (spec, status) = (pod["spec"], pod["status"])
        let own = ["PodScheduled", "Ready", "Initialized"]
        // Upstream says that they are in the metadata.
        let conditions = Place(status["conditions"].value, PlacePath("metadata", "conditions"))
        for condition in conditions.elements where !own.contains(condition["type"].text) {
            for problem in LabelSyntax.problems(key: condition["type"].text) {
                report.invalid(
                    Place(condition["type"].value, condition.path.appending("Type")), problem)
            }
        }
        if let quality = old.member(at: "status", "qosClass"), status["qosClass"].value != quality {
            report.invalid(status["qosClass"], "field is immutable")
        }
        let policy = spec["restartPolicy"].text
        let sidecars = Set(
            spec["initContainers"].elements.filter { $0["restartPolicy"].text == "Always" }.map { $0["name"].text })
        for (list, policy, restarting) in [
            ("containerStatuses", policy, Set()), ("initContainerStatuses", policy, sidecars),
            ("ephemeralContainerStatuses", "Never", Set()),
        ] as [(String, String, Set<String>)] where policy != "Always" {
            ended(status[list], Place(old.member("status"))[list], policy, restarting, &report)
        }
        addresses(status["podIPs"], &report)
        addresses(status["hostIPs"], &report)
    }

    /// A container that has ended for good does not come back.
    private static func ended(
        _ list: Place, _ old: Place, _ policy: String, _ restarting: Set<String>, _ report: inout Report
    ) {
        let now = list.elements
        for (index, was) in old.elements.enumerated() {
            let (name, state) = (was["name"].text, was["state"]["terminated"])
            guard state.isThere, !restarting.contains(name) else { continue }
            if policy == "OnFailure", state["exitCode"].int ?? 0 != 0 { continue }
            for status in now where status["name"].text == name && !status["state"]["terminated"].isThere {
                report.forbidden(
                    Place(nil, list.path[index].appending("state")),
                    "may not be transitioned to non-terminated state")
            }
        }
    }

    private static func addresses(_ list: Place, _ report: inout Report) {
        for element in list.elements where IPAddress(element["ip"].text) == nil {
            report.invalid(
                Place(element["ip"].value, element.path),
                "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")
        }
        guard list.count > 1 else { return }
        let families = Set(list.elements.compactMap { IPAddress($0["ip"].text)?.family })
        if list.count > 2 || families.count < 2 {
            report.invalid(list, "may specify no more than one IP for each IP family")
        }
        var seen: Set<JSONValue> = []
        for element in list.elements where !seen.insert(element.json).inserted { report.duplicate(element) }
    }
}
