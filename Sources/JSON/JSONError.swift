/// Why a text is not JSON: the byte offset, where that is in lines, and the rule that it breaks.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    package var offset: Int
    /// Counted from 1.
    package var line: Int
    /// In bytes, counted from 1.
    package var column: Int
    package var reason: String

    package var description: String { "invalid JSON at line \(line), column \(column): \(reason)" }
}
