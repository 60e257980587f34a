internal import JSON
internal import NetTypes

/// What controllers and nodes may say in a `status`.
enum StatusRules {
    typealias Rule = @Sendable (_ object: Place, _ old: JSONValue, inout Report) -> Void

    static let all: [GroupKind: Rule] = [
        GroupKind(group: "", kind: "Namespace"): namespace,
        GroupKind(group: "", kind: "Node"): { NodeRules.check($0, $1, &$2) },
        GroupKind(group: "", kind: "Pod"): { PodStatusRules.check($0, $1, &$2) },
        GroupKind(group: "", kind: "Service"): service,
        GroupKind(group: "networking.k8s.io", kind: "Ingress"): { ingress, _, report in
            loadBalancer(ingress["status"]["loadBalancer"], hasModes: false, &report)
        },
        GroupKind(group: "", kind: "ReplicationController"): replicas,
        GroupKind(group: "apps", kind: "ReplicaSet"): replicas,
        GroupKind(group: "apps", kind: "Deployment"): { deployment, old, report in
            let status = deployment["status"]
            counts(
                status,
                [
                    "observedGeneration", "replicas", "updatedReplicas", "readyReplicas", "availableReplicas",
                    "unavailableReplicas", "terminatingReplicas", "collisionCount",
                ], &report)
            bounds(status, ["updatedReplicas", "readyReplicas", "availableReplicas"], "readyReplicas", &report)
            collisions(status, old, &report)
        },
        GroupKind(group: "apps", kind: "StatefulSet"): { set, old, report in
            let status = set["status"]
            counts(
                status,
                [
                    "replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas",
                    "observedGeneration", "collisionCount",
                ], &report)
            bounds(
                status, ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"],
                "status.readyReplicas", &report)
            collisions(status, old, &report)
        },
        GroupKind(group: "apps", kind: "DaemonSet"): { set, old, report in
            let status = set["status"]
            counts(
                status,
                [
                    "currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady",
                    "observedGeneration", "updatedNumberScheduled", "numberAvailable", "numberUnavailable",
                    "collisionCount",
                ], &report)
            collisions(status, old, &report)
        },
        GroupKind(group: "policy", kind: "PodDisruptionBudget"): { budget, _, report in
            counts(
                budget["status"], ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"], &report)
        },
        GroupKind(group: "autoscaling", kind: "HorizontalPodAutoscaler"): { autoscaler, _, report in
            counts(autoscaler["status"], ["currentReplicas", "desiredReplicas"], &report)
        },
        GroupKind(group: "batch", kind: "Job"): { job, _, report in
            counts(job["status"], ["active", "succeeded", "failed", "ready", "terminating"], &report)
        },
    ]

    // MARK: Counts

    private static let replicas: Rule = { object, _, report in
        let status = object["status"]
        counts(
            status,
            [
                "replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "terminatingReplicas",
                "observedGeneration",
            ], &report)
        bounds(status, ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"], "readyReplicas", &report)
    }

    private static func counts(_ status: Place, _ fields: [String], _ report: inout Report) {
        for field in fields { report.nonnegative(status[field]) }
    }

    /// No more than there are, and no more available than are ready, whose name upstream writes in two ways.
    private static func bounds(_ status: Place, _ fields: [String], _ ready: String, _ report: inout Report) {
        func number(_ field: String) -> Int { status[field].int ?? 0 }
        for field in fields where number(field) > number("replicas") {
            report.invalid(status[field], "cannot be greater than status.replicas")
        }
        if number("availableReplicas") > number("readyReplicas") {
            report.invalid(status["availableReplicas"], "cannot be greater than \(ready)")
        }
    }

    /// The count goes into names: an earlier one would make them anew.
    private static func collisions(_ status: Place, _ old: JSONValue, _ report: inout Report) {
        guard let was = old.member(at: "status", "collisionCount")?.int else { return }
        let now = status["collisionCount"]
        if (now.int ?? 0) < was { report.invalid(now, .number(JSONNumber(now.int ?? 0)), "cannot be decremented") }
    }

    // MARK: Namespaces, Services

    private static let namespace: Rule = { namespace, _, report in
        let phase = namespace["status"]["phase"]
        let place = Place(phase.value, PlacePath("status", "Phase"))
        if !namespace["metadata"]["deletionTimestamp"].isThere {
            if phase.text != "Active" {
                report.invalid(place, "may only be 'Active' if `deletionTimestamp` is empty")
            }
        } else if phase.text != "Terminating" {
            report.invalid(place, "may only be 'Terminating' if `deletionTimestamp` is not empty")
        }
    }

    private static let service: Rule = { service, _, report in
        let balancer = service["status"]["loadBalancer"]
        if service["spec"]["type"].text != "LoadBalancer", balancer["ingress"].count > 0 {
            return report.forbidden(balancer["ingress"], #"may only be used when `spec.type` is "LoadBalancer""#)
        }
        loadBalancer(balancer, hasModes: true, &report)
    }

    private static func loadBalancer(_ balancer: Place, hasModes: Bool, _ report: inout Report) {
        for ingress in balancer["ingress"].elements {
            let (address, name, mode) = (ingress["ip"], ingress["hostname"], ingress["ipMode"])
            if !address.isEmpty { report.address(address) }
            if hasModes {
                if !mode.isThere, !address.isEmpty { report.required(mode, "must be specified when `ip` is set") }
                if mode.isThere, address.isEmpty { report.forbidden(mode, "may not be specified when `ip` is not set") }
                let modes = ["Proxy", "VIP"]
                if mode.isThere, !address.isEmpty, !modes.contains(mode.text) { report.notSupported(mode, modes) }
            }
            guard !name.isEmpty else { continue }
            report.check(name, NameSyntax.subdomain)
            if IPAddress(name.text) != nil { report.invalid(name, "must be a DNS name, not an IP address") }
        }
    }
}
