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
                gate, "only deletion is allowed, but found new scheduling gate '\(gate["name"].text)'")
        }
    }

    /// Ephemeral containers can be added, and neither changed nor removed.
    static func checkEphemeralContainers(_ spec: Place, _ old: JSONValue?, _ report: inout Report) {
        checkSpec(spec, &report)
        let list = spec["ephemeralContainers"]
        let now = list.value?.array ?? []
        for container in old?.member("ephemeralContainers")?.array ?? [] where !now.contains(container) {
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
