internal import JSON

/// What is unwise in a pod, or in a template of pods.
enum PodWarnings {
    /// `pod`: a Pod, or a template within its kind: what has `metadata` and `spec`.
    static func of(_ pod: Place) -> [String] {
        let (spec, annotations) = (pod["spec"], pod["metadata"]["annotations"])
        var warnings = nodeLabels(spec) + self.annotations(annotations) + volumes(spec)
        warnings += duplicates(spec["hostAliases"], "ip") { "duplicate ip \($0)" }
        warnings += duplicates(spec["imagePullSecrets"], "name") { "duplicate name \($0)" }
        for secret in spec["imagePullSecrets"].elements where secret["name"].text.isEmpty {
            warnings.append("\(secret["name"].path): invalid empty name \"\"")
        }
        warnings += fractions(spec["overhead"])
        if annotations[seccomp].isThere, !spec["securityContext"]["seccompProfile"].isThere {
            warnings.append("\(annotations.path[key: seccomp]): \(insteadOfSeccomp)")
        }
        let containers = ["initContainers", "containers", "ephemeralContainers"].flatMap { spec[$0].elements }
        for container in containers { warnings += self.container(container, annotations) }
        warnings += PortWarnings.of(containers)
        if let period = spec["terminationGracePeriodSeconds"].int, period < 0 {
            warnings.append(
                "\(spec["terminationGracePeriodSeconds"].path): must be >= 0; negative values are invalid and will be"
                    + " treated as 1")
        }
        return warnings + affinity(spec["affinity"])
    }

    // MARK: Labels of nodes

    private static let oldLabels = [
        "beta.kubernetes.io/arch": #"deprecated since v1.14; use "kubernetes.io/arch" instead"#,
        "beta.kubernetes.io/os": #"deprecated since v1.14; use "kubernetes.io/os" instead"#,
        "failure-domain.beta.kubernetes.io/region":
            #"deprecated since v1.17; use "topology.kubernetes.io/region" instead"#,
        "failure-domain.beta.kubernetes.io/zone": #"deprecated since v1.17; use "topology.kubernetes.io/zone" instead"#,
        "beta.kubernetes.io/instance-type":
            #"deprecated since v1.17; use "node.kubernetes.io/instance-type" instead"#,
    ]

    private static func nodeLabels(_ spec: Place) -> [String] {
        var warnings = spec["nodeSelector"].entries.compactMap { key, place in
            oldLabels[key].map { "\(place.path): \($0)" }
        }
        let affinity = spec["affinity"]["nodeAffinity"]
        let terms =
            affinity["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"].elements
            + affinity["preferredDuringSchedulingIgnoredDuringExecution"].elements.map { $0["preference"] }
        let keys = terms.flatMap { $0["matchExpressions"].elements }.map { $0["key"] }
        let constraints = spec["topologySpreadConstraints"].elements
        for key in keys { warnings += oldLabel(key) }
        for constraint in constraints { warnings += oldLabel(constraint["topologyKey"]) + nullSelector(constraint) }
        return warnings
    }

    private static func oldLabel(_ key: Place) -> [String] {
        oldLabels[key.text].map { ["\(key.path): \(key.text) is \($0)"] } ?? []
    }

    private static func nullSelector(_ term: Place) -> [String] {
        let selector = term["labelSelector"]
        return selector.isThere ? [] : ["\(selector.path): a null labelSelector results in matching no pod"]
    }

    private static func affinity(_ affinity: Place) -> [String] {
        ["podAffinity", "podAntiAffinity"].map { affinity[$0] }.flatMap { terms in
            terms["requiredDuringSchedulingIgnoredDuringExecution"].elements
                + terms["preferredDuringSchedulingIgnoredDuringExecution"].elements.map { $0["podAffinityTerm"] }
        }.flatMap(nullSelector)
    }

    // MARK: What was replaced

    private static let seccomp = "seccomp.security.alpha.kubernetes.io/pod"
    private static let insteadOfSeccomp = #"non-functional in v1.27+; use the "seccompProfile" field instead"#

    private static func annotations(_ annotations: Place) -> [String] {
        let old = [
            (
                "scheduler.alpha.kubernetes.io/critical-pod",
                #"non-functional in v1.16+; use the "priorityClassName" field instead"#
            ),
            ("security.alpha.kubernetes.io/sysctls", #"non-functional in v1.11+; use the "sysctls" field instead"#),
            (
                "security.alpha.kubernetes.io/unsafe-sysctls",
                #"non-functional in v1.11+; use the "sysctls" field instead"#
            ),
        ]
        return old.filter { annotations[$0.0].isThere }.map { "\(annotations.path[key: $0.0]): \($0.1)" }
    }

    private static let oldVolumes = [
        ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"), ("gitRepo", "deprecated in v1.11"),
        ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
        ("flocker", "deprecated in v1.22, non-functional in v1.25+"),
        ("storageos", "deprecated in v1.22, non-functional in v1.25+"),
        ("quobyte", "deprecated in v1.22, non-functional in v1.25+"),
        ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
        ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
        ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
    ]

    private static func volumes(_ spec: Place) -> [String] {
        spec["volumes"].elements.flatMap { volume in
            oldVolumes.filter { volume[$0.0].isThere }.map { "\(volume[$0.0].path): \($0.1)" }
        }
    }

    // MARK: Containers

    private static func container(_ container: Place, _ annotations: Place) -> [String] {
        var warnings: [String] = []
        let key = "container.seccomp.security.alpha.kubernetes.io/\(container["name"].text)"
        if annotations[key].isThere, !container["securityContext"]["seccompProfile"].isThere {
            warnings.append("\(annotations.path[key: key]): \(insteadOfSeccomp)")
        }
        for list in ["limits", "requests"] { warnings += fractions(container["resources"][list]) }
        var names: Set<String> = []
        for variable in container["env"].elements where !names.insert(variable["name"].text).inserted {
            let name = variable["name"].text
            // X="$(X) more" adds to what was there before, and loses nothing of it.
            let value = variable["value"].text
            let reference = "$(\(name))"
            if variable["valueFrom"].isThere || value == reference || !value.contains(reference) {
                warnings.append(
                    "\(variable.path): hides previous definition of \(FieldCause.quoted(name)), which may be dropped"
                        + " when using apply")
            }
        }
        return warnings
    }

    private static func fractions(_ amounts: Place) -> [String] {
        ["memory", "ephemeral-storage"].compactMap { resource in
            guard let quantity = Quantity(amounts[resource].text), quantity.milli % 1000 != 0 else { return nil }
            return
                "\(amounts.path[key: resource]): fractional byte value \(FieldCause.quoted(quantity.description)) is"
                + " invalid, must be an integer"
        }
    }

    private static func duplicates(_ list: Place, _ key: String, _ sentence: (String) -> String) -> [String] {
        var seen: Set<String> = []
        return list.elements.map { $0[key] }.filter { !seen.insert($0.text).inserted }.map {
            "\($0.path): \(sentence(FieldCause.quoted($0.text)))"
        }
    }
}

/// Ports that containers of one pod have in common.
enum PortWarnings {
    static func of(_ containers: [Place]) -> [String] {
        var warnings: [String] = []
        var former: [String: [Place]] = [:]
        for port in containers.flatMap({ $0["ports"].elements }) {
            let key = "\(port["containerPort"].int ?? 0)/\(port["protocol"].text)"
            for other in former[key] ?? [] {
                if let relation = relation(port, other) {
                    warnings.append("\(port.path): \(relation) port definition with \(other.path)")
                }
            }
            former[key, default: []].append(port)
        }
        return warnings
    }

    private static func relation(_ port: Place, _ other: Place) -> String? {
        let addresses = (port["hostIP"].text, other["hostIP"].text)
        let numbers = (port["hostPort"].int ?? 0, other["hostPort"].int ?? 0)
        if addresses.0 == addresses.1, numbers.0 == numbers.1 { return "duplicate" }
        if numbers.0 == 0 || numbers.1 == 0 { return "overlapping" }
        let isAmbiguous = numbers.0 == numbers.1 && addresses.0.isEmpty != addresses.1.isEmpty
        return isAmbiguous ? "dangerously ambiguous" : nil
    }
}
