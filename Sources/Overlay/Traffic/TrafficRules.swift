package import NFTables
internal import NetTypes

/// The rules for the pods' traffic, in one table of our own. They say what flannel's iptables rules say.
package struct TrafficRules: Hashable, Sendable {
    /// No other program has a table of this name, so all of it is ours.
    package static let table = Table(.inet, "poplin-overlay")

    package var chains: [Chain] = []
    package var rules: [Rule] = []

    /// kube-proxy's mark on what it masquerades itself; the bit is tested, as its own rules do, not the whole mark.
    private static let masqueradeMark: UInt32 = 0x4000

    /// The subnet is this node's own.
    package init(_ options: TrafficOptions, config: NetworkConfig, subnet: SubnetKey) {
        let forward = Chain(Self.table, "forward", .init(.filter, .forward, .filter))
        let postrouting = Chain(Self.table, "postrouting", .init(.nat, .postrouting, .srcnat))
        if options.acceptsForwarding {
            chains.append(forward)
            for family in config.families {
                guard let network = config[family]?.network else { continue }
                rules.append(
                    Rule(
                        forward, [.match(family.sourceSelector, .inside(network)), .accept],
                        comment: "from the pod network"))
                rules.append(
                    Rule(
                        forward, [.match(family.destinationSelector, .inside(network)), .accept],
                        comment: "to the pod network")
                )
            }
        }
        if options.masquerades {
            chains.append(postrouting)
            rules.append(
                Rule(
                    postrouting,
                    [.match(.mark, .masked(Self.masqueradeMark, equals: Self.masqueradeMark)), .return],
                    comment: "marked for a Service's masquerade"))
            for family in config.families {
                guard let network = config[family]?.network, let own = subnet[family] else { continue }
                rules += Self.masquerade(postrouting, family, network: network, own: own, options)
            }
        }
    }

    private static func masquerade(
        _ chain: Chain, _ family: IPFamily, network: CIDR, own: CIDR, _ options: TrafficOptions
    ) -> [Rule] {
        let (source, destination) = (family.sourceSelector, family.destinationSelector)
        let flags: NATFlags = options.isFullyRandom ? .fullyRandom : []
        return [
            Rule(
                chain, [.match(source, .inside(own)), .match(destination, .inside(network)), .return],
                comment: "our pods to any pod"),
            Rule(
                chain, [.match(source, .inside(network)), .match(destination, .inside(own)), .return],
                comment: "any pod to our pods"),
            Rule(
                chain, [.match(source, .notInside(network)), .match(destination, .inside(own)), .return],
                comment: "others to our pods"),
            Rule(
                chain,
                [
                    .match(source, .inside(network)), .match(destination, .notInside(family.multicast)),
                    .masquerade(flags),
                ],
                comment: "pods to others"),
            Rule(
                chain,
                [.match(source, .notInside(network)), .match(destination, .inside(network)), .masquerade(flags)],
                comment: "others to other nodes' pods, so that answers come back here"),
        ]
    }
}
