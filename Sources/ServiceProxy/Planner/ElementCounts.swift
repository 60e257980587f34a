internal import NetTypes

/// How many elements each set has, and how many ports have put the same one into it: they share ClusterIPs and endpoints.
struct ElementCounts: Sendable {
    private var shares: [ElementChanges.Place: Int] = [:]
    private var counts = [Int](repeating: 0, count: 2 * ProxySet.allCases.count)

    /// True if the set did not have it.
    mutating func add(_ placed: ServiceElements.Placed, _ family: IPFamily) -> Bool {
        if placed.set.isShared {
            let place = ElementChanges.Place(placed.set, family, placed.element)
            shares[place, default: 0] += 1
            if shares[place] != 1 { return false }
        }
        counts[placed.set.index(family)] += 1
        return true
    }

    /// True if the set has it no longer.
    mutating func remove(_ placed: ServiceElements.Placed, _ family: IPFamily) -> Bool {
        if placed.set.isShared {
            let place = ElementChanges.Place(placed.set, family, placed.element)
            let left = (shares[place] ?? 1) - 1
            shares[place] = left > 0 ? left : nil
            if left > 0 { return false }
        }
        counts[placed.set.index(family)] -= 1
        return true
    }

    var use: TableUse { TableUse { counts[$0.index($1)] } }
}

extension ProxySet {
    /// Several ports may have the same element.
    fileprivate var isShared: Bool { self == .clusterIPs || self == .hairpin }
}
