internal import Synchronization

/// Which of an etcd's endpoints is asked first: the one that answered last.
package final class EndpointChoice: Sendable {
    let index = Atomic(0)

    package init() {}

    /// Goes on to the next one, unless another client has done so already.
    func leave(_ failed: Int, of count: Int) {
        _ = index.compareExchange(expected: failed, desired: (failed + 1) % count, ordering: .relaxed)
    }
}
