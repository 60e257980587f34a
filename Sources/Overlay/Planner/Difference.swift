/// One change to the kernel.
package enum Change: Hashable, Sendable {
    case put(EntryKey, Entry)
    case remove(EntryKey, Entry)

    package var key: EntryKey {
        switch self {
        case .put(let key, _), .remove(let key, _): key
        }
    }

    /// The order in which changes are made. A peer is resolvable before it is routed to, and no longer routed to before
    /// it is unresolvable, so that no packet of a living peer meets a half-made state.
    var phase: Int {
        switch self {
        case .put(.neighbour, _): 0
        case .put(.fdb, _): 1
        case .put(.route, _), .put(.blackhole, _): 2
        case .remove(.route, _), .remove(.blackhole, _): 3
        case .remove(.fdb, _): 4
        case .remove(.neighbour, _): 5
        }
    }
}

/// An entry that somebody else put where ours should be; it is reported and left.
package struct Conflict: Hashable, Sendable {
    package var key: EntryKey
    package var found: FoundEntry
}

extension Change: CustomStringConvertible {
    package var description: String {
        switch self {
        case .put(let key, let entry): "put \(key) \(entry)"
        case .remove(let key, let entry): "remove \(key) \(entry)"
        }
    }
}

extension Conflict: CustomStringConvertible {
    package var description: String {
        "\(key) is taken by another's, \(found.entry) (\(found.origin)); it is left alone"
    }
}

/// Desired minus actual.
package struct Difference: Hashable, Sendable {
    package var changes: [Change] = []
    package var conflicts: [Conflict] = []

    package init() {}

    package var isEmpty: Bool { changes.isEmpty && conflicts.isEmpty }
}

extension DesiredState {
    /// Compares the keys given with what was found there.
    ///
    /// `collectsGarbage`: what is ours and not wanted goes. It must be false before the first full snapshot of leases,
    /// when an absent lease means nothing.
    package func difference(
        _ keys: some Sequence<EntryKey>, found: FoundState, collectsGarbage: Bool
    ) -> Difference {
        var result = Difference()
        for key in keys {
            let actual = found.entries[key]
            switch (entries[key], actual) {
            case (let wanted?, let actual?):
                if actual.ownership == .foreign {
                    result.conflicts.append(Conflict(key: key, found: actual))
                } else if actual.entry != wanted || actual.ownership != .ours {
                    result.changes.append(.put(key, wanted))
                }
            case (let wanted?, nil):
                result.changes.append(.put(key, wanted))
            case (nil, let actual?):
                if actual.isCollectable && collectsGarbage { result.changes.append(.remove(key, actual.entry)) }
            case (nil, nil): break
            }
        }
        result.changes.sort { $0.phase < $1.phase }
        return result
    }

    /// Compares everything, and removes second entries under one key, which the kernel allows for routes and FDB.
    package func difference(found: FoundState, collectsGarbage: Bool) -> Difference {
        var result = difference(
            Set(entries.keys).union(found.entries.keys), found: found, collectsGarbage: collectsGarbage)
        if collectsGarbage {
            result.changes += found.duplicates.map { .remove($0.key, $0.entry) }
        }
        return result
    }
}

/// What the kernel holds that is ours, or stands where ours might go.
package struct FoundState: Hashable, Sendable {
    package var entries: [EntryKey: FoundEntry] = [:]
    /// Further entries of ours under a key that is in `entries` already.
    package var duplicates: [Duplicate] = []

    package struct Duplicate: Hashable, Sendable {
        package var key: EntryKey
        package var entry: Entry
    }

    package init() {}

    /// Takes in one entry of a dump.
    package mutating func insert(_ key: EntryKey, _ found: FoundEntry) {
        guard let first = entries[key] else {
            entries[key] = found
            return
        }
        // Of two, the one that counts is the foreign one: where it stands, nothing of ours may be written.
        if found.ownership == .foreign && first.ownership != .foreign {
            entries[key] = found
            if first.isCollectable { duplicates.append(Duplicate(key: key, entry: first.entry)) }
        } else if found.isCollectable {
            duplicates.append(Duplicate(key: key, entry: found.entry))
        }
    }
}
