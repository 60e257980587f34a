internal import JSON

/// How a strategic merge patch changes one list: by its elements' merge key, as a set of scalars, or as a whole.
struct ListMerge {
    /// The schema of the elements.
    let elements: Schema?
    /// The member that tells elements apart; nil for scalars.
    let key: String?
    /// Else the patch replaces the list.
    let merges: Bool

    func merged(_ own: [JSONValue], _ patch: [JSONValue]) throws(StrategicMergeFailure) -> [JSONValue] {
        guard merges else { return patch.compactMap(StrategicMergePatch.cleaned) }
        if own.isEmpty && patch.isEmpty { return own }
        guard try areObjects(own, patch) else {
            var seen: Set<JSONValue> = []
            let all = (own + patch).filter { seen.insert($0).inserted }
            return try sorted(all, by: patch, server: own)
        }
        guard let key else { throw StrategicMergeFailure("cannot merge lists without merge key for type map") }
        let (kept, changes) = try withoutSpecial(own, patch, key)
        let all = try mergedObjects(kept, changes, key)
        return try sorted(all, by: changes, server: kept)
    }

    /// `$deleteFromPrimitiveList`.
    func without(_ own: [JSONValue], _ deleted: [JSONValue]) -> [JSONValue] {
        let deleted = Set(deleted)
        return own.filter { !deleted.contains($0) }
    }

    /// Elements that carry `$patch`: one that deletes goes with what it names; one that replaces clears the list first.
    private func withoutSpecial(
        _ own: [JSONValue], _ patch: [JSONValue], _ key: String
    ) throws(StrategicMergeFailure) -> (own: [JSONValue], patch: [JSONValue]) {
        var replaces = false
        var deleted: Set<JSONValue> = []
        var changes: [JSONValue] = []
        for element in patch {
            guard let directive = element.member(Directive.patch) else {
                changes.append(element)
                continue
            }
            switch directive.string {
            case "delete"?:
                guard let value = element.member(key) else { throw .noMergeKey(element, key) }
                deleted.insert(value)
            case "replace"?: replaces = true
            case "merge"?: throw StrategicMergeFailure("merging lists cannot yet be specified in the patch")
            default: throw .badPatchType(directive.goText, element)
            }
        }
        if replaces { return (changes.compactMap(StrategicMergePatch.cleaned), []) }
        return (deleted.isEmpty ? own : own.filter { $0.member(key).map { !deleted.contains($0) } ?? true }, changes)
    }

    private func mergedObjects(
        _ own: [JSONValue], _ patch: [JSONValue], _ key: String
    ) throws(StrategicMergeFailure) -> [JSONValue] {
        var result = own
        var places: [JSONValue: Int] = [:]
        for (place, element) in own.enumerated() {
            if let value = element.member(key), places[value] == nil { places[value] = place }
        }
        for element in patch {
            guard let value = element.member(key), let change = element.object else { throw .noMergeKey(element, key) }
            if let place = places[value], let object = result[place].object {
                result[place] = .object(try StrategicMergePatch.merged(object, change, elements))
            } else if let new = StrategicMergePatch.cleaned(element) {
                places[value] = result.count
                result.append(new)
            }
        }
        return result
    }

    /// Whether the elements are objects; all must be of one type, and none a list.
    private func areObjects(_ own: [JSONValue], _ patch: [JSONValue]) throws(StrategicMergeFailure) -> Bool {
        let all = own + patch
        guard let first = all.first else { return false }
        if case .array = first {
            var failure = StrategicMergeFailure("lists of lists are not supported")
            failure.isUnprocessable = true
            throw failure
        }
        guard all.allSatisfy({ $0.goKind == first.goKind }) else {
            throw StrategicMergeFailure(
                "list element types are not identical: \(JSONValue.array([.array(own), .array(patch)]).goText)")
        }
        return first.object != nil
    }

    /// What tells an element from others: its merge key's value, or itself.
    private func identity(_ element: JSONValue) throws(StrategicMergeFailure) -> JSONValue {
        guard let key else { return element }
        guard let value = element.member(key) else { throw .noMergeKey(element, key) }
        return value
    }

    /// That a patch's elements stand in the order that it asks for, and are all in it; deletions may stand anywhere.
    func check(_ patch: [JSONValue], follows order: [JSONValue]) throws(StrategicMergeFailure) {
        if order.isEmpty || patch.isEmpty { return }
        let kept = patch.filter { $0.member(Directive.patch)?.string != "delete" }
        var (next, place) = (0, 0)
        while next < kept.count, place < order.count {
            if kept[next].member(Directive.patch) != nil {
                next += 1
                continue
            }
            if try identity(kept[next]) == identity(order[place]) { next += 1 }
            place += 1
        }
        guard next == kept.count else {
            throw StrategicMergeFailure(
                "The order in patch list:\n\(JSONValue.array(patch).goText)\n doesn't match $setElementOrder list:\n"
                    + "\(JSONValue.array(order).goText)\n")
        }
    }

    /// Elements that `order` names, in that order; those that only the server has keep their places among them as far
    /// as the server's order says where they were.
    func sorted(
        _ all: [JSONValue], by order: [JSONValue], server: [JSONValue]
    ) throws(StrategicMergeFailure) -> [JSONValue] {
        let rank = try ranks(order)
        let serverRank = try ranks(server)
        var named: [(rank: Int, element: JSONValue, server: Int?)] = []
        var others: [(rank: Int, element: JSONValue)] = []
        for element in all {
            let identity = try identity(element)
            if let place = rank[identity] {
                named.append((place, element, serverRank[identity]))
            } else {
                others.append((serverRank[identity] ?? .max, element))
            }
        }
        stableSort(&named) { $0.rank < $1.rank }
        stableSort(&others) { $0.rank < $1.rank }
        var result: [JSONValue] = []
        result.reserveCapacity(all.count)
        var (i, j) = (0, 0)
        while i < others.count || j < named.count {
            let takesOther: Bool
            if i == others.count {
                takesOther = false
            } else if j == named.count {
                takesOther = true
            } else if let place = named[j].server, others[i].rank != .max {
                takesOther = others[i].rank < place
            } else {
                takesOther = false
            }
            if takesOther {
                result.append(others[i].element)
                i += 1
            } else {
                result.append(named[j].element)
                j += 1
            }
        }
        return result
    }

    private func ranks(_ list: [JSONValue]) throws(StrategicMergeFailure) -> [JSONValue: Int] {
        var ranks: [JSONValue: Int] = [:]
        for (place, element) in list.enumerated() {
            let identity = try identity(element)
            if ranks[identity] == nil { ranks[identity] = place }
        }
        return ranks
    }
}

/// Swift's sort is stable today and does not promise it.
private func stableSort<Element>(_ list: inout [Element], _ isBefore: (Element, Element) -> Bool) {
    list = list.enumerated().sorted {
        isBefore($0.element, $1.element) || (!isBefore($1.element, $0.element) && $0.offset < $1.offset)
    }.map(\.element)
}

extension JSONValue {
    /// The value as Go prints it with %v, for upstream's messages: `map[name:a]`, `[1 2]`, `<nil>`.
    var goText: String {
        switch self {
        case .null: "<nil>"
        case .bool(let value): value ? "true" : "false"
        case .number(let number): number.literal
        case .string(let text): text
        case .array(let elements): "[\(elements.map(\.goText).joined(separator: " "))]"
        case .object(let object):
            "map["
                + object.members.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.goText)" }
                .joined(separator: " ") + "]"
        }
    }
}
