package import NFTables
package import NetTypes

/// A chain that sends a connection to one of so many endpoints. It serves all Services that have as many.
package enum PickChain: Hashable, Sendable {
    /// Picks a slot of the key in the map.
    case pick(IPFamily, from: ProxySet, SlotChoice)
    /// Traffic to a ClusterIP: it has to come back through here unless it is from one of the node's pods.
    case cluster(IPFamily, from: ProxySet, SlotChoice)
    /// Traffic from outside that may go anywhere: it has to come back through here.
    case external(IPFamily, isNodePort: Bool, SlotChoice)
    /// Traffic from outside that stays on the node, in so many slots; what pods and the node send goes anywhere.
    case externalLocal(IPFamily, isNodePort: Bool, SlotChoice, local: Int)

    package var name: String {
        switch self {
        case .pick(let family, let map, let choice): "\(map.rawValue)\(family.digit)-\(choice.slots)\(choice.suffix)"
        case .cluster(let family, let map, let choice):
            "\(Self.clusterPrefix)\(map == .localEndpoints ? "-local" : "")\(family.digit)-\(choice.slots)\(choice.suffix)"
        case .external(let family, let isNodePort, let choice):
            "\(isNodePort ? "node-port" : "external")\(family.digit)-\(choice.slots)\(choice.suffix)"
        case .externalLocal(let family, let isNodePort, let choice, let local):
            "\(isNodePort ? "node-port" : "external")\(family.digit)-\(choice.slots)-local-\(local)\(choice.suffix)"
        }
    }

    static let clusterPrefix = "cluster"

    package var chain: Chain { Chain(ProxySet.table, name) }

    /// The chains that its rules lead to.
    package var next: [PickChain] {
        switch self {
        case .pick: []
        case .cluster(let family, let map, let choice): [.pick(family, from: map, choice)]
        case .external(let family, let isNodePort, let choice): [Self.any(family, isNodePort, choice)]
        case .externalLocal(let family, let isNodePort, let choice, let local):
            (choice.slots > 0 ? [Self.any(family, isNodePort, choice)] : [])
                + (local > 0 ? [Self.local(family, isNodePort, choice.with(slots: local))] : [])
        }
    }

    /// Whether all rules are the same on both.
    static func isSame(on a: NodeView, and b: NodeView) -> Bool {
        a.pods == b.pods && a.mark == b.mark && a.masqueradesAll == b.masqueradesAll
    }

    package func rules(on node: NodeView) -> [[Statement]] {
        switch self {
        case .pick(let family, let map, let choice): Self.rules(family, map, choice)
        case .cluster(let family, let map, let choice):
            Self.clusterRules(family, PickChain.pick(family, from: map, choice).chain, node)
        case .external(let family, let isNodePort, let choice):
            [[.setMark(node.mark, mask: node.mark), .goto(Self.any(family, isNodePort, choice).chain)]]
        case .externalLocal(let family, let isNodePort, let choice, let local):
            Self.outsideRules(family, isNodePort, choice, local: local, node)
        }
    }

    private static func rules(_ family: IPFamily, _ map: ProxySet, _ choice: SlotChoice) -> [[Statement]] {
        let front: [Selector] = map.hasDestination ? family.front : [.l4proto, .destinationPort]
        let slot = choice.selector(family)
        let fresh: [Statement] = [.dnat(family, to: front + [slot], map: map.set(family))]
        guard let seconds = choice.seconds, let memory = map.memory?.set(family).name else { return [fresh] }
        // The packet's priority first holds the port's group, with which its clients are known by whatever way they come,
        // and then the slot. A client that is known keeps its slot when it is put into the memory again, and has its time
        // anew. (What one map gives cannot be the key of another for nft(8), whose version 1.0.6 gives up when it lists
        // such a rule.)
        let client: [Selector] = [family.sourceSelector, .priority]
        let groups = map.hasDestination ? ProxySet.groups : .nodePortGroups
        return [
            [
                .setPriorityMap(front, map: groups.set(family).name),
                .update(client, slot, map: memory, timeout: UInt64(seconds) * 1000),
                .setPriorityMap(client, map: memory), .dnat(family, to: front + [.priority], map: map.set(family)),
            ],
            // Only when the memory is full, or holds a slot that is just going.
            fresh,
        ]
    }

    private static func clusterRules(_ family: IPFamily, _ pick: Chain, _ node: NodeView) -> [[Statement]] {
        let ownPods = node.masqueradesAll ? [] : node.pods.tests(family)
        return ownPods.map { $0 + [.goto(pick)] } + [[.setMark(node.mark, mask: node.mark), .goto(pick)]]
    }

    private static func outsideRules(
        _ family: IPFamily, _ isNodePort: Bool, _ choice: SlotChoice, local: Int, _ node: NodeView
    ) -> [[Statement]] {
        var rules: [[Statement]] = []
        if choice.slots > 0 {
            let any = Self.any(family, isNodePort, choice).chain
            rules += node.pods.tests(family).map { $0 + [.goto(any)] }
            let isOwn = Statement.match(.sourceAddressType, .equal(.addressType(.local)))
            rules.append([isOwn, .setMark(node.mark, mask: node.mark), .goto(any)])
        }
        if local > 0 { rules.append([.goto(Self.local(family, isNodePort, choice.with(slots: local)).chain)]) }
        return rules
    }

    private static func any(_ family: IPFamily, _ isNodePort: Bool, _ choice: SlotChoice) -> PickChain {
        .pick(family, from: isNodePort ? .nodePortEndpoints : .endpoints, choice)
    }

    private static func local(_ family: IPFamily, _ isNodePort: Bool, _ choice: SlotChoice) -> PickChain {
        .pick(family, from: isNodePort ? .nodePortLocalEndpoints : .localEndpoints, choice)
    }
}

extension IPFamily {
    var digit: String { self == .v4 ? "4" : "6" }
    /// What a Service is known by.
    var front: [Selector] { [destinationSelector, .l4proto, .destinationPort] }
}

extension PodDetection {
    /// One of these holds for what the node's pods send.
    func tests(_ family: IPFamily) -> [[Statement]] {
        switch self {
        case .none: []
        case .networks(let networks):
            networks.filter { $0.family == family }.map { [.match(family.sourceSelector, .inside($0))] }
        case .bridge(let name): InterfaceName(name).map { [[.match(.inputInterface, .equal(.interface($0)))]] } ?? []
        case .interfacePrefix(let prefix): [[.match(.inputInterface, .beginning(prefix))]]
        }
    }
}
