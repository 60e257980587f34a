/// A set of paths into an object, as a tree: what a manager owns.
package struct FieldSet: Hashable, Sendable {
    package struct Child: Hashable, Sendable {
        package var element: PathElement
        package var set: FieldSet
    }

    /// Whether the path that leads here is in the set.
    package var isMember: Bool
    /// In the order of their elements; none is empty.
    package private(set) var children: [Child]

    package init(isMember: Bool = false) {
        self.isMember = isMember
        children = []
    }

    /// From children in any order; those that are empty are left out, those of the same element united.
    init(isMember: Bool = false, unsorted: [Child]) {
        self.isMember = isMember
        children = unsorted.contains { $0.set.isEmpty } ? unsorted.filter { !$0.set.isEmpty } : unsorted
        guard zip(children, children.dropFirst()).contains(where: { !($0.element < $1.element) }) else { return }
        var sorted: [Child] = []
        sorted.reserveCapacity(children.count)
        for child in children.sorted(by: { $0.element < $1.element }) {
            if let last = sorted.last, last.element == child.element {
                sorted[sorted.count - 1].set = last.set.union(child.set)
            } else {
                sorted.append(child)
            }
        }
        children = sorted
    }

    private init(isMember: Bool, sorted: [Child]) {
        self.isMember = isMember
        children = sorted
    }

    /// The set of fields at these paths, each with its dots: `metadata.labels`.
    package init(paths: [String]) {
        self.init()
        for path in paths {
            var set = FieldSet(isMember: true)
            for name in path.split(separator: ".").reversed() {
                set = FieldSet(isMember: false, sorted: [Child(element: .field(String(name)), set: set)])
            }
            self = union(set)
        }
    }

    package var isEmpty: Bool { !isMember && children.isEmpty }

    /// The paths below one element; nil for none.
    package subscript(element: PathElement) -> FieldSet? {
        var (low, high) = (0, children.count)
        while low < high {
            let middle = (low + high) / 2
            if children[middle].element < element { low = middle + 1 } else { high = middle }
        }
        return low < children.count && children[low].element == element ? children[low].set : nil
    }

    package func union(_ other: FieldSet) -> FieldSet {
        if other.isEmpty { return self }
        if isEmpty { return other }
        return combined(with: other, isMember: isMember || other.isMember, keepsLeft: true, keepsRight: true) {
            $0.union($1)
        }
    }

    /// The union of many, in time that grows with what they have together.
    static func union(of sets: [FieldSet]) -> FieldSet {
        var sets = sets
        while sets.count > 1 {
            sets = stride(from: 0, to: sets.count, by: 2).map {
                $0 + 1 < sets.count ? sets[$0].union(sets[$0 + 1]) : sets[$0]
            }
        }
        return sets.first ?? FieldSet()
    }

    package func intersection(_ other: FieldSet) -> FieldSet {
        combined(with: other, isMember: isMember && other.isMember, keepsLeft: false, keepsRight: false) {
            $0.intersection($1)
        }
    }

    /// Without the paths of the other set; paths below them stay.
    package func subtracting(_ other: FieldSet) -> FieldSet {
        if other.isEmpty { return self }
        return combined(with: other, isMember: isMember && !other.isMember, keepsLeft: true, keepsRight: false) {
            $0.subtracting($1)
        }
    }

    /// Without the paths of the other set and all that is below them.
    package func subtractingTrees(_ other: FieldSet) -> FieldSet {
        if other.isEmpty { return self }
        if other.isMember { return FieldSet() }
        return combined(with: other, isMember: isMember, keepsLeft: true, keepsRight: false) { $0.subtractingTrees($1) }
    }

    /// Walks both lists of children, which have the same order.
    private func combined(
        with other: FieldSet, isMember: Bool, keepsLeft: Bool, keepsRight: Bool,
        _ both: (FieldSet, FieldSet) -> FieldSet
    ) -> FieldSet {
        var result: [Child] = []
        result.reserveCapacity(keepsLeft ? children.count : 0)
        var (i, j) = (0, 0)
        while i < children.count || j < other.children.count {
            if j == other.children.count || (i < children.count && children[i].element < other.children[j].element) {
                if keepsLeft { result.append(children[i]) }
                i += 1
            } else if i == children.count || other.children[j].element < children[i].element {
                if keepsRight { result.append(other.children[j]) }
                j += 1
            } else {
                let set = both(children[i].set, other.children[j].set)
                if !set.isEmpty { result.append(Child(element: children[i].element, set: set)) }
                i += 1
                j += 1
            }
        }
        return FieldSet(isMember: isMember, sorted: result)
    }

    /// With every field that the schema names made a member when something below it is one: removing what a manager
    /// gave up starts there.
    func withNamedFields(_ type: FieldType, isNamed: Bool = false) -> FieldSet {
        FieldSet(
            isMember: isMember || isNamed && !children.isEmpty,
            sorted: children.map { child in
                let below = type.below(child.element)
                return Child(
                    element: child.element, set: child.set.withNamedFields(below, isNamed: type.names(child.element)))
            })
    }

    /// All paths, as messages show them: those that end here first, then those that go on, each in order.
    package var paths: [String] {
        var paths: [String] = []
        collect("", &paths)
        return paths
    }

    private func collect(_ prefix: String, _ paths: inout [String]) {
        for child in children where child.set.isMember { paths.append(prefix + child.element.description) }
        for child in children { child.set.collect(prefix + child.element.description, &paths) }
    }
}
