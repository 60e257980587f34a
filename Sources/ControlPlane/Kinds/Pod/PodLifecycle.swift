internal import JSON
internal import KubeAPI

/// What the server itself writes into pods: their first status, and how long their end may take.
enum PodLifecycle {
    /// A new pod: pending, with its class, and held back when it has gates.
    static func begin(_ pod: inout JSONValue, now: String) {
        let quality = PodQuality(spec: pod.at("spec") ?? .null)
        pod.set(["phase": "Pending", "qosClass": .string(quality.rawValue)], at: "status")
        mirrorServiceAccount(&pod)
        if !pod.list("spec", "schedulingGates").isEmpty {
            let condition: JSONValue = [
                "type": "PodScheduled", "status": "False", "reason": "SchedulingGated",
                "message": "Scheduling is blocked due to non-empty scheduling gates",
            ]
            pod.setCondition(condition, now: now)
        }
    }

    /// `serviceAccount` is the old name of `serviceAccountName`; both are served.
    static func mirrorServiceAccount(_ pod: inout JSONValue) {
        let name = pod.at("spec", "serviceAccountName") ?? pod.at("spec", "serviceAccount")
        guard let name, name.string?.isEmpty == false else { return }
        pod.set(name, at: "spec", "serviceAccountName")
        pod.set(name, at: "spec", "serviceAccount")
    }

    /// Seconds from the deletion's request to the pod's end, which its kubelet brings about; 0 when no kubelet has it.
    /// `requested` is what the DeleteOptions say.
    static func gracePeriod(of pod: JSONValue, requested: Int?) -> Int {
        if pod.text("spec", "nodeName").isEmpty { return 0 }
        if ["Succeeded", "Failed"].contains(pod.text("status", "phase")) { return 0 }
        let period = requested ?? pod.at("spec", "terminationGracePeriodSeconds")?.int ?? 0
        return period < 0 ? 1 : period
    }

    /// A write of the status: it changes neither the spec nor the owners, and keeps the class.
    static func keepAllButStatus(_ pod: inout JSONValue, old: JSONValue) {
        pod.set(old.at("spec"), at: "spec")
        pod.set(old.at("metadata", "ownerReferences"), at: "metadata", "ownerReferences")
        if pod.text("status", "qosClass").isEmpty { pod.set(old.at("status", "qosClass"), at: "status", "qosClass") }
    }
}
