internal import Daemon
internal import Glibc
internal import HTTP
package import Linux
internal import Store
internal import Synchronization

/// A thread that follows all leases. After every break it begins with a full list again, so that a gap, a compaction or
/// a store that was wiped loses nothing.
package final class LeaseWatcher: Sendable {
    private let isEnding = Atomic(false)
    private let current = Mutex(Cancellation())

    package init() {}

    /// Starts the thread. `subnets` is made and used on it; `tell` is called on it.
    /// After `listInterval` a healthy watch is broken off and begun again with a list, in case the store has forgotten
    /// an event.
    package func start(
        listInterval: Duration = .seconds(600),
        subnets: @escaping SubnetManagerMaker,
        tell: @escaping @Sendable (SessionEvent) -> Void
    ) throws(SystemError) {
        _ = try Thread("lease-watcher") { [self] in
            var made: (any SubnetManager)?
            var backoff = Backoff(initial: .milliseconds(100), maximum: .seconds(5))
            var isTroubled = false
            while !isEnding.load(ordering: .relaxed) {
                let deadline = MonotonicTime.now + listInterval * Double.random(in: 0.8...1.2)
                do throws(SubnetError) {
                    let manager: any SubnetManager
                    if let made { manager = made } else { manager = try subnets(current.withLock { $0 }) }
                    made = manager
                    try manager.watch { news in
                        if isTroubled {
                            isTroubled = false
                            tell(.trouble(.watch, nil))
                        }
                        backoff.reset()
                        switch news {
                        case .event(let event): tell(.leases(event))
                        case .unreadable(let names): tell(.unreadable(names))
                        case .alive: break
                        }
                        return isEnding.load(ordering: .relaxed) || MonotonicTime.now >= deadline ? .stop : .proceed
                    }
                } catch {
                    if case .store(let failure) = error, failure.kind == .cancelled {
                        made = nil
                        continue
                    }
                    isTroubled = true
                    tell(.trouble(.watch, error.description))
                    usleep(UInt32(backoff.next().nanoseconds / 1000))
                }
            }
        }
    }

    /// Breaks the watch off and begins another one: its connection came from an address that we no longer have.
    package func restart() {
        current.withLock { current in
            current.cancel()
            current = Cancellation()
        }
    }

    package func end() { isEnding.store(true, ordering: .relaxed) }
}
