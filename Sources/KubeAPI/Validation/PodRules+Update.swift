internal import JSON

extension PodRules {
    /// A pod's spec is what its node acts on: very little of it may change.
    static func checkUpdate(_ spec: Place, _ old: Place, _ report: inout Report) {
        for list in ["containers", "initContainers"] where spec[list].count != old[list].count {
            // As upstream, which says no more then.
            return report.forbidden(spec[list], "pod updates may not add or remove containers")
        }
        deadline(spec["activeDeadlineSeconds"], old["activeDeadlineSeconds"], &report)
        tolerations(spec["tolerations"], old["tolerations"], &report)
        gates(spec["schedulingGates"], old["schedulingGates"], &report)
        let isGated = old["schedulingGates"].count > 0
        if isGated { placement(spec, old, &report) }
        var spec = spec
        // A pod that was to be given no end may be told to end.
        let grace = "terminationGracePeriodSeconds"
        if spec[grace].int == 1, let was = old[grace].int, was < 0 {
            var value = spec.json
            value.setMember(grace, old[grace].value)
            spec = Place(value, spec.path)
        }
        if !comparable(spec.json, isGated).isEquivalent(to: comparable(old.json, isGated)) {
            report.forbidden(
                spec,
                "pod updates may not change fields other than `spec.containers[*].image`,"
                    + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to "
                    + "existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was "
                    + "previously negative)")
        }
    }

    /// The spec without what may change; a pod that is held by gates may narrow where it runs, too.
    private static func comparable(_ spec: JSONValue, _ isGated: Bool) -> JSONValue {
        var spec = spec
        for list in ["containers", "initContainers"] {
            spec.updateElements(list) { $0.setMember("image", nil) }
        }
        for field in ["activeDeadlineSeconds", "tolerations", "schedulingGates"] { spec.setMember(field, nil) }
        if isGated {
            spec.setMember("nodeSelector", nil)
            spec.updateMember("affinity") { $0.setMember("nodeAffinity", nil) }
            if spec.member("affinity")?.object?.isEmpty == true { spec.setMember("affinity", nil) }
        }
        return spec
    }

    /// What a pod that is held by gates asks of nodes may become narrower.
    private static func placement(_ spec: Place, _ old: Place, _ report: inout Report) {
        let selector = spec["nodeSelector"]
        for (key, value) in old["nodeSelector"].entries where selector.value?.member(key) != value.value {
            report.invalid(
                selector, "only additions to spec.nodeSelector are allowed (no mutations or deletions)")
            break
        }
        func terms(_ spec: Place) -> Place {
            spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
        }
        let (now, was) = (terms(spec), terms(old))
        if was.count == 0 { return }
        guard was.count == now.count else {
            return report.invalid(now, "no additions/deletions to non-empty NodeSelectorTerms list are allowed")
        }
        for (term, oldTerm) in zip(now.elements, was.elements) where !hasOnlyMore(term, oldTerm) {
            report.invalid(term, "only additions are allowed (no mutations or deletions)")
        }
    }

    private static func hasOnlyMore(_ term: Place, _ old: Place) -> Bool {
        let lists = ["matchExpressions", "matchFields"]
        // A term without requirements is met by no node, and stays so.
        if lists.allSatisfy({ old[$0].count == 0 }) { return lists.allSatisfy { term[$0].count == 0 } }
        return lists.allSatisfy { (term[$0].value?.array ?? []).starts(with: old[$0].value?.array ?? []) }
    }

    private static func deadline(_ new: Place, _ old: Place, _ report: inout Report) {
        guard let was = old.int else { return }
        guard let now = new.int else {
            return report.invalid(new, "must not update from a positive integer to nil value")
        }
        if now > was { report.invalid(new, "must be less than or equal to previous value") }
    }

    private static func tolerations(_ new: Place, _ old: Place, _ report: inout Report) {
        func withoutTime(_ toleration: JSONValue) -> JSONValue {
            var toleration = toleration
            toleration.setMember("tolerationSeconds", nil)
            return toleration
        }
        let now = Set((new.value?.array ?? []).map(withoutTime))
        if !(old.value?.array ?? []).map(withoutTime).allSatisfy(now.contains) {
            report.forbidden(new, "existing toleration can not be modified except its tolerationSeconds")
        }
    }

    private static func gates(_ new: Place, _ old: Place, _ report: inout Report) {
        let known = Set((old.value?.array ?? []).compactMap { $0.member("name")?.string })
        for gate in new.elements where !known.contains(gate["name"].text) {
            report.forbidden(
                gate["name"], "only deletion is allowed, but found new scheduling gate '\(gate["name"].text)'")
        }
    }

    /// Ephemeral containers can be added, and neither changed nor removed.
    static func checkEphemeralContainers(_ spec: Place, _ old: JSONValue, _ report: inout Report) {
        checkSpec(spec, isTemplate: false, &report)
        if old.isMirrorPod {
            return report.forbidden(Place(nil, .wholeObject), "static pods do not support ephemeral containers")
        }
        let list = spec["ephemeralContainers"]
        let now = list.value?.array ?? []
        for container in old.member(at: "spec", "ephemeralContainers")?.array ?? [] where !now.contains(container) {
            let name = container.member("name")?.string ?? ""
            let isThere = now.contains { $0.member("name")?.string == name }
            report.forbidden(
                list,
                isThere
                    ? "existing ephemeral containers \(FieldCause.quoted(name)) may not be changed\n"
                    : "existing ephemeral containers \(FieldCause.quoted(name)) may not be removed\n")
        }
    }
}

extension JSONValue {
    /// Whether the pod only mirrors one that its node has from a file.
    var isMirrorPod: Bool { member(at: "metadata", "annotations", "kubernetes.io/config.mirror") != nil }
}
