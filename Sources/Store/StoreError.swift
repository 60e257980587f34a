/// A call to the store that failed: what was asked, of whom, and why not.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// No endpoint can be reached, or none has a leader: try again later.
        case unavailable
        /// No answer before the deadline. A write may have been done all the same.
        case timedOut
        /// The caller's `Cancellation` ended it.
        case cancelled
        /// The revision asked for is no longer kept; `oldest` is the first that is, 0 when the store does not say.
        case compacted(oldest: Revision)
        case leaseNotFound
        /// User or password are wrong or missing.
        case unauthenticated
        case permissionDenied
        /// The store refuses the request as it is; asking again does not help.
        case invalid
        /// The store has too much to do.
        case exhausted
        /// The store has no room for more.
        case outOfSpace
        /// The answer is larger than this client takes: ask for less.
        case answerTooLarge
        /// The answer is none that this client understands.
        case malformedAnswer
    }

    package var kind: Kind
    /// Such as `put /coreos.com/network/config`.
    package var operation: String
    /// URL of the endpoint that failed last; empty when none was asked.
    package var endpoint: String
    package var reason: String
    /// A write that failed this way may have been done.
    package var mayHaveBeenDone: Bool

    package init(
        _ kind: Kind, operation: String, endpoint: String = "", reason: String, mayHaveBeenDone: Bool = false
    ) {
        self.kind = kind
        self.operation = operation
        self.endpoint = endpoint
        self.reason = reason
        self.mayHaveBeenDone = mayHaveBeenDone
    }

    package var description: String {
        "cannot \(operation)\(endpoint.isEmpty ? "" : " at \(endpoint)"): \(reason)"
            + (mayHaveBeenDone ? " (it may have been done)" : "")
    }
}
