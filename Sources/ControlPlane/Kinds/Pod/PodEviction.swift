internal import JSON
internal import KubeAPI

/// Whether a pod may be evicted, and what that costs its disruption budget
/// (https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/).
struct PodEviction {
    let pod: JSONValue
    /// The budgets whose selectors match the pod.
    let budgets: [JSONValue]
    /// RFC 3339.
    let now: String

    enum Verdict: Equatable {
        /// Nothing guards the pod: it is deleted as by any deletion.
        case free
        /// The pod is deleted, and the budget becomes this.
        case charged(JSONValue)
    }

    private static let refusal = "Cannot evict pod as it would violate the pod's disruption budget."
    /// Pods that were evicted and whose end the budget's controller has not seen.
    private static let disruptedPodLimit = 2000

    func verdict() throws(APIStatus) -> Verdict {
        if isBeyondBudgets { return .free }
        if budgets.count > 1 {
            throw APIStatus(
                code: 500, reason: "",
                message:
                    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.")
        }
        guard let budget = budgets.first else { return .free }
        if !pod.hasCondition("Ready") && mayGoUnready(budget) { return .free }
        return .charged(try charge(budget))
    }

    /// A pod that does not run yet or any more is no disruption.
    private var isBeyondBudgets: Bool {
        ["Succeeded", "Failed", "Pending"].contains(pod.text("status", "phase"))
            || pod.at("metadata", "deletionTimestamp") != nil
    }

    private func mayGoUnready(_ budget: JSONValue) -> Bool {
        if budget.text("spec", "unhealthyPodEvictionPolicy") == "AlwaysAllow" { return true }
        let desired = budget.integer("status", "desiredHealthy")
        return desired > 0 && budget.integer("status", "currentHealthy") >= desired
    }

    private func charge(_ budget: JSONValue) throws(APIStatus) -> JSONValue {
        let name = budget.text("metadata", "name")
        let resource = GroupResource(group: "policy", resource: "poddisruptionbudgets")
        if budget.integer("status", "observedGeneration") < budget.integer("metadata", "generation") {
            throw tooMany("The disruption budget \(name) is still being processed by the server.", retryAfter: 10)
        }
        let allowed = budget.integer("status", "disruptionsAllowed")
        if allowed < 0 { throw .forbidden(resource, name, "pdb disruptions allowed is negative") }
        if budget.pairs("status", "disruptedPods").count > Self.disruptedPodLimit {
            throw .forbidden(
                resource, name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller")
        }
        if allowed == 0 {
            let desired = budget.integer("status", "desiredHealthy")
            let current = budget.integer("status", "currentHealthy")
            throw tooMany(
                "The disruption budget \(name) needs \(desired) healthy pods and has \(current) currently",
                retryAfter: 0)
        }
        var budget = budget
        budget.set(.number(JSONNumber(allowed - 1)), at: "status", "disruptionsAllowed")
        if allowed == 1 {
            let condition: JSONValue = [
                "type": "DisruptionAllowed", "status": "False", "reason": "InsufficientPods", "message": "",
                "observedGeneration": budget.at("status", "observedGeneration") ?? 0,
            ]
            budget.setCondition(condition, now: now)
        }
        budget.set(.string(now), at: "status", "disruptedPods", pod.text("metadata", "name"))
        return budget
    }

    private func tooMany(_ cause: String, retryAfter: Int) -> APIStatus {
        var status = APIStatus.tooManyRequests(Self.refusal, retryAfterSeconds: retryAfter)
        status.details?.causes = [APIStatus.Cause(reason: "DisruptionBudget", message: cause)]
        return status
    }

    /// The condition that an evicted pod ends with.
    static let condition: JSONValue = [
        "type": "DisruptionTarget", "status": "True", "reason": "EvictionByEvictionAPI",
        "message": "Eviction API: evicting",
    ]
}
