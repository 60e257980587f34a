internal import JSON

/// Security contexts of pods and of containers.
enum SecurityRules {
    static func check(container context: Place, isUserNamespaced: Bool, _ report: inout Report) {
        guard context.isThere else { return }
        check(shared: context, &report)
        let mount = context["procMount"]
        if mount.text == "Unmasked", !isUserNamespaced {
            report.invalid(mount, "`hostUsers` must be false to use `Unmasked`")
        }
        guard context["allowPrivilegeEscalation"].value == false else { return }
        if context["privileged"].isTrue {
            report.invalid(context, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
        }
        if context["capabilities"]["add"].texts.contains("CAP_SYS_ADMIN") {
            report.invalid(
                context, "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN")
        }
    }

    static func check(pod spec: Place, _ report: inout Report) {
        let context = spec["securityContext"]
        check(shared: context, &report)
        report.range(context["fsGroup"], 0...Int(Int32.max))
        for group in context["supplementalGroups"].elements { report.range(group, 0...Int(Int32.max)) }
        let shares = Place(spec["shareProcessNamespace"].value, context.path.appending("shareProcessNamespace"))
        if shares.isTrue, spec["hostPID"].isTrue {
            report.invalid(shares, "ShareProcessNamespace and HostPID cannot both be enabled")
        }
        sysctls(context["sysctls"], &report)
        guard spec["hostUsers"].value == false else { return }
        for (field, name) in [("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")]
        where spec[field].isTrue {
            report.forbidden(Place(nil, spec.path.appending(name)), "when `pod.Spec.HostUsers` is false")
        }
    }

    private static func check(shared context: Place, _ report: inout Report) {
        for field in ["runAsUser", "runAsGroup"] { report.range(context[field], 0...Int(Int32.max)) }
        profile(context["seccompProfile"], "seccomp", &report)
        profile(context["appArmorProfile"], "AppArmor", &report)
    }

    private static func profile(_ profile: Place, _ what: String, _ report: inout Report) {
        guard profile.isThere else { return }
        let (type, local) = (profile["type"], profile["localhostProfile"])
        switch type.text {
        case "Localhost":
            if local.isThere, what == "seccomp" {
                report.descendingPath(local)
            } else if local.text.isEmpty {
                report.required(local, "must be set when \(what) type is Localhost")
            } else {
                if local.text.first?.isWhitespace == true || local.text.last?.isWhitespace == true {
                    report.invalid(local, "must not be padded with whitespace")
                }
                if local.text.utf8.count > 4095 { report.tooLong(local, 4095) }
            }
        case "RuntimeDefault", "Unconfined":
            if local.isThere {
                report.invalid(
                    local, what == "seccomp" ? profile.json : local.json,
                    "can only be set when \(what) type is Localhost")
            }
        case "": report.required(type, "type is required when \(what == "seccomp" ? what : "appArmor")Profile is set")
        default: report.notSupported(type, ["Localhost", "RuntimeDefault", "Unconfined"])
        }
    }

    private static func sysctls(_ sysctls: Place, _ report: inout Report) {
        var names: Set<String> = []
        for sysctl in sysctls.elements {
            let name = sysctl["name"]
            if name.text.isEmpty {
                report.required(name)
            } else if !isSysctl(name.text) {
                report.invalid(
                    name,
                    "must have at most 253 characters and match regex "
                        + "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$")
            }
            if !names.insert(name.text).inserted { report.duplicate(name) }
        }
    }

    private static func isSysctl(_ name: String) -> Bool {
        func isEdge(_ byte: UInt8?) -> Bool {
            byte.map { (48...57).contains($0) || (97...122).contains($0) } ?? false
        }
        let parts = name.utf8.split(omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/")
        }
        return name.utf8.count <= 253
            && parts.allSatisfy { part in
                isEdge(part.first) && isEdge(part.last)
                    && part.allSatisfy { isEdge($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
            }
    }
}
