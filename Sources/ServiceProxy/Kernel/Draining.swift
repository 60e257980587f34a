internal import Daemon
internal import NFTables

/// Connections to endpoints that are gone go on for as long as their Services say, and are cut then, so that their clients
/// hear of it and connect anew.
final class Draining {
    private let loop: EventLoop
    /// Nil where the kernel does not tell of connections: then they end by themselves.
    private var conntrack: Conntrack?

    init(_ loop: EventLoop) {
        self.loop = loop
        conntrack = try? Conntrack()
    }

    /// `isBack` says whether an endpoint serves again when its time has come: then its connections may be its own.
    func start(_ lost: [LostPlace], isBack: @escaping (FrontPlace) -> Bool) {
        for (seconds, places) in Dictionary(grouping: lost, by: { $0.drainSeconds ?? 0 }) {
            loop.after(.seconds(Int(seconds))) { [weak self] in
                let gone = places.map(\.place).filter { !isBack($0) }
                // One that cannot be cut ends when its client does.
                if !gone.isEmpty { _ = try? self?.conntrack?.delete(matching: gone.map(\.flows)) }
            }
        }
    }
}
