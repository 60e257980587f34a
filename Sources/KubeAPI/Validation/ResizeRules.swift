internal import JSON

/// How containers take new amounts of cpu and memory while they run, and which they may be given
/// (https://kubernetes.io/docs/tasks/configure-pod-container/resize-container-resources/).
enum ResizeRules {
    static func check(policies: Place, neverRestarts: Bool, _ report: inout Report) {
        var seen: Set<String> = []
        for policy in policies.elements {
            let (resource, restart) = (policy["resourceName"], policy["restartPolicy"])
            if !seen.insert(resource.text).inserted { report.duplicate(policy, resource.json) }
            // Upstream names the list here, not the element.
            if resource.isEmpty {
                report.required(policies)
            } else if !mutable.contains(resource.text) {
                report.notSupported(Place(resource.value, policies.path), mutable)
            }
            let restarts = ["NotRequired", "RestartContainer"]
            if restart.isEmpty {
                report.required(policies)
            } else if !restarts.contains(restart.text) {
                report.notSupported(Place(restart.value, policies.path), restarts)
            }
            if neverRestarts, restart.text != "NotRequired" {
                report.invalid(policies, restart.json, "must be 'NotRequired' when `restartPolicy` is 'Never'")
            }
        }
    }

    /// A write to `resize`. Memory limits may be lowered, since 1.34, whatever the policy.
    static func checkResize(_ pod: Place, _ old: JSONValue, _ report: inout Report) {
        let whole = Place(nil, .wholeObject)
        if old.isMirrorPod { return report.forbidden(whole, "static pods cannot be resized") }
        let (spec, was) = (pod["spec"], Place(old.member("spec")))
        if was["os"]["name"].text == "windows" { return report.forbidden(whole, "windows pods cannot be resized") }
        PodRules.checkSpec(spec, isTemplate: false, &report)
        quality(pod, old, &report)
        if !isSupported(by: old) { report.forbidden(spec, "Pod running on node without support for resize") }
        if old.member(at: "status", "nodeAllocatableResourceClaimStatuses")?.array?.isEmpty == false {
            report.forbidden(spec, "pods with node allocatable resource claims cannot be resized")
        }
        let isWholePod = [was, spec].contains {
            $0["resources"]["requests"].count + $0["resources"]["limits"].count > 0
        }
        if isWholePod { self.whole(spec, was, &report) }
        guard isSameList(spec, was, &report) else { return }
        for list in ["initContainers", "containers"] {
            for (container, old) in zip(spec[list].elements, was[list].elements) {
                nothingRemoved(container["resources"], old["resources"], "resource", &report)
            }
        }
        for (container, old) in zip(spec["containers"].elements, was["containers"].elements)
        where !isSame(container, old) {
            report.forbidden(spec, "only cpu and memory resources are mutable")
        }
        for (container, old) in zip(spec["initContainers"].elements, was["initContainers"].elements) {
            initContainer(container, old, &report)
        }
    }

    private static let mutable = ["cpu", "memory"]

    private static func quality(_ pod: Place, _ old: JSONValue, _ report: inout Report) {
        let told = old.member(at: "status", "qosClass")?.string ?? ""
        let before = PodQuality(rawValue: told) ?? PodQuality(spec: old.member("spec") ?? .null)
        if before != PodQuality(spec: pod["spec"].json) {
            // The class that upstream prints is the one in the status.
            report.invalid(
                pod["spec"], .string(before.rawValue), "Pod QOS Class may not change as a result of resizing")
        }
    }

    /// A node that can resize says what its containers have.
    private static func isSupported(by pod: JSONValue) -> Bool {
        let statuses = pod.member(at: "status", "containerStatuses")?.array ?? []
        let running = statuses.first { $0.member(at: "state", "running") != nil }
        return running.map { $0.member("resources") != nil } ?? true
    }

    private static func whole(_ spec: Place, _ old: Place, _ report: inout Report) {
        let (resources, was) = (spec["resources"], old["resources"])
        if was.isThere, !resources.isThere {
            return report.forbidden(resources, "pod-level resources cannot be removed")
        }
        nothingRemoved(resources, was, "pod-level resource", &report)
        if !isSame(resources: resources, was) {
            report.forbidden(spec, "only cpu and memory resources are mutable at pod-level")
        }
    }

    /// Resources are taken over by the containers' names, so what else is done to the lists is left to be found here.
    private static func isSameList(_ spec: Place, _ old: Place, _ report: inout Report) -> Bool {
        var isSame = true
        for list in ["containers", "initContainers"] {
            let (now, was) = (spec[list].elements, old[list].elements)
            if now.count != was.count {
                report.forbidden(spec[list], "\(list) may not be added or removed on resize")
                isSame = false
                continue
            }
            for (container, old) in zip(now, was) where container["name"].text != old["name"].text {
                report.forbidden(container["name"], "\(list) may not be renamed or reordered on resize")
                isSame = false
            }
        }
        return isSame
    }

    private static func initContainer(_ container: Place, _ old: Place, _ report: inout Report) {
        if !isSame(container, old) {
            report.forbidden(container, "only cpu and memory resources for init or sidecar containers are mutable")
        }
        if container["restartPolicy"].text == "Always" || container.json.isEquivalent(to: old.json) { return }
        if container["resizePolicy"].elements.contains(where: { $0["restartPolicy"].text == "RestartContainer" }) {
            report.forbidden(
                container, "non-sidecar init containers with a resize policy of RestartContainer cannot be resized")
        }
    }

    private static func nothingRemoved(_ resources: Place, _ old: Place, _ word: String, _ report: inout Report) {
        for part in ["requests", "limits"] {
            let isGone = old[part].entries.contains { resources[part].value?.member($0.key) == nil }
            if isGone { report.forbidden(resources[part], "\(word) \(part) cannot be removed") }
        }
    }

    /// But for cpu and memory. A policy is taken over only to be found here.
    private static func isSame(_ container: Place, _ old: Place) -> Bool {
        container["resizePolicy"].value?.array ?? [] == old["resizePolicy"].value?.array ?? []
            && isSame(resources: container["resources"], old["resources"])
    }

    private static func isSame(resources: Place, _ old: Place) -> Bool {
        func rest(_ part: String, _ place: Place) -> Amounts {
            Amounts(place[part].value).filter { !mutable.contains($0) }
        }
        let claims = resources["claims"].value?.array ?? []
        return claims == old["claims"].value?.array ?? []
            && ["requests", "limits"].allSatisfy { rest($0, resources) == rest($0, old) }
    }
}
