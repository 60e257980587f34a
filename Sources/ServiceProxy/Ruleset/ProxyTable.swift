package import NFTables
package import NetTypes

/// The table's chains and rules. There are as many for ten thousand Services as for one.
package enum ProxyTable {
    static let reject = Chain(ProxySet.table, "reject")
    static let services = Chain(ProxySet.table, "services")
    static let refuse = Chain(ProxySet.table, "refuse")
    static let refuseNodePorts = Chain(ProxySet.table, "refuse-node-ports")
    static let guardLoadBalancers = Chain(ProxySet.table, "guard-load-balancers")

    /// Every chain but those that pick endpoints, with its rules, those that others lead to first; none but `reject` is
    /// without rules.
    package static func chains(on node: NodeView, for use: TableUse) -> [Ruleset.FilledChain] {
        var chains = [
            Ruleset.FilledChain(reject, [[.reject]]), .init(services, serviceRules(node, use)),
            .init(refuse, refuseRules(node, use)),
            .init(refuseNodePorts, refuseNodePortRules(node, use)),
            .init(guardLoadBalancers, use.families(with: .sourceRanges).map(guardRule)),
        ].filter { !$0.rules.isEmpty }
        let there = Set(chains.map(\.chain))
        func add(
            _ name: String, _ type: Chain.Kind, _ hook: Chain.Hook, _ priority: Chain.Priority,
            _ test: [Statement], _ targets: Chain...
        ) {
            let rules = targets.filter(there.contains).map { test + [.jump($0)] }
            if !rules.isEmpty { chains.append(.init(Chain(ProxySet.table, name, .init(type, hook, priority)), rules)) }
        }
        let isNew = [Statement.ctState(.new)]
        // Before the destination is translated: afterwards nobody knows which address was asked for.
        add("guard-in", .filter, .prerouting, -110, isNew, guardLoadBalancers)
        add("guard-out", .filter, .output, -110, isNew, guardLoadBalancers)
        add("translate-in", .nat, .prerouting, .dstnat, [], services)
        add("translate-out", .nat, .output, .dstnat, [], services)
        add("refuse-in", .filter, .input, .filter, isNew, refuseNodePorts, refuse)
        add("refuse-forward", .filter, .forward, .filter, isNew, refuse)
        add("refuse-out", .filter, .output, .filter, isNew, refuseNodePorts, refuse)
        let postrouting = Chain(ProxySet.table, "masquerade", .init(.nat, .postrouting, .srcnat))
        chains.append(.init(postrouting, postroutingRules(node, use)))
        return chains
    }

    /// Elements of the sets that no Service fills.
    package static func elements(on node: NodeView) -> [(ProxySet, IPFamily, Element)] {
        let addresses = (node.nodePortAddresses ?? []).map {
            (ProxySet.nodePortAddresses, $0.family, Element([.address($0)]))
        }
        let networks = CIDR.union(node.serviceCIDRs).map {
            (ProxySet.serviceCIDRs, $0.family, Element(prefixes: [$0]))
        }
        return addresses + networks
    }

    private static func guardRule(_ family: IPFamily) -> [Statement] {
        [
            .match(family.front, in: ProxySet.firewalled.set(family)),
            .match(family.front + [family.sourceSelector], notIn: ProxySet.allowed.set(family)), .drop,
        ]
    }

    private static func serviceRules(_ node: NodeView, _ use: TableUse) -> [[Statement]] {
        use.families(with: .services).map { [.verdict($0.front, from: ProxySet.services.set($0))] }
            + nodePortRules(node, use, .nodePorts)
    }

    /// What has been translated does not meet these.
    private static let isTranslated: [Statement] = [.ctStatus(.dnat), .return]

    private static func refuseNodePortRules(_ node: NodeView, _ use: TableUse) -> [[Statement]] {
        let rules = nodePortRules(node, use, .noEndpointNodePorts)
        return rules.isEmpty ? [] : [isTranslated] + rules
    }

    private static func nodePortRules(_ node: NodeView, _ use: TableUse, _ map: ProxySet) -> [[Statement]] {
        use.families(with: .nodePorts).map { family in
            let isHere: [Statement] =
                node.nodePortAddresses == nil
                ? [
                    .match(.destinationAddressType, .equal(.addressType(.local))),
                    .match(family.destinationSelector, .notInside(family.loopback)),
                ] : [.match([family.destinationSelector], in: ProxySet.nodePortAddresses.set(family))]
            return isHere + [.verdict([.l4proto, .destinationPort], from: map.set(family))]
        }
    }

    private static func refuseRules(_ node: NodeView, _ use: TableUse) -> [[Statement]] {
        let rules = IPFamily.allCases.flatMap { family -> [[Statement]] in
            var rules: [[Statement]] = []
            if use.families(with: .services).contains(family) {
                rules.append([.verdict(family.front, from: ProxySet.noEndpoints.set(family))])
                // A port that no Service has.
                rules.append([.match([family.destinationSelector], in: ProxySet.clusterIPs.set(family)), .reject])
            }
            // An address that no Service has.
            if node.serviceCIDRs.contains(where: { $0.family == family }) {
                rules.append([.match([family.destinationSelector], in: ProxySet.serviceCIDRs.set(family)), .drop])
            }
            return rules
        }
        return rules.isEmpty ? [] : [isTranslated] + rules
    }

    private static func postroutingRules(_ node: NodeView, _ use: TableUse) -> [[Statement]] {
        // The mark goes: a packet that is wrapped (VXLAN) comes by here again.
        [[.match(.mark, .anyOf(node.mark)), .setMark(0, mask: node.mark), .masquerade(.fullyRandom)]]
            + use.families(with: .endpointsHere).map { family in
                [
                    .ctStatus(.dnat),
                    .match(
                        [family.sourceSelector, family.destinationSelector, .l4proto, .destinationPort],
                        in: ProxySet.hairpin.set(family)),
                    .masquerade(.fullyRandom),
                ]
            }
    }
}

extension IPFamily {
    fileprivate var loopback: CIDR {
        self == .v4
            ? CIDR(.v4(IPv4Address(127, 0, 0, 0)), 8)
            : CIDR(.v6(IPv6Address(rawValue: 1)), 128)
    }
}
