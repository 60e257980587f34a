internal import JSON
internal import NetTypes

/// Pods, and the pod templates of workloads.
enum PodRules {
    @Sendable static func check(_ pod: Place, _ old: JSONValue?, _ report: inout Report) {
        let spec = pod["spec"]
        checkSpec(spec, &report)
        if let old {
            checkUpdate(spec, Place(old.member("spec"), spec.path), &report)
        } else if spec["ephemeralContainers"].count > 0 {
            report.forbidden(spec["ephemeralContainers"], "cannot be set on create")
        }
    }

    /// A StatefulSet's pods have volumes besides those of the template: its claims.
    static func checkSpec(_ spec: Place, claims: [String] = [], _ report: inout Report) {
        let volumes = VolumeRules.check(spec["volumes"], &report).union(claims)
        let usesHostNetwork = spec["hostNetwork"].isTrue
        if spec["containers"].count == 0 { report.required(spec["containers"]) }
        var names: Set<String> = []
        for list in ["containers", "initContainers", "ephemeralContainers"] {
            for container in spec[list].elements {
                let rules = ContainerRules(volumes: volumes, usesHostNetwork: usesHostNetwork, list: list)
                rules.check(container, &report)
                let name = container["name"]
                if !name.text.isEmpty, !names.insert(name.text).inserted { report.duplicate(name) }
            }
        }
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
        for secret in spec["imagePullSecrets"].elements where secret["name"].text.isEmpty {
            report.required(secret["name"])
        }
        for toleration in spec["tolerations"].elements { check(toleration: toleration, &report) }
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
        spread(spec["topologySpreadConstraints"], &report)
        AffinityRules.check(spec["affinity"], &report)
        security(spec["securityContext"], &report)
        for (_, amount) in spec["overhead"].entries { checkAmount(amount, &report) }
    }

    static func security(_ context: Place, _ report: inout Report) {
        for field in ["runAsUser", "runAsGroup", "fsGroup"] { report.range(context[field], 0...Int(Int32.max)) }
        for group in context["supplementalGroups"].elements { report.range(group, 0...Int(Int32.max)) }
        var names: Set<String> = []
        for sysctl in context["sysctls"].elements {
            report.requireText(sysctl["name"])
            if !names.insert(sysctl["name"].text).inserted { report.duplicate(sysctl["name"]) }
        }
        for profile in [context["seccompProfile"], context["appArmorProfile"]] where profile.isThere {
            let local = profile["localhostProfile"]
            if profile["type"].text == "Localhost" {
                if local.text.isEmpty {
                    report.required(local, "must be set when type is Localhost")
                }
            } else if local.isThere {
                report.invalid(local, "may only be set when type is Localhost")
            }
        }
    }

    private static func dns(_ spec: Place, _ report: inout Report) {
        let config = spec["dnsConfig"]
        let servers = config["nameservers"]
        if spec["dnsPolicy"].text == "None" {
            if !config.isThere {
                report.required(config, "must provide `dnsConfig` when `dnsPolicy` is None")
            } else if servers.count == 0 {
                report.required(servers, "must provide at least one DNS nameserver when `dnsPolicy` is None")
            }
        }
        if servers.count > 3 { report.invalid(servers, "must not have more than 3 nameservers") }
        for server in servers.elements { report.address(server) }
        if config["searches"].count > 32 {
            report.invalid(config["searches"], "must not have more than 32 search paths")
        }
        for option in config["options"].elements where option["name"].text.isEmpty {
            report.required(option["name"], "must not be empty")
        }
    }

    static func check(toleration: Place, _ report: inout Report) {
        let (key, op, value) = (toleration["key"], toleration["operator"], toleration["value"])
        if !key.text.isEmpty {
            for problem in LabelSyntax.problems(key: key.text) { report.invalid(key, problem) }
        } else if op.text != "Exists" {
            report.invalid(
                op, .string(op.text),
                "operator must be Exists when `key` is empty, which means \"match all values and all keys\"")
        }
        if toleration["tolerationSeconds"].isThere, toleration["effect"].text != "NoExecute" {
            report.invalid(
                toleration["effect"], .string(toleration["effect"].text),
                "effect must be 'NoExecute' when `tolerationSeconds` is set")
        }
        switch op.text {
        case "Exists":
            if !value.text.isEmpty {
                report.invalid(op, value.json, "value must be empty when `operator` is 'Exists'")
            }
        case "", "Equal":
            for problem in LabelSyntax.problems(value: value.text) { report.invalid(op, value.json, problem) }
        default: break
        }
    }

    private static func gates(_ gates: Place, _ report: inout Report) {
        var names: Set<String> = []
        for gate in gates.elements {
            let name = gate["name"]
            if !names.insert(name.text).inserted { report.duplicate(gate, name.json) }
            for problem in LabelSyntax.problems(key: name.text) { report.invalid(gate, name.json, problem) }
        }
    }

    private static func spread(_ constraints: Place, _ report: inout Report) {
        var seen: Set<String> = []
        for constraint in constraints.elements {
            let skew = constraint["maxSkew"]
            if (skew.int ?? 0) <= 0 { report.invalid(skew, "must be greater than zero") }
            let (key, action) = (constraint["topologyKey"], constraint["whenUnsatisfiable"])
            if key.text.isEmpty {
                report.required(key, "can not be empty")
            } else {
                for problem in LabelSyntax.problems(key: key.text) { report.invalid(key, problem) }
            }
            let pair = "{\(key.text), \(action.text)}"
            if !seen.insert(pair).inserted {
                report.duplicate(
                    Place(nil, constraint.path.appending("{topologyKey, whenUnsatisfiable}")), .string(pair))
            }
            if let least = constraint["minDomains"].int {
                if least <= 0 { report.invalid(constraint["minDomains"], "must be greater than 0") }
                if action.text != "DoNotSchedule" {
                    report.invalid(
                        constraint["minDomains"],
                        "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not \(action.text)")
                }
            }
            report.labelSelector(constraint["labelSelector"])
        }
    }

    /// An amount of a resource, which is never negative.
    static func checkAmount(_ amount: Place, _ report: inout Report) {
        if let quantity = Quantity(amount.text), quantity.nanos < 0 {
            report.invalid(amount, "must be greater than or equal to 0")
        }
    }
}
