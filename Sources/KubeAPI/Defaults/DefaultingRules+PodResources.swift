internal import JSON

extension DefaultingRules {
    /// What a pod that says something of itself as a whole has left out; its containers have their defaults already
    /// (https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/2837-pod-level-resource-spec).
    static func wholePod(_ spec: inout JSONValue) {
        guard let resources = spec.member("resources") else { return }
        let said = (limits: resources.object(at: "limits"), requests: resources.object(at: "requests"))
        if said.limits.isEmpty && said.requests.isEmpty { return }
        var (limits, requests) = (JSONValue.object(said.limits), JSONValue.object(said.requests))
        // The larger pages that containers may use are the pod's, unless it asks for some itself.
        for (name, amount) in PodAmounts.ofContainers(spec, .limits).sorted
        where ResourceRules.isHugePages(name) && requests.member(name) == nil {
            limits.setDefault(name, amount.json)
        }
        if limits.object?.isEmpty == false {
            // Asked for is what the containers ask for together, or else all that the pod may use.
            for (name, amount) in PodAmounts.ofContainers(spec, .requests).sorted
            where PodAmounts.isForWholePods(name) && !ResourceRules.isHugePages(name) {
                requests.setDefault(name, amount.json)
            }
            for entry in limits.object?.members ?? [] where PodAmounts.isForWholePods(entry.key) {
                requests.setDefault(entry.key, entry.value)
            }
        }
        spec.updateMember("resources") { resources in
            for (part, var amounts) in [("limits", limits), ("requests", requests)]
            where amounts.object?.isEmpty == false {
                amounts.sortMembers()
                resources.setMember(part, amounts)
            }
        }
    }
}
