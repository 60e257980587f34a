internal import Daemon
internal import Glibc
internal import HTTP
package import Linux
internal import Store
internal import Synchronization

/// A thread that follows a part of the store. After every break it begins with a full read again, so that a gap, a
/// compaction or a store that was wiped loses nothing.
package final class StoreWatcher: Sendable {
    private let part: SessionPart
    private let isEnding = Atomic(false)
    private let current = Mutex(Cancellation())

    package init(_ part: SessionPart) { self.part = part }

    /// One watch, from its first read until it fails or is told to stop. It calls `alive` with every sign of life,
    /// which says whether to go on.
    private typealias Watch = @Sendable (any SubnetManager, _ alive: () -> WatchDecision) throws(SubnetError) -> Void

    /// Starts the thread. `subnets` is made and used on it; `watch` and `tell` are called on it.
    /// After `readInterval` a healthy watch is broken off and begun again, in case the store has forgotten an event.
    private func start(
        readInterval: Duration = .seconds(600), subnets: @escaping SubnetManagerMaker,
        tell: @escaping @Sendable (SessionEvent) -> Void, watch: @escaping Watch
    ) throws(SystemError) {
        _ = try Thread("watch-\(part.rawValue)") { [self] in
            var made: (any SubnetManager)?
            var backoff = Backoff(initial: .milliseconds(100), maximum: .seconds(5))
            var isTroubled = false
            while !isEnding.load(ordering: .relaxed) {
                let deadline = MonotonicTime.now + readInterval * Double.random(in: 0.8...1.2)
                do throws(SubnetError) {
                    let manager: any SubnetManager
                    if let made { manager = made } else { manager = try subnets(current.withLock { $0 }) }
                    made = manager
                    try watch(manager) {
                        if isTroubled {
                            isTroubled = false
                            tell(.trouble(part, nil))
                        }
                        backoff.reset()
                        return isEnding.load(ordering: .relaxed) || MonotonicTime.now >= deadline ? .stop : .proceed
                    }
                } catch {
                    if error.isCancelled {
                        made = nil
                        continue
                    }
                    isTroubled = true
                    tell(.trouble(part, error.description))
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

extension StoreWatcher {
    /// Follows all leases.
    package func followLeases(
        _ subnets: @escaping SubnetManagerMaker, readInterval: Duration = .seconds(600),
        tell: @escaping @Sendable (SessionEvent) -> Void
    ) throws(SystemError) {
        let part = part
        try start(readInterval: readInterval, subnets: subnets, tell: tell) { (manager, alive) throws(SubnetError) in
            try manager.watch { news in
                if case .trouble(let trouble) = news {
                    tell(.trouble(part, trouble))
                    return .proceed
                }
                let decision = alive()
                switch news {
                case .events(let events): tell(.leases(events))
                case .unreadable(let names): tell(.unreadable(names))
                case .node(let wishes): tell(.node(wishes))
                case .alive, .trouble: break
                }
                return decision
            }
        }
    }

    /// Follows the network's configuration.
    package func followConfig(
        _ subnets: @escaping SubnetManagerMaker, tell: @escaping @Sendable (SessionEvent) -> Void
    ) throws(SystemError) {
        let part = part
        try start(subnets: subnets, tell: tell) { (manager, alive) throws(SubnetError) in
            try manager.watchConfig { news in
                let decision = alive()
                switch news {
                case .config(let config):
                    tell(.trouble(part, nil))
                    tell(.config(config))
                case .unusable(let error): tell(.trouble(part, error.description))
                case .alive: break
                }
                return decision
            }
        }
    }
}
