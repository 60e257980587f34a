internal import JSON

/// Pods, and the pod templates of workloads.
enum PodRules {
    @Sendable static func check(_ pod: Place, _ old: JSONValue?, _ report: inout Report) {
        let spec = pod["spec"]
        checkSpec(spec, isTemplate: false, &report)
        if let old {
            return checkUpdate(spec, Place(old.member("spec"), spec.path), &report)
        }
        if spec["ephemeralContainers"].count > 0 {
            report.forbidden(spec["ephemeralContainers"], "cannot be set on create")
        }
        if spec["schedulingGates"].count > 0, !spec["nodeName"].text.isEmpty {
            report.forbidden(spec["nodeName"], "cannot be set until all schedulingGates have been cleared")
        }
    }

    /// A StatefulSet's pods have volumes besides those of the template: its claims.
    static func checkSpec(_ spec: Place, claims: [String] = [], isTemplate: Bool, _ report: inout Report) {
        containers(spec, claims, isTemplate, &report)
        if spec["restartPolicy"].text.isEmpty { report.required(spec["restartPolicy"]) }
        if spec["dnsPolicy"].text.isEmpty { report.required(spec["dnsPolicy"]) }
        dns(spec, &report)
        report.labels(spec["nodeSelector"])
        for (field, syntax) in [
            ("serviceAccountName", NameSyntax.subdomain), ("nodeName", NameSyntax.subdomain),
            ("hostname", NameSyntax.label), ("subdomain", NameSyntax.label), ("runtimeClassName", NameSyntax.subdomain),
            ("priorityClassName", NameSyntax.subdomain),
        ] where !spec[field].text.isEmpty {
            report.check(spec[field], syntax)
        }
        report.range(spec["activeDeadlineSeconds"], 1...Int(Int32.max))
        for toleration in spec["tolerations"].elements { PlacementRules.check(toleration: toleration, &report) }
        for alias in spec["hostAliases"].elements {
            report.address(alias["ip"])
            for name in alias["hostnames"].elements { report.check(name, NameSyntax.subdomain) }
        }
        for gate in spec["readinessGates"].elements {
            for problem in LabelSyntax.problems(key: gate["conditionType"].text) {
                report.invalid(gate["conditionType"], problem)
            }
        }
        gates(spec["schedulingGates"], &report)
        PlacementRules.check(spread: spec["topologySpreadConstraints"], &report)
        AffinityRules.check(spec["affinity"], &report)
        SecurityRules.check(pod: spec, &report)
        for (_, amount) in spec["overhead"].entries { checkAmount(amount, &report) }
        if spec["resources"].isThere { PodResourceRules.check(spec, &report) }
    }

    private static func containers(
        _ spec: Place, _ claims: [String], _ isTemplate: Bool, _ report: inout Report
    ) {
        let volumes = VolumeRules.check(spec["volumes"], isTemplate: isTemplate, &report)
        let devices = spec["volumes"].elements.filter {
            $0["persistentVolumeClaim"].isThere || $0["ephemeral"].isThere
        }
        let context = PodContext(
            isTemplate: isTemplate, volumes: volumes.union(claims),
            blockVolumes: Set(devices.map { $0["name"].text }).union(claims),
            claims: Set(spec["resourceClaims"].elements.map { $0["name"].text }),
            containers: Set((spec["containers"].elements + spec["initContainers"].elements).map { $0["name"].text }),
            usesHostNetwork: spec["hostNetwork"].isTrue, isUserNamespaced: spec["hostUsers"].value == false,
            gracePeriod: spec["terminationGracePeriodSeconds"].int,
            neverRestarts: spec["restartPolicy"].text == "Never")
        if spec["containers"].count == 0 { report.required(spec["containers"]) }
        var names: Set<String> = []
        for list in ["containers", "initContainers", "ephemeralContainers"] {
            var rules = ContainerRules(pod: context, list: list)
            for container in spec[list].elements {
                rules.check(container, &report)
                let name = container["name"]
                if !name.text.isEmpty, !names.insert(name.text).inserted { report.duplicate(name) }
            }
        }
    }

    private static func dns(_ spec: Place, _ report: inout Report) {
        let config = spec["dnsConfig"]
        let (servers, searches) = (config["nameservers"], config["searches"])
        if spec["dnsPolicy"].text == "None" {
            guard config.isThere else {
                return report.required(config, "must provide `dnsConfig` when `dnsPolicy` is None")
            }
            guard servers.count > 0 else {
                return report.required(
                    servers, "must provide at least one DNS nameserver when `dnsPolicy` is None")
            }
        }
        if servers.count > 3 { report.invalid(servers, "must not have more than 3 nameservers") }
        for server in servers.elements { report.address(server) }
        if searches.count > 32 { report.invalid(searches, "must not have more than 32 search paths") }
        if searches.texts.joined(separator: " ").utf8.count > 2048 {
            report.invalid(searches, "must not have more than 2048 characters (including spaces) in the search list")
        }
        for search in searches.elements where search.text != "." {
            let relative = search.text.hasSuffix(".") ? String(search.text.dropLast()) : search.text
            for problem in NameSyntax.searchDomain(relative) { report.invalid(search, problem) }
        }
        for option in config["options"].elements where option["name"].text.isEmpty {
            report.required(option, "must not be empty")
        }
    }

    private static func gates(_ gates: Place, _ report: inout Report) {
        var names: Set<String> = []
        for gate in gates.elements {
            let name = gate["name"]
            for problem in LabelSyntax.problems(key: name.text) { report.invalid(gate, name.json, problem) }
            if !names.insert(name.text).inserted { report.duplicate(gate, name.json) }
        }
    }

    /// An amount of a resource, which is never negative.
    static func checkAmount(_ amount: Place, _ report: inout Report) {
        if let quantity = Quantity(amount.text), quantity.nanos < 0 {
            report.invalid(amount, "must be greater than or equal to 0")
        }
    }
}
