internal import NFTables
package import NetTypes

/// From Services and their endpoints to the chains of iptables, and from a change of them to the chains that have to be
/// written again. A value: it asks and tells nobody.
package struct IPTablesPlanner: PortPlanner, FrontServing {
    private struct State: Sendable {
        var port: ServicePort
        var endpoints: [Endpoint]
        var selection: EndpointSelection
        /// What of it is in the tables; nil when another Service has its ClusterIP.
        var shown: ServicePort?
        /// What it has in chains that all share.
        var shared: IPTablesRules

        /// Addresses that lead somewhere.
        var leading: Set<IPAddress> {
            guard let shown else { return [] }
            var leading: Set<IPAddress> = []
            let isLed = !(shown.isInternalLocal ? selection.local : selection.cluster).isEmpty
            if isLed { leading.insert(shown.clusterIP) }
            if selection.hasAny { leading.formUnion(shown.externalIPs + shown.loadBalancerIPs) }
            return leading
        }
    }

    package private(set) var node: NodeView
    private var states: [PortKey: State] = [:]
    private(set) var owners = FrontOwners()
    private var changes: [IPFamily: IPTablesChange] = [:]
    private var flows = FlowChanges()
    /// Families whose shared chains have to be looked at.
    private var disturbed: Set<IPFamily> = []
    /// The shared chains as they were told the last time.
    private var dispatch: [IPFamily: IPTablesRules] = [:]

    package init(_ node: NodeView) { self.node = node }

    // MARK: What there is

    package mutating func set(_ key: PortKey, _ port: ServicePort?, _ endpoints: [Endpoint]) {
        let previous = states[key]
        let others = owners.change(key, from: previous?.port, to: port)
        // First everything goes, then everything comes: what passes from one to another is there once.
        let before = others.compactMap { other in states[other].map { (other, $0) } }
        if let port {
            replace(key, previous, with: present(key, port, endpoints))
        } else {
            replace(key, previous, with: nil)
        }
        for (other, state) in before { replace(other, state, with: present(other, state.port, state.endpoints)) }
    }

    private func present(_ key: PortKey, _ port: ServicePort, _ endpoints: [Endpoint]) -> State {
        let selection = EndpointSelection(endpoints, for: port, on: node)
        let shown = owners.owned(port, by: key)
        let shared = shown.map { PortChains(key, $0, selection, on: node).shared } ?? [:]
        return State(port: port, endpoints: endpoints, selection: selection, shown: shown, shared: shared)
    }

    private mutating func replace(_ key: PortKey, _ before: State?, with after: State?) {
        states[key] = after
        let old = before.flatMap { own(key, $0) } ?? [:]
        let new = after.flatMap { own(key, $0) } ?? [:]
        for (chain, rules) in new where old[chain] != rules {
            changes[key.family, default: .init()].write(chain, rules)
        }
        for chain in old.keys where new[chain] == nil { changes[key.family, default: .init()].remove(chain) }
        if before?.shared != after?.shared || before?.shown?.clusterIP != after?.shown?.clusterIP {
            disturbed.insert(key.family)
        }
        noteFlows(before, after, key)
    }

    private func own(_ key: PortKey, _ state: State) -> IPTablesRules? {
        state.shown.map { PortChains(key, $0, state.selection, on: node).own }
    }

    private mutating func noteFlows(_ before: State?, _ after: State?, _ key: PortKey) {
        flows.lose(
            LostPlace.between(
                key.name.transport, before?.shown, before?.endpoints ?? [], after?.shown, after?.endpoints ?? []))
        guard key.name.transport == .udp, let after else { return }
        for address in after.leading.subtracting(before?.leading ?? []) {
            flows.find(address, after.port.port)
        }
    }

    var ports: some Sequence<PortKey> { states.keys }

    func endpoints(of port: PortKey) -> [Endpoint]? { states[port]?.endpoints }

    /// What is known of the node has changed: everything is looked at again.
    package mutating func move(to node: NodeView) {
        if node == self.node { return }
        let all = states.map { ($0.key, $0.value, own($0.key, $0.value) ?? [:]) }
        self.node = node
        disturbed = Set(IPFamily.allCases)
        for (key, old, oldChains) in all {
            let state = present(key, old.port, old.endpoints)
            states[key] = state
            let chains = own(key, state) ?? [:]
            for (chain, rules) in chains where oldChains[chain] != rules {
                changes[key.family, default: .init()].write(chain, rules)
            }
            for chain in oldChains.keys where chains[chain] == nil {
                changes[key.family, default: .init()].remove(chain)
            }
            noteFlows(old, state, key)
        }
    }

    // MARK: What to do

    /// All that is to be there. From here on changes are told.
    package mutating func start() -> [IPFamily: IPTablesRules] {
        changes = [:]
        flows = FlowChanges()
        disturbed = []
        for family in IPFamily.allCases { dispatch[family] = dispatchRules(family) }
        return Dictionary(uniqueKeysWithValues: IPFamily.allCases.map { ($0, rules($0)) })
    }

    /// What is other than at the start, or the last time this was asked.
    package mutating func takeChanges() -> (changes: [IPFamily: IPTablesChange], flows: FlowChanges) {
        for family in disturbed {
            let now = dispatchRules(family)
            for (chain, rules) in now where dispatch[family]?[chain] != rules {
                changes[family, default: .init()].write(chain, rules)
            }
            dispatch[family] = now
        }
        defer {
            changes = [:]
            flows = FlowChanges()
            disturbed = []
        }
        return (changes.filter { !$0.value.isEmpty }, flows)
    }

    /// Every chain of a family.
    package func rules(_ family: IPFamily) -> IPTablesRules {
        var all = dispatchRules(family)
        for (key, state) in states where key.family == family {
            for (chain, rules) in own(key, state) ?? [:] { all[chain] = rules }
        }
        return all
    }

    private func dispatchRules(_ family: IPFamily) -> IPTablesRules {
        var shared: IPTablesRules = [:]
        var clusterIPs: Set<IPAddress> = []
        for key in states.keys.filter({ $0.family == family }).sorted() {
            guard let state = states[key], state.shown != nil else { continue }
            for (chain, rules) in state.shared { shared[chain, default: []] += rules }
            clusterIPs.insert(state.port.clusterIP)
        }
        return DispatchChains(node: node, family: family).rules(shared, clusterIPs: clusterIPs.sorted())
    }
}
