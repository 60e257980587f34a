/// Why a token that is meant for this server is not accepted.
package struct TokenFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    init(_ description: String) { self.description = description }
}

/// A user that a token stands for, and for whom the token is.
package struct TokenIdentity: Hashable, Sendable {
    package var user: User
    package var audiences: [String]
}
