package import NFTables
package import NetTypes

/// A chain that sends a connection to one of so many endpoints. It serves all Services that have as many.
package enum PickChain: Hashable, Sendable {
    /// Picks one of the first `count` slots of the key in the map. With `seconds` a client keeps it for as long.
    case pick(IPFamily, from: ProxySet, count: Int, seconds: UInt32?)
    /// Traffic from outside that may go anywhere: it has to come back through here.
    case external(IPFamily, isNodePort: Bool, count: Int, seconds: UInt32?)
    /// Traffic from outside that stays on the node; what pods and the node send goes anywhere.
    case externalLocal(IPFamily, isNodePort: Bool, count: Int, local: Int, seconds: UInt32?)

    package var name: String {
        switch self {
        case .pick(let family, let map, let count, let seconds):
            "\(map.rawValue)\(family.digit)-\(count)\(Self.suffix(seconds))"
        case .external(let family, let isNodePort, let count, let seconds):
            "\(isNodePort ? "node-port" : "external")\(family.digit)-\(count)\(Self.suffix(seconds))"
        case .externalLocal(let family, let isNodePort, let count, let local, let seconds):
            "\(isNodePort ? "node-port" : "external")\(family.digit)-\(count)-local-\(local)\(Self.suffix(seconds))"
        }
    }

    private static func suffix(_ seconds: UInt32?) -> String { seconds.map { "-sticky-\($0)" } ?? "" }

    package var chain: Chain { Chain(ProxySet.table, name) }

    /// The chains that its rules lead to.
    package var next: [PickChain] {
        switch self {
        case .pick: []
        case .external(let family, let isNodePort, let count, let seconds):
            [Self.any(family, isNodePort, count, seconds)]
        case .externalLocal(let family, let isNodePort, let count, let local, let seconds):
            (count > 0 ? [Self.any(family, isNodePort, count, seconds)] : [])
                + (local > 0 ? [Self.local(family, isNodePort, local, seconds)] : [])
        }
    }

    package func rules(on node: NodeView) -> [[Statement]] {
        switch self {
        case .pick(let family, let map, let count, let seconds):
            let slots = Selector.random(UInt32(count))
            let hasDestination = map == .endpoints || map == .localEndpoints
            let front: [Selector] = hasDestination ? family.front : [.l4proto, .destinationPort]
            guard let seconds, let memory = map.memory?.set(family).name else {
                return [[.dnat(family, to: front + [slots], map: map.set(family))]]
            }
            // The slot that is chosen is both remembered and used: it waits in the packet's priority. (What one map gives
            // cannot be the key of another for nft(8), whose version 1.0.6 gives up when it lists such a rule.)
            let client = [family.sourceSelector] + family.front
            let proceed: [Statement] = [
                .update(client, .priority, map: memory, timeout: UInt64(seconds) * 1000),
                .dnat(family, to: front + [.priority], map: map.set(family)),
            ]
            return [[.setPriorityMap(client, map: memory)] + proceed, [.setPriority(slots)] + proceed]
        case .external(let family, let isNodePort, let count, let seconds):
            let any = Self.any(family, isNodePort, count, seconds).chain
            return [[.setMark(node.mark, mask: node.mark), .goto(any)]]
        case .externalLocal(let family, let isNodePort, let count, let local, let seconds):
            var rules: [[Statement]] = []
            if count > 0 {
                let any = Self.any(family, isNodePort, count, seconds).chain
                rules += node.pods.tests(family).map { $0 + [.goto(any)] }
                let isOwn = Statement.match(.sourceAddressType, .equal(.addressType(.local)))
                rules.append([isOwn, .setMark(node.mark, mask: node.mark), .goto(any)])
            }
            if local > 0 { rules.append([.goto(Self.local(family, isNodePort, local, seconds).chain)]) }
            return rules
        }
    }

    private static func any(
        _ family: IPFamily, _ isNodePort: Bool, _ count: Int, _ seconds: UInt32?
    ) -> PickChain {
        .pick(family, from: isNodePort ? .nodePortEndpoints : .endpoints, count: count, seconds: seconds)
    }

    private static func local(
        _ family: IPFamily, _ isNodePort: Bool, _ count: Int, _ seconds: UInt32?
    ) -> PickChain {
        .pick(family, from: isNodePort ? .nodePortLocalEndpoints : .localEndpoints, count: count, seconds: seconds)
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
