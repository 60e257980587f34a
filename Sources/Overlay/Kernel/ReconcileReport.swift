internal import Daemon
package import Linux

/// What one pass of the reconciler did.
package struct ReconcileReport: Sendable {
    package var deviceChanges: [String] = []
    package var hasNewDevice = false
    package var applied: [Change] = []
    package var failed: [(peer: SubnetKey?, reasons: [String])] = []

    package var isEmpty: Bool { deviceChanges.isEmpty && applied.isEmpty && failed.isEmpty }
}

/// Why a peer is not programmed, and when that is tried again. Each peer waits for itself.
package struct PeerFailure: Sendable {
    package private(set) var reasons: [String] = []
    package private(set) var nextAttempt = MonotonicTime.now
    private var backoff = Backoff(initial: .milliseconds(100), maximum: .seconds(30))

    mutating func fail(_ reasons: [String]) {
        self.reasons = reasons
        nextAttempt = .now + backoff.next()
    }
}

/// Nothing could be compared, because a device or the kernel's tables could not be brought to a known state.
package struct ReconcileError: Error, Hashable, Sendable, CustomStringConvertible {
    package var object: String
    package var cause: String
    package var description: String { "\(object): \(cause)" }
}
