internal import JSON

/// What server-side apply does with values: the fields that one has, what two differ in, one merged into another, and
/// one without some of its fields.
enum TypedValue {
    /// The paths that a manager who applies this value owns.
    static func fields(of value: JSONValue, _ type: FieldType) -> FieldSet {
        switch (type.shape(of: value), value) {
        case (.map, .object(let object)) where !object.isEmpty:
            return FieldSet(
                unsorted: object.members.map { member in
                    let element = PathElement.field(member.key)
                    var set = fields(of: member.value, type.member(member.key))
                    // A key of a map is there even when what it leads to is owned by others.
                    if !type.names(element) { set.isMember = true }
                    return .init(element: element, set: set)
                })
        case (.list(let keys), .array(let items)) where !items.isEmpty:
            return FieldSet(
                unsorted: items.enumerated().map { index, item in
                    var set = fields(of: item, type.element)
                    set.isMember = true
                    return .init(element: type.pathElement(item, keys: keys) ?? .index(index), set: set)
                })
        default: return FieldSet(isMember: true)
        }
    }

    /// What a change adds, changes and takes away.
    struct Comparison {
        var added = FieldSet()
        var modified = FieldSet()
        var removed = FieldSet()

        var isEmpty: Bool { added.isEmpty && modified.isEmpty && removed.isEmpty }

        func without(_ ignored: FieldSet) -> Comparison {
            Comparison(
                added: added.subtractingTrees(ignored), modified: modified.subtractingTrees(ignored),
                removed: removed.subtractingTrees(ignored))
        }
    }

    /// A value that is nil is not there; one of the two is.
    static func compare(_ old: JSONValue?, _ new: JSONValue?, _ type: FieldType) -> Comparison {
        if let old, let new, old == new { return Comparison() }
        if old == nil, let new { return Comparison(added: all(of: new, type)) }
        let (oldShape, newShape) = (type.shape(of: old ?? new), type.shape(of: new ?? old))
        switch (oldShape, newShape) {
        case (.map, .map):
            let (a, b) = (old?.object ?? JSONObject(), new?.object ?? JSONObject())
            if a.isEmpty && b.isEmpty { return leaf(old, new) }
            let parts = compareMembers(old == nil ? nil : a, new == nil ? nil : b, type)
            return parts.whole(isNew: old == nil, isGone: new == nil)
        case (.list(let keys), .list):
            let (a, b) = (old?.array ?? [], new?.array ?? [])
            if a.isEmpty && b.isEmpty { return leaf(old, new) }
            let (left, right) = (IndexedList(a, type, keys), IndexedList(b, type, keys))
            var parts = Parts()
            for element in left.order { parts.add(element, compare(left[element], right[element], type.element)) }
            for element in right.order where left[element].isEmpty {
                parts.add(element, compare([], right[element], type.element))
            }
            return parts.whole(isNew: old == nil, isGone: new == nil)
        case (.leaf, .leaf): return leaf(old, new)
        default:
            // A value that changed its form: everything of the one goes, everything of the other comes.
            var result = Comparison()
            if let old { result.removed = fields(of: old, type) }
            if let new { result.added = fields(of: new, type) }
            result.modified.isMember = true
            return result
        }
    }

    /// Every path of a value that was not there before, those of its containers included.
    private static func all(of value: JSONValue, _ type: FieldType) -> FieldSet {
        switch (type.shape(of: value), value) {
        case (.map, .object(let object)):
            return FieldSet(
                isMember: true,
                unsorted: object.members.map { member in
                    .init(element: .field(member.key), set: all(of: member.value, type.member(member.key)))
                })
        case (.list(let keys), .array(let items)):
            let list = IndexedList(items, type, keys)
            return FieldSet(
                isMember: true,
                unsorted: list.order.map { element in
                    // Of elements with the same keys nothing is told apart.
                    let same = list[element]
                    let set = same.count == 1 ? all(of: same[0], type.element) : FieldSet(isMember: true)
                    return .init(element: element, set: set)
                })
        default: return FieldSet(isMember: true)
        }
    }

    /// An object that is nil is not there, and has not even the members that are implied.
    private static func compareMembers(_ old: JSONObject?, _ new: JSONObject?, _ type: FieldType) -> Parts {
        var parts = Parts()
        let (left, right) = (MemberIndex(old), MemberIndex(new))
        func implied(_ key: String) -> JSONValue? {
            if old == nil || new == nil { return nil }
            return type.implied(key)
        }
        for key in left.keys {
            parts.add(.field(key), compare(left[key], right[key] ?? implied(key), type.member(key)))
        }
        for key in right.keys where left[key] == nil {
            parts.add(.field(key), compare(implied(key), right[key], type.member(key)))
        }
        return parts
    }

    /// The elements of a list with the same keys: one on each side in a list that is valid.
    private static func compare(_ old: [JSONValue], _ new: [JSONValue], _ type: FieldType) -> Comparison {
        if old.count <= 1 && new.count <= 1 { return compare(old.first, new.first, type) }
        return leaf(old.isEmpty ? nil : .array(old), new.isEmpty ? nil : .array(new))
    }

    private static func leaf(_ old: JSONValue?, _ new: JSONValue?) -> Comparison {
        var result = Comparison()
        switch (old, new) {
        case (nil, nil): break
        case (nil, _?): result.added.isMember = true
        case (_?, nil): result.removed.isMember = true
        case (let old?, let new?): result.modified.isMember = !old.isEquivalent(to: new)
        }
        return result
    }

    private struct Parts {
        var added: [FieldSet.Child] = []
        var modified: [FieldSet.Child] = []
        var removed: [FieldSet.Child] = []

        mutating func add(_ element: PathElement, _ part: Comparison) {
            if !part.added.isEmpty { added.append(.init(element: element, set: part.added)) }
            if !part.modified.isEmpty { modified.append(.init(element: element, set: part.modified)) }
            if !part.removed.isEmpty { removed.append(.init(element: element, set: part.removed)) }
        }

        func whole(isNew: Bool, isGone: Bool) -> Comparison {
            Comparison(
                added: FieldSet(isMember: isNew, unsorted: added), modified: FieldSet(unsorted: modified),
                removed: FieldSet(isMember: isGone, unsorted: removed))
        }
    }
}

/// A list's elements by what tells them apart.
struct IndexedList {
    private var items: [PathElement: [JSONValue]] = [:]
    /// Each element once, where it first stands.
    private(set) var order: [PathElement] = []

    init(_ list: [JSONValue], _ type: FieldType, _ keys: [String]) {
        items.reserveCapacity(list.count)
        for (index, item) in list.enumerated() {
            let element = type.pathElement(item, keys: keys) ?? .index(index)
            if items[element] == nil { order.append(element) }
            items[element, default: []].append(item)
        }
    }

    subscript(element: PathElement) -> [JSONValue] { items[element] ?? [] }

    func contains(_ element: PathElement) -> Bool { items[element] != nil }
}
