internal import NFTables
internal import NetTypes

/// From Services and their endpoints to the table, and from a change of them to a change of it that is as small as can be.
///
/// A value: it asks and tells nobody. It holds what each port asked for and in which slots its endpoints are; elements are
/// made when they are needed and compared.
package struct Planner: PortPlanner, FrontServing {
    package private(set) var node: NodeView
    private(set) var states: [PortKey: PortState] = [:]
    /// What is in the table of those whose fronts are not all their own; nil when another Service has the ClusterIP.
    private var limited: [PortKey: ServicePort?] = [:]
    private(set) var owners = FrontOwners()
    /// From the start on.
    private var counts = ElementCounts()
    /// In the table; one that is no longer led to stays, since it may be wanted again and costs nothing.
    private var chains: Set<PickChain> = []
    /// The other chains of the table, and what they follow from.
    private var fixed: [Ruleset.FilledChain] = []
    private var fixedFor: TableUse?
    private var changes = ElementChanges()
    /// Ports as they were when changes were last asked for: those that have changed, and whose clients or connections have
    /// to be told.
    private var former: [PortKey: FormerPort] = [:]
    /// Given to a port with remembered clients; none is given twice, since clients are remembered for hours.
    private var lastGroup: UInt32
    /// Before the first ruleset has been asked for there is nothing to compare with.
    private var isRunning = false
    private var newChains: Set<PickChain> = []
    /// The chains that pick endpoints have other rules on the node that this has become.
    private var hasOtherPicks = false
    /// Some fronts have passed from one port to another.
    private var isContested = false
    /// In which slots the table held endpoints before this planner, by their key.
    private var remembered: SlotMemory

    package init(_ node: NodeView, remembering slots: SlotMemory = SlotMemory()) {
        self.node = node
        remembered = slots
        lastGroup = slots.lastGroup
    }

    // MARK: What there is

    /// A port as it is now; nil when it is gone.
    package mutating func set(_ key: PortKey, _ port: ServicePort?, _ endpoints: [Endpoint]) {
        let previous = states.removeValue(forKey: key)
        let disturbed = owners.change(key, from: previous?.port, to: port)
        if !disturbed.isEmpty { isContested = true }
        // First everything goes, then everything comes: an element that passes from one to another is there once.
        if let previous {
            hide(key, previous)
            remember(key, previous)
        }
        for other in disturbed {
            if let state = states[other] {
                hide(other, state)
                remember(other, state)
            }
        }
        if !limited.isEmpty { limited[key] = nil }
        if let port { present(key, port, endpoints, after: previous) }
        for other in disturbed {
            if let state = states[other] { present(other, state.port, state.endpoints, after: state) }
        }
    }

    private mutating func present(
        _ key: PortKey, _ port: ServicePort, _ endpoints: [Endpoint], after previous: PortState?
    ) {
        let state = state(key, port, endpoints, after: previous)
        show(key, state)
        states[key] = state
    }

    private mutating func state(
        _ key: PortKey, _ port: ServicePort, _ endpoints: [Endpoint], after previous: PortState?
    ) -> PortState {
        let selection = EndpointSelection(endpoints, for: port, on: node)
        let shown = owners.owned(port, by: key)
        if shown != port { limited[key] = .some(shown) } else if !limited.isEmpty { limited[key] = nil }
        return PortState(
            port: port, endpoints: endpoints,
            cluster: slots(key, port, shown, selection.cluster, isLocal: false, after: previous?.cluster),
            local: slots(key, port, shown, selection.local, isLocal: true, after: previous?.local),
            group: port.affinitySeconds == nil ? nil : previous?.group ?? shown.map { group(key, $0) })
    }

    /// What of a port is in the table.
    private func shown(_ key: PortKey, _ state: PortState) -> ServicePort? { limited[key] ?? state.port }

    /// The endpoints in their slots.
    private func slots(
        _ key: PortKey, _ port: ServicePort, _ shown: ServicePort?, _ endpoints: [Destination], isLocal: Bool,
        after previous: [Destination]?
    ) -> [Destination] {
        if port.needsTable { return MaglevTable.slots(endpoints) { port.weights.share(of: $0.address) } }
        // What the table has of another's fronts says nothing of this one.
        let found = shown.map { remembered.order(of: endpoints, isLocal: isLocal, key.name.transport, $0) } ?? []
        let isOtherOrder = !found.isEmpty && found.count == endpoints.count && Set(found) == Set(endpoints)
        return SlotOrder.arrange(endpoints.sorted(), after: isOtherOrder ? found : previous ?? found)
    }

    private mutating func group(_ key: PortKey, _ port: ServicePort) -> UInt32 {
        if let group = remembered.takeGroup(of: key.name.transport, port) { return group }
        lastGroup &+= 1
        return lastGroup
    }

    /// Takes over the slots that the table has, where the endpoints are the same, and its groups. Another proxy that keeps
    /// it has come to them by other ways, and two that insist would never end.
    package mutating func adopt(_ slots: SlotMemory) {
        remembered = slots
        lastGroup = max(lastGroup, slots.lastGroup)
        var all = states
        let groups = groups(of: all, in: slots)
        for (key, state) in all { hide(key, state) }
        for (key, group) in groups { all[key]?.group = group }
        for (key, old) in all { present(key, old.port, old.endpoints, after: old) }
        remembered = SlotMemory()
        // The table has it all.
        _ = takeChanges()
    }

    /// A group is one port's: that of the fronts which have it in the table, or else of whoever had it here.
    private mutating func groups(of states: [PortKey: PortState], in slots: SlotMemory) -> [PortKey: UInt32] {
        var groups: [PortKey: UInt32] = [:]
        var taken: Set<UInt32> = []
        for (key, state) in states where state.group != nil {
            guard let shown = shown(key, state), let found = slots.group(of: key.name.transport, shown) else {
                continue
            }
            if taken.insert(found).inserted { groups[key] = found }
        }
        for (key, state) in states where groups[key] == nil {
            guard var own = state.group else { continue }
            if !taken.insert(own).inserted {
                lastGroup &+= 1
                own = lastGroup
            }
            groups[key] = own
        }
        return groups
    }

    /// What is known of the node has changed: everything is looked at again.
    package mutating func move(to node: NodeView) {
        if node == self.node { return }
        if !PickChain.isSame(on: self.node, and: node) { hasOtherPicks = true }
        fixedFor = nil
        for (set, family, element) in ProxyTable.elements(on: self.node) { changes.remove(element, from: set, family) }
        for (set, family, element) in ProxyTable.elements(on: node) { changes.add(element, to: set, family) }
        let all = states
        for (key, state) in all {
            hide(key, state)
            remember(key, state)
        }
        self.node = node
        for (key, old) in all { present(key, old.port, old.endpoints, after: old) }
    }

    // MARK: Elements

    func elements(_ key: PortKey, _ state: PortState) -> ServiceElements? {
        shown(key, state).map {
            ServiceElements(
                key.name, $0, EndpointSelection(state.endpoints, for: state.port, on: node), cluster: state.cluster,
                local: state.local, group: state.group, on: node)
        }
    }

    private mutating func hide(_ key: PortKey, _ state: PortState) {
        guard isRunning, let elements = elements(key, state) else { return }
        for placed in elements.placed where counts.remove(placed, key.family) {
            changes.remove(placed.element, from: placed.set, key.family)
        }
    }

    private mutating func show(_ key: PortKey, _ state: PortState) {
        guard isRunning, let elements = elements(key, state) else { return }
        for placed in elements.placed where counts.add(placed, key.family) {
            changes.add(placed.element, to: placed.set, key.family)
        }
        for chain in elements.chains where !chains.contains(chain) { newChains.insert(chain) }
    }

    // MARK: What to do

    /// All that is to be there; from here on changes are told.
    package mutating func start() -> Ruleset {
        // Only now it is known whose each front is.
        if isContested, !remembered.isEmpty { adopt(remembered) }
        isRunning = true
        counts = ElementCounts()
        let (elements, chains) = gather(&counts)
        self.chains = chains
        fixedFor = counts.use
        fixed = ProxyTable.chains(on: node, for: counts.use)
        remembered = SlotMemory()
        return ruleset(elements, chains, fixed)
    }

    /// How the table has to change since the start, or the last time this was asked.
    package mutating func takeChanges() -> TableChange {
        defer {
            newChains = []
            former = [:]
            changes = ElementChanges()
            hasOtherPicks = false
        }
        let chains = takeChainChanges()
        var transaction = Transaction()
        chains.write(&transaction)
        transaction.append(changes.transaction)
        chains.clear(&transaction)
        return TableChange(transaction, changes, slotChanges, lost: lostPlaces)
    }

    private mutating func takeChainChanges() -> ChainChanges {
        chains.formUnion(newChains)
        if !hasOtherPicks, fixedFor == counts.use {
            var changes = ChainChanges()
            changes.written = Self.filled(newChains, node)
            return changes
        }
        let previous = fixed
        fixedFor = counts.use
        fixed = ProxyTable.chains(on: node, for: counts.use)
        var changes = ChainChanges(from: previous, to: fixed)
        changes.written = Self.filled(hasOtherPicks ? chains : newChains, node) + changes.written
        return changes
    }

    private mutating func remember(_ key: PortKey, _ state: PortState) {
        let matters = state.group != nil || key.name.transport == .udp || state.port.drainSeconds != nil
        if isRunning, matters, former[key] == nil { former[key] = FormerPort(state: state, shown: shown(key, state)) }
    }

    private var lostPlaces: [LostPlace] {
        former.flatMap { key, before in
            let after = states[key]
            return LostPlace.between(
                key.name.transport, before.shown, before.state.endpoints, after.flatMap { shown(key, $0) },
                after?.endpoints ?? [])
        }
    }

    var ports: some Sequence<PortKey> { states.keys }

    func endpoints(of port: PortKey) -> [Endpoint]? { states[port]?.endpoints }

    private var slotChanges: SlotChanges {
        var slots = SlotChanges()
        for (key, former) in former {
            let before = former.state
            guard let group = before.group else { continue }
            // Of a group that is no longer there nobody is remembered: after a restart another port may get its number.
            let after = states[key].flatMap { $0.group == group ? $0 : nil }
            slots.note(
                ProxySet.affinity.set(key.family), group: group, before: before.cluster, after: after?.cluster ?? [])
            slots.note(
                ProxySet.localAffinity.set(key.family), group: group, before: before.local, after: after?.local ?? [])
        }
        return slots
    }
}
