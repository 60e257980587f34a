internal import Synchronization

/// Regular expressions of custom resources' schemas, compiled once.
final class PatternCache: Sendable {
    static let shared = PatternCache()

    /// Compiled expressions are values that nobody changes; their type just does not say so.
    private struct Compiled: @unchecked Sendable { let regex: Regex<AnyRegexOutput>? }

    private let known = Mutex<[String: Compiled]>([:])
    /// More than any cluster's schemas have; beyond it the cache begins anew.
    private static let limit = 1000

    /// Anywhere in the text. A pattern that cannot be compiled accepts everything, for it may be one of those
    /// that Go's library knows and Swift's does not.
    func matches(_ text: String, _ pattern: String) -> Bool {
        let compiled = known.withLock { patterns in
            if let known = patterns[pattern] { return known }
            if patterns.count >= Self.limit { patterns = [:] }
            let compiled = Compiled(
                regex: (try? Regex(pattern))?.matchingSemantics(.unicodeScalar).asciiOnlyDigits()
                    .asciiOnlyWordCharacters().asciiOnlyWhitespace())
            patterns[pattern] = compiled
            return compiled
        }
        guard let regex = compiled.regex else { return true }
        return (try? regex.firstMatch(in: text)) ?? nil != nil
    }
}
