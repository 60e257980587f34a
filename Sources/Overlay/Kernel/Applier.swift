package import Netlink

/// What became of some changes.
package struct Outcome: Sendable {
    package var applied: [Change] = []
    /// Changes that the kernel refused, each with its reason. Nothing else was kept from being made by them.
    package var failed: [(change: Change, error: NetlinkError)] = []
}

extension NetlinkSocket {
    /// Makes the changes in their order, many in one system call. A removal of what is gone already is made.
    package mutating func apply(_ changes: [Change]) -> Outcome {
        var outcome = Outcome()
        let requests = changes.compactMap { change in change.request.map { (change, $0) } }
        let results = runAll(requests.map(\.1))
        for ((change, _), error) in zip(requests, results) {
            guard let error else {
                outcome.applied.append(change)
                continue
            }
            if case .remove = change, error.isNotFound {
                outcome.applied.append(change)
            } else {
                outcome.failed.append((change, error))
            }
        }
        return outcome
    }
}
