/// A regular expression as states, of which many are taken at once.
struct PatternProgram: Sendable {
    private enum Step: Sendable {
        case read(ScalarClass, Int)
        case check(PatternNode.Assertion, Int)
        case either(Int, Int)
        case match
    }

    /// Between which characters we are.
    struct Place {
        var before: Unicode.Scalar?
        var after: Unicode.Scalar?

        func fulfils(_ assertion: PatternNode.Assertion) -> Bool {
            switch assertion {
            case .textStart: before == nil
            case .textEnd: after == nil
            case .lineStart: before == nil || before == "\n"
            case .lineEnd: after == nil || after == "\n"
            case .wordBoundary: isWord(before) != isWord(after)
            case .noWordBoundary: isWord(before) == isWord(after)
            }
        }

        private func isWord(_ scalar: Unicode.Scalar?) -> Bool { scalar.map { ScalarClass.word.contains($0) } ?? false }
    }

    /// Go refuses more, too.
    private static let longest = 20_000

    private var steps: [Step] = []
    private var work = 0

    var count: Int { steps.count }

    init(_ node: PatternNode) throws(Pattern.Failure) {
        // Built from the end, so that every step knows where to go on; the beginning is then made the first.
        steps = [.match]
        let start = try add(node, before: 0)
        steps.append(steps[0])
        steps[0] = .either(start, start)
        let last = steps.count - 1
        steps = steps.enumerated().map { $0.offset == 0 ? $0.element : Self.moved($0.element, from: 0, to: last) }
        if start == 0 { steps[0] = .match }
    }

    private static func moved(_ step: Step, from: Int, to: Int) -> Step {
        func moved(_ target: Int) -> Int { target == from ? to : target }
        switch step {
        case .read(let scalars, let next): return .read(scalars, moved(next))
        case .check(let assertion, let next): return .check(assertion, moved(next))
        case .either(let one, let other): return .either(moved(one), moved(other))
        case .match: return .match
        }
    }

    private mutating func append(_ step: Step) throws(Pattern.Failure) -> Int {
        if steps.count >= Self.longest { throw Pattern.Failure(reason: "expression too large") }
        steps.append(step)
        return steps.count - 1
    }

    /// Adds the node such that it goes on there; returns where it begins.
    private mutating func add(_ node: PatternNode, before next: Int) throws(Pattern.Failure) -> Int {
        // Repetitions of nothing add no steps, and take time all the same.
        work += 1
        if work > 4 * Self.longest { throw Pattern.Failure(reason: "expression too large") }
        switch node {
        case .empty: return next
        case .scalar(let scalars): return try append(.read(scalars, next))
        case .assertion(let assertion): return try append(.check(assertion, next))
        case .sequence(let parts):
            var place = next
            for part in parts.reversed() { place = try add(part, before: place) }
            return place
        case .alternatives(let all):
            var place: Int?
            for alternative in all.reversed() {
                let start = try add(alternative, before: next)
                place = if let other = place { try append(.either(start, other)) } else { start }
            }
            return place ?? next
        case .repeated(let part, let least, let most):
            var place = next
            if let most {
                for _ in 0..<max(0, most - least) {
                    place = try append(.either(try add(part, before: place), next))
                }
            } else {
                place = try append(.either(next, next))
                steps[place] = .either(try add(part, before: place), next)
            }
            for _ in 0..<least { place = try add(part, before: place) }
            return place
        }
    }

    /// Adds every state that can be reached from one without reading; true when the match is among them.
    func follow(_ state: Int, _ place: Place, _ set: inout StateSet, _ count: inout Int) -> Bool {
        set.open.append(state)
        while let state = set.open.popLast() {
            guard set.insert(state) else { continue }
            count += 1
            switch steps[state] {
            case .match:
                set.open = []
                return true
            case .read: break
            case .check(let assertion, let next): if place.fulfils(assertion) { set.open.append(next) }
            case .either(let one, let other):
                set.open.append(other)
                set.open.append(one)
            }
        }
        return false
    }

    /// Where a state goes on when this is read; nil when it does not.
    func target(of state: Int, reading scalar: Unicode.Scalar) -> Int? {
        guard case .read(let scalars, let next) = steps[state], scalars.contains(scalar) else { return nil }
        return next
    }
}
