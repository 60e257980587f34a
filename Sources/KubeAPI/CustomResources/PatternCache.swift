internal import Synchronization

/// Regular expressions of custom resources' schemas, compiled once.
final class PatternCache: Sendable {
    static let shared = PatternCache()

    private struct Compiled { let pattern: Pattern? }

    private let known = Mutex<[String: Compiled]>([:])
    /// More than any cluster's schemas have; beyond it the cache begins anew.
    private static let limit = 1000

    /// Anywhere in the text. An expression that is not understood here accepts everything: definitions that have a wrong
    /// one are refused, and what is left are names of scripts, which only Go's library knows.
    func matches(_ text: String, _ pattern: String) -> Bool {
        let compiled = known.withLock { patterns in
            if let known = patterns[pattern] { return known }
            if patterns.count >= Self.limit { patterns = [:] }
            let compiled = Compiled(pattern: try? Pattern(pattern))
            patterns[pattern] = compiled
            return compiled
        }
        return compiled.pattern?.matches(text) ?? true
    }
}
