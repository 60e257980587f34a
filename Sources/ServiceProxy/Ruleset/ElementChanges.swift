package import NFTables
package import NetTypes

/// Elements that come and go. What comes back as it was is no change.
package struct ElementChanges: Sendable {
    package struct Place: Hashable, Sendable {
        package var set: ProxySet
        package var family: IPFamily
        package var key: [Datum]
        package var keyEnd: [Datum]?

        init(_ set: ProxySet, _ family: IPFamily, _ element: Element) {
            self.set = set
            self.family = family
            key = element.key
            keyEnd = element.keyEnd
        }
    }

    package private(set) var removed: [Place: Element] = [:]
    package private(set) var added: [Place: Element] = [:]

    package init() {}

    package var isEmpty: Bool { removed.isEmpty && added.isEmpty }

    package mutating func remove(_ element: Element, from set: ProxySet, _ family: IPFamily) {
        let place = Place(set, family, element)
        if added.removeValue(forKey: place) == nil { removed[place] = element }
    }

    package mutating func add(_ element: Element, to set: ProxySet, _ family: IPFamily) {
        let place = Place(set, family, element)
        if let was = removed[place], was == element {
            removed[place] = nil
        } else {
            added[place] = element
        }
    }

    /// First what goes, so that a key may come back with another value.
    package var transaction: Transaction {
        var transaction = Transaction()
        for (set, elements) in Self.grouped(removed) { transaction.delete(elements, from: set) }
        for (set, elements) in Self.grouped(added) { transaction.create(elements, in: set) }
        return transaction
    }

    private static func grouped(_ elements: [Place: Element]) -> [(NFTSet, [Element])] {
        var groups: [[Element]] = Array(repeating: [], count: 2 * ProxySet.allCases.count)
        for (place, element) in elements { groups[place.set.index(place.family)].append(element) }
        return ProxySet.allCases.flatMap { set in
            IPFamily.allCases.map { (set.set($0), groups[set.index($0)]) }
        }.filter { !$0.1.isEmpty }
    }
}
