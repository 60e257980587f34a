package import NFTables
package import NetTypes

/// A chain that sends a connection to one of so many endpoints. It serves all Services that have as many.
package enum PickChain: Hashable, Sendable {
    /// Picks one of the first `count` slots of the key in the map.
    case pick(IPFamily, from: ProxySet, count: Int)
    /// Traffic from outside that may go anywhere: it has to come back through here.
    case external(IPFamily, isNodePort: Bool, count: Int)
    /// Traffic from outside that stays on the node; what pods and the node send goes anywhere.
    case externalLocal(IPFamily, isNodePort: Bool, count: Int, local: Int)

    package var name: String {
        switch self {
        case .pick(let family, let map, let count): "\(map.rawValue)\(family.digit)-\(count)"
        case .external(let family, let isNodePort, let count):
            "\(isNodePort ? "node-port" : "external")\(family.digit)-\(count)"
        case .externalLocal(let family, let isNodePort, let count, let local):
            "\(isNodePort ? "node-port" : "external")\(family.digit)-\(count)-local-\(local)"
        }
    }

    package var chain: Chain { Chain(ProxySet.table, name) }

    /// The chains that its rules lead to.
    package var next: [PickChain] {
        switch self {
        case .pick: []
        case .external(let family, let isNodePort, let count): [Self.any(family, isNodePort, count)]
        case .externalLocal(let family, let isNodePort, let count, let local):
            (count > 0 ? [Self.any(family, isNodePort, count)] : [])
                + (local > 0 ? [Self.local(family, isNodePort, local)] : [])
        }
    }

    package func rules(on node: NodeView) -> [[Statement]] {
        switch self {
        case .pick(let family, let map, let count):
            let front: [Selector] =
                map == .endpoints || map == .localEndpoints
                ? family.front : [.l4proto, .destinationPort]
            return [[.dnat(family, to: front + [.random(UInt32(count))], map: map.set(family))]]
        case .external(let family, let isNodePort, let count):
            return [[.setMark(node.mark, mask: node.mark), .goto(Self.any(family, isNodePort, count).chain)]]
        case .externalLocal(let family, let isNodePort, let count, let local):
            var rules: [[Statement]] = []
            if count > 0 {
                let any = Self.any(family, isNodePort, count).chain
                rules += node.pods.tests(family).map { $0 + [.goto(any)] }
                let isOwn = Statement.match(.sourceAddressType, .equal(.addressType(.local)))
                rules.append([isOwn, .setMark(node.mark, mask: node.mark), .goto(any)])
            }
            if local > 0 { rules.append([.goto(Self.local(family, isNodePort, local).chain)]) }
            return rules
        }
    }

    private static func any(_ family: IPFamily, _ isNodePort: Bool, _ count: Int) -> PickChain {
        .pick(family, from: isNodePort ? .nodePortEndpoints : .endpoints, count: count)
    }

    private static func local(_ family: IPFamily, _ isNodePort: Bool, _ count: Int) -> PickChain {
        .pick(family, from: isNodePort ? .nodePortLocalEndpoints : .localEndpoints, count: count)
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
