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
        if ranges.count > 2 { return report.invalid(ranges, "may only hold up to 2 values") }
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
            report.invalid(
                ranges,
                "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64")
        }
        // A second family may be added, and nothing else.
        let was = (old?.member(at: "spec", "cidrs")?.array ?? []).compactMap(\.string)
        if was.count > ranges.count { return report.invalid(ranges, "field is immutable") }
        for (range, text) in zip(ranges.elements, was) where range.text != text {
            report.invalid(range, "field is immutable")
        }
    }

    @Sendable static func checkAddress(_ object: Place, _ old: JSONValue?, _ report: inout Report) {
        let parent = object["spec"]["parentRef"]
        if !parent.isThere {
            report.required(parent)
        } else {
            report.requireName(parent["resource"], NameSyntax.pathSegment)
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
            report.notSupported(type, ["Ingress", "Egress"])
        }
    }

    private static func check(port: Place, _ report: inout Report) {
        let (number, end) = (port["port"], port["endPort"])
        switch number.value {
        case nil, .null:
            if end.isThere { report.invalid(end, "may not be specified when `port` is not specified") }
        case .string:
            if end.isThere { report.invalid(end, "may not be specified when `port` is non-numeric") }
            report.check(number, NameSyntax.portName)
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
