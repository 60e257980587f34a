/// Why a selector cannot be used, in upstream's words; a request that carries it is answered with 400.
package struct SelectorError: Error, Hashable, Sendable, CustomStringConvertible {
    package var message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }
}
