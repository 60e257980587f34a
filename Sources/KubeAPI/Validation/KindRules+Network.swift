internal import JSON
internal import NetTypes

extension KindRules {
    static let network: [GroupKind: KindRules] = [
        GroupKind(group: "discovery.k8s.io", kind: "EndpointSlice"): KindRules(check: EndpointRules.checkSlice),
        GroupKind(group: "networking.k8s.io", kind: "NetworkPolicy"): KindRules(check: NetworkRules.checkPolicy),
        GroupKind(group: "networking.k8s.io", kind: "Ingress"): KindRules(check: IngressRules.check),
        GroupKind(group: "networking.k8s.io", kind: "IngressClass"): KindRules(check: IngressRules.checkClass),
        GroupKind(group: "networking.k8s.io", kind: "ServiceCIDR"): KindRules(check: NetworkRules.checkServiceCIDR),
        GroupKind(group: "networking.k8s.io", kind: "IPAddress"): KindRules(
            check: NetworkRules.checkAddress, name: NameSyntax.canonicalAddress),
    ]
}

enum NetworkRules {
    @Sendable static func checkServiceCIDR(_ object: Place, _ old: JSONValue?, _ report: inout Report) {
        let ranges = object["spec"]["cidrs"]
        if ranges.count == 0 { return report.required(ranges, "at least one CIDR required") }
        if ranges.count > 2 { return report.invalid(ranges, "only two CIDRs allowed, one per IP family") }
        for range in ranges.elements {
            guard let cidr = CIDR(range.text) else {
                report.cidr(range)
                continue
            }
            if cidr.network.description != range.text {
                report.invalid(range, "must be in canonical form (\"\(cidr.network)\")")
            }
        }
        if ranges.count == 2, Set(ranges.texts.compactMap { CIDR($0)?.family }).count < 2 {
            report.invalid(ranges, "must specify no more than one CIDR for each IP family")
        }
        if let old, old.member(at: "spec", "cidrs") != ranges.value {
            // A second family may be added, and nothing else.
            let was = (old.member(at: "spec", "cidrs")?.array ?? []).compactMap(\.string)
            if was.count != 1 || ranges.texts.first != was.first { report.invalid(ranges, "field is immutable") }
        }
    }

    @Sendable static func checkAddress(_ object: Place, _ old: JSONValue?, _ report: inout Report) {
        let parent = object["spec"]["parentRef"]
        if !parent.isThere {
            report.required(parent)
        } else {
            report.requireText(parent["resource"])
            report.requireName(parent["name"], NameSyntax.pathSegment)
            if !parent["namespace"].text.isEmpty { report.check(parent["namespace"], NameSyntax.pathSegment) }
            if !parent["group"].text.isEmpty { report.check(parent["group"], NameSyntax.subdomain) }
        }
        if let old { report.immutable(parent, old.member(at: "spec", "parentRef")) }
    }

    @Sendable static func checkPolicy(_ policy: Place, _ old: JSONValue?, _ report: inout Report) {
        let spec = policy["spec"]
        report.labelSelector(spec["podSelector"])
        for (list, peers) in [("ingress", "from"), ("egress", "to")] {
            for rule in spec[list].elements {
                for port in rule["ports"].elements { check(port: port, &report) }
                for peer in rule[peers].elements { check(peer: peer, &report) }
            }
        }
        let types = spec["policyTypes"]
        if types.count > 2 {
            return report.invalid(types, "may not specify more than two policyTypes")
        }
        for type in types.elements where !["Ingress", "Egress"].contains(type.text) {
            report.notSupported(type, ["Egress", "Ingress"])
        }
    }

    private static func check(port: Place, _ report: inout Report) {
        let (number, end) = (port["port"], port["endPort"])
        switch number.value {
        case nil, .null:
            if end.isThere { report.invalid(end, "must be specified with `port`") }
        case .string:
            report.check(number, NameSyntax.portName)
            if end.isThere { report.invalid(end, "may not be specified when `port` is non-numeric") }
        default:
            report.port(number)
            if let first = number.int, let last = end.int {
                if last < first { report.invalid(end, "must be greater than or equal to `port`") }
                report.port(end)
            }
        }
    }

    private static func check(peer: Place, _ report: inout Report) {
        let there = ["podSelector", "namespaceSelector", "ipBlock"].filter { peer[$0].isThere }
        report.labelSelector(peer["podSelector"])
        report.labelSelector(peer["namespaceSelector"])
        if there.isEmpty { report.required(peer, "must specify a peer") }
        guard there.contains("ipBlock") else { return }
        if there.count > 1 { report.forbidden(peer, "may not specify both ipBlock and another peer") }
        let block = peer["ipBlock"]["cidr"]
        guard !block.text.isEmpty else { return report.required(block) }
        guard let cidr = CIDR(block.text) else { return report.cidr(block) }
        for hole in peer["ipBlock"]["except"].elements {
            guard let inner = CIDR(hole.text) else {
                report.cidr(hole)
                continue
            }
            if !cidr.network.contains(inner) || inner.prefixLength <= cidr.prefixLength {
                report.invalid(hole, "must be a strict subset of `cidr`")
            }
        }
    }
}

enum IngressRules {
    @Sendable static func check(_ ingress: Place, _ old: JSONValue?, _ report: inout Report) {
        let spec = ingress["spec"]
        let (rules, fallback) = (spec["rules"], spec["defaultBackend"])
        if rules.count == 0, !fallback.isThere {
            report.invalid(spec, .null, "either `defaultBackend` or `rules` must be specified")
        }
        if fallback.isThere { backend(fallback, &report) }
        for rule in rules.elements {
            host(rule["host"], &report)
            let paths = rule["http"]["paths"]
            if rule["http"].isThere, paths.count == 0 { report.required(paths) }
            for path in paths.elements {
                check(path: path, &report)
                backend(path["backend"], &report)
            }
        }
        for tls in spec["tls"].elements {
            for name in tls["hosts"].elements { host(name, &report) }
            if !tls["secretName"].text.isEmpty { report.check(tls["secretName"], NameSyntax.subdomain) }
        }
        if spec["ingressClassName"].isThere { report.check(spec["ingressClassName"], NameSyntax.subdomain) }
    }

    private static func host(_ host: Place, _ report: inout Report) {
        if host.text.isEmpty { return }
        if IPAddress(host.text) != nil { report.invalid(host, "must be a DNS name, not an IP address") }
        report.check(host, host.text.contains("*") ? NameSyntax.wildcardSubdomain : NameSyntax.subdomain)
    }

    private static func check(path: Place, _ report: inout Report) {
        let (type, text) = (path["pathType"], path["path"])
        if !type.isThere { return report.required(type, "pathType must be specified") }
        if type.text == "ImplementationSpecific" {
            if !text.text.isEmpty, !text.text.hasPrefix("/") { report.invalid(text, "must be an absolute path") }
            return
        }
        if !text.text.hasPrefix("/") { report.invalid(text, .string(text.text), "must be an absolute path") }
        for bad in ["//", "/./", "/../", "%2f", "%2F"] where text.text.contains(bad) {
            report.invalid(text, "must not contain '\(bad)'")
        }
        for bad in ["/..", "/."] where text.text.hasSuffix(bad) { report.invalid(text, "cannot end with '\(bad)'") }
    }

    private static func backend(_ backend: Place, _ report: inout Report) {
        let (service, resource) = (backend["service"], backend["resource"])
        if service.isThere, resource.isThere {
            return report.invalid(backend, "cannot set both resource and service backends")
        }
        if resource.isThere {
            report.requireText(resource["kind"])
            report.requireText(resource["name"])
            return
        }
        guard service.isThere else { return report.required(backend, "must specify a service or resource backend") }
        report.requireName(service["name"], NameSyntax.label1035)
        let (name, number) = (service["port"]["name"], service["port"]["number"])
        if !name.text.isEmpty, !number.isEmpty {
            report.invalid(service, "cannot set both port name & port number")
        } else if !name.text.isEmpty {
            report.check(name, NameSyntax.portName)
        } else if !number.isEmpty {
            report.port(number)
        } else {
            report.required(service, "port name or number is required")
        }
    }

    @Sendable static func checkClass(_ class: Place, _ old: JSONValue?, _ report: inout Report) {
        let spec = `class`["spec"]
        let controller = spec["controller"]
        if let old {
            report.immutable(controller, old.member(at: "spec", "controller"))
        } else if controller.text.utf8.count > 250 {
            report.tooLong(controller, 250)
        } else if controller.text.split(separator: "/", omittingEmptySubsequences: false).count < 2 {
            report.invalid(
                controller, .string(controller.text),
                "must be a domain-prefixed path (such as \"acme.io/foo\")")
        }
        let parameters = spec["parameters"]
        guard parameters.isThere else { return }
        report.requireText(parameters["kind"])
        report.requireText(parameters["name"])
        let (scope, namespace) = (parameters["scope"], parameters["namespace"])
        switch scope.text {
        case "Namespace":
            if namespace.text.isEmpty {
                report.required(namespace, "`parameters.scope` is set to 'Namespace'")
            }
        case "Cluster":
            if namespace.isThere { report.forbidden(namespace, "`parameters.scope` is set to 'Cluster'") }
        default: report.notSupported(scope, ["Cluster", "Namespace"])
        }
    }
}
