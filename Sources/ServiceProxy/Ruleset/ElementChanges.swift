package import NFTables
package import NetTypes

/// Elements that come and go. What comes back as it was is no change.
package struct ElementChanges: Sendable {
    package struct Place: Hashable, Sendable {
        package var set: ProxySet
        package var family: IPFamily
        package var key: [Datum]
        package var keyEnd: [Datum]?
    }

    package private(set) var removed: [Place: Element] = [:]
    package private(set) var added: [Place: Element] = [:]

    package init() {}

    package var isEmpty: Bool { removed.isEmpty && added.isEmpty }
    package var count: Int { removed.count + added.count }

    package mutating func remove(_ element: Element, from set: ProxySet, _ family: IPFamily) {
        let place = Place(set: set, family: family, key: element.key, keyEnd: element.keyEnd)
        if added.removeValue(forKey: place) == nil { removed[place] = element }
    }

    package mutating func add(_ element: Element, to set: ProxySet, _ family: IPFamily) {
        let place = Place(set: set, family: family, key: element.key, keyEnd: element.keyEnd)
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
        let order = ProxySet.allCases.enumerated().map { ($1, 2 * $0) }
        let places = Dictionary(uniqueKeysWithValues: order)
        for (place, element) in elements {
            guard let index = places[place.set] else { continue }
            groups[index + (place.family == .v4 ? 0 : 1)].append(element)
        }
        return order.flatMap { set, index in
            [(set.set(.v4), groups[index]), (set.set(.v6), groups[index + 1])]
        }.filter { !$0.1.isEmpty }
    }
}
