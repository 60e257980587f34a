/// A regular expression of a custom resource's schema, in the syntax of Go's `regexp` (RE2).
///
/// Matched by following all alternatives at once, so that time grows with the text and with the expression and not with
/// the ways in which one might fit the other: who writes schemas and who writes objects are strangers to each other, and the
/// server serves everybody else meanwhile.
package struct Pattern: Sendable {
    /// Why a text is no expression, or none that is understood here.
    package struct Failure: Error, Hashable, Sendable {
        package var reason: String
        /// Go's library knows it, and this one does not.
        package var isUnsupported = false
    }

    /// Steps that one match may take: beyond them the text counts as one that does not fit.
    private static let mostSteps = 8_000_000

    private let program: PatternProgram

    package init(_ text: String) throws(Failure) {
        var parser = PatternParser(text)
        program = try PatternProgram(try parser.parse())
    }

    /// Whether the expression fits anywhere in the text.
    package func matches(_ text: String) -> Bool {
        var (now, next) = (StateSet(program.count), StateSet(program.count))
        var previous: Unicode.Scalar?
        var steps = 0
        var rest = text.unicodeScalars.makeIterator()
        var current = rest.next()
        while true {
            let place = PatternProgram.Place(before: previous, after: current)
            // A match may begin everywhere.
            if program.follow(0, place, &now, &steps) { return true }
            guard let scalar = current, steps < Self.mostSteps else { return false }
            current = rest.next()
            let after = PatternProgram.Place(before: scalar, after: current)
            for state in now.states {
                steps += 1
                guard let target = program.target(of: state, reading: scalar) else { continue }
                if program.follow(target, after, &next, &steps) { return true }
            }
            swap(&now, &next)
            next.removeAll()
            previous = scalar
        }
    }
}

/// States of a program, each once, in the order of their coming.
struct StateSet {
    private(set) var states: [Int] = []
    private var known: [Bool]
    /// For whoever fills it: what is still to be looked at.
    var open: [Int] = []

    init(_ count: Int) { known = [Bool](repeating: false, count: count) }

    /// False when it is there already.
    mutating func insert(_ state: Int) -> Bool {
        if known[state] { return false }
        known[state] = true
        states.append(state)
        return true
    }

    mutating func removeAll() {
        for state in states { known[state] = false }
        states.removeAll(keepingCapacity: true)
    }
}
