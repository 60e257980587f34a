internal import NFTables
internal import NetTypes

/// The whole table.
extension Planner {
    /// All of it.
    package var ruleset: Ruleset {
        var counts = ElementCounts()
        let (elements, chains) = gather(&counts)
        return ruleset(elements, chains, ProxyTable.chains(on: node, for: counts.use))
    }

    func ruleset(
        _ elements: consuming [ElementList], _ chains: Set<PickChain>, _ fixed: [Ruleset.FilledChain]
    ) -> Ruleset {
        for (set, family, element) in ProxyTable.elements(on: node) { elements[set.index(family)].append(element) }
        var ruleset = Ruleset()
        for list in elements where !list.isEmpty { ruleset.elements[list.set] = list }
        ruleset.chains = Self.filled(chains, node) + fixed
        return ruleset
    }

    /// A chain has to be there before another leads to it.
    static func filled(_ chains: Set<PickChain>, _ node: NodeView) -> [Ruleset.FilledChain] {
        chains.sorted { ($0.next.isEmpty ? 0 : 1, $0.name) < ($1.next.isEmpty ? 0 : 1, $1.name) }
            .map { .init($0.chain, $0.rules(on: node)) }
    }

    /// All elements that ports ask for, once each, by the index of their set, and the chains that they lead to.
    func gather(_ counts: inout ElementCounts) -> (elements: [ElementList], chains: Set<PickChain>) {
        var all = Ruleset.sets.map { ElementList($0) }
        var chains: Set<PickChain> = []
        for (key, state) in states {
            guard let elements = elements(key, state) else { continue }
            chains.formUnion(elements.chains)
            for placed in elements.placed where counts.add(placed, key.family) {
                all[placed.set.index(key.family)].append(placed.element)
            }
        }
        return (all, chains)
    }
}
