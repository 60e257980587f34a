package import NFTables
package import NetTypes

/// The table's chains and rules. There are as many for ten thousand Services as for one.
package enum ProxyTable {
    static let reject = Chain(ProxySet.table, "reject")
    static let services = Chain(ProxySet.table, "services")
    static let masqueradeOthers = Chain(ProxySet.table, "masquerade-others")
    static let refuse = Chain(ProxySet.table, "refuse")
    static let refuseNodePorts = Chain(ProxySet.table, "refuse-node-ports")
    static let guardLoadBalancers = Chain(ProxySet.table, "guard-load-balancers")

    /// Every chain but those that pick endpoints, with its rules, those that others lead to first.
    package static func chains(on node: NodeView) -> [Ruleset.FilledChain] {
        let isNew = Statement.ctState(.new)
        return [
            .init(reject, [[.reject]]),
            .init(masqueradeOthers, masqueradeRules(node)),
            .init(services, serviceRules(node)),
            .init(refuse, refuseRules(node)),
            .init(refuseNodePorts, nodePortRules(node, .noEndpointNodePorts)),
            .init(guardLoadBalancers, IPFamily.allCases.map(guardRule)),
            // Before the destination is translated: afterwards nobody knows which address was asked for.
            base("guard-in", .filter, .prerouting, -110, [[isNew, .jump(guardLoadBalancers)]]),
            base("guard-out", .filter, .output, -110, [[isNew, .jump(guardLoadBalancers)]]),
            base("translate-in", .nat, .prerouting, .dstnat, [[.jump(services)]]),
            base("translate-out", .nat, .output, .dstnat, [[.jump(services)]]),
            // After it: what has been translated does not meet these.
            base("refuse-in", .filter, .input, .filter, [[isNew, .jump(refuseNodePorts)], [isNew, .jump(refuse)]]),
            base("refuse-forward", .filter, .forward, .filter, [[isNew, .jump(refuse)]]),
            base("refuse-out", .filter, .output, .filter, [[isNew, .jump(refuseNodePorts)], [isNew, .jump(refuse)]]),
            base("masquerade", .nat, .postrouting, .srcnat, postroutingRules(node)),
        ]
    }

    /// Whether all rules are the same on both.
    static func isSame(on a: NodeView, and b: NodeView) -> Bool {
        a.pods == b.pods && a.mark == b.mark && a.masqueradesAll == b.masqueradesAll
            && (a.nodePortAddresses == nil) == (b.nodePortAddresses == nil)
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

    private static func base(
        _ name: String, _ type: Chain.Kind, _ hook: Chain.Hook, _ priority: Chain.Priority, _ rules: [[Statement]]
    ) -> Ruleset.FilledChain {
        .init(Chain(ProxySet.table, name, .init(type, hook, priority)), rules)
    }

    private static func guardRule(_ family: IPFamily) -> [Statement] {
        [
            .match(family.front, in: ProxySet.firewalled.set(family)),
            .match(family.front + [family.sourceSelector], notIn: ProxySet.allowed.set(family)), .drop,
        ]
    }

    /// Marks what has to come back through this node because it did not come from one of its pods.
    private static func masqueradeRules(_ node: NodeView) -> [[Statement]] {
        let mark = Statement.setMark(node.mark, mask: node.mark)
        if node.masqueradesAll { return [[mark]] }
        if node.pods == .none { return [] }
        return IPFamily.allCases.flatMap { node.pods.tests($0) }.map { $0 + [.return] } + [[mark]]
    }

    private static func serviceRules(_ node: NodeView) -> [[Statement]] {
        IPFamily.allCases.map { family in
            [
                .match([family.destinationSelector], in: ProxySet.clusterIPs.set(family)), .jump(masqueradeOthers),
            ]
        }
            + IPFamily.allCases.map { [.verdict($0.front, from: ProxySet.services.set($0))] }
            + nodePortRules(node, .nodePorts)
    }

    private static func nodePortRules(_ node: NodeView, _ map: ProxySet) -> [[Statement]] {
        IPFamily.allCases.map { family in
            let isHere: [Statement] =
                node.nodePortAddresses == nil
                ? [
                    .match(.destinationAddressType, .equal(.addressType(.local))),
                    .match(family.destinationSelector, .notInside(family.loopback)),
                ] : [.match([family.destinationSelector], in: ProxySet.nodePortAddresses.set(family))]
            return isHere + [.verdict([.l4proto, .destinationPort], from: map.set(family))]
        }
    }

    private static func refuseRules(_ node: NodeView) -> [[Statement]] {
        IPFamily.allCases.flatMap { family -> [[Statement]] in
            [
                [.verdict(family.front, from: ProxySet.noEndpoints.set(family))],
                // A port that no Service has; then an address that none has.
                [.match([family.destinationSelector], in: ProxySet.clusterIPs.set(family)), .reject],
                [.match([family.destinationSelector], in: ProxySet.serviceCIDRs.set(family)), .drop],
            ]
        }
    }

    private static func postroutingRules(_ node: NodeView) -> [[Statement]] {
        // The mark goes: a packet that is wrapped (VXLAN) comes by here again.
        [[.match(.mark, .anyOf(node.mark)), .setMark(0, mask: node.mark), .masquerade(.fullyRandom)]]
            + IPFamily.allCases.map { family in
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
