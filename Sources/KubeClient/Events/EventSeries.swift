internal import Linux

/// Which events are told to the server: the first of its kind at once, repetitions as a count that grows now and then. A
/// value: events in, what to write out.
struct EventSeries {
    enum Action: Hashable {
        case create(ClusterEvent, name: String)
        /// Count and last time of an event that was created before.
        case update(ClusterEvent, name: String, count: Int)
    }

    private struct Series {
        var name: String
        var count = 1
        var toldCount = 1
        var lastTold: MonotonicTime
        var lastSeen: MonotonicTime
    }

    private var series: [ClusterEvent: Series] = [:]
    private var created = 0
    private var limiter: RequestLimiter

    /// After so long without it, the next is a new event.
    static let end = Duration.seconds(360)
    /// A series is told of at most this often.
    static let interval = Duration.seconds(60)
    /// Kinds of events that are remembered at once; more of them come from something that goes wild.
    private static let limit = 1000

    /// New kinds of events: 25 at once, then one every 10 seconds.
    init() { limiter = RequestLimiter(perSecond: 0.1, burst: 25) }

    /// `stamp` makes names of this run unlike those of any other.
    mutating func record(_ event: ClusterEvent, stamp: String, now: MonotonicTime = .now) -> Action? {
        let key = event.identity
        if var known = series[key], now - known.lastSeen < Self.end {
            known.count += 1
            known.lastSeen = now
            // The second makes it a series at once; the rest can wait.
            let isDue = known.count == 2 || now - known.lastTold >= Self.interval
            if isDue { (known.toldCount, known.lastTold) = (known.count, now) }
            series[key] = known
            return isDue ? .update(event, name: known.name, count: known.count) : nil
        }
        if series.count >= Self.limit { series = series.filter { now - $0.value.lastSeen < Self.end } }
        guard series.count < Self.limit, mayCreate(now) else { return nil }
        created += 1
        let name = "\(event.regarding.name).\(stamp)\(String(created, radix: 16))"
        series[key] = Series(name: name, lastTold: now, lastSeen: now)
        return .create(event, name: name)
    }

    private mutating func mayCreate(_ now: MonotonicTime) -> Bool {
        var tried = limiter
        guard tried.take(now: now) == .zero else { return false }
        limiter = tried
        return true
    }

    /// The counts that were held back and are due now; series that have ended are forgotten.
    mutating func due(now: MonotonicTime = .now) -> [Action] {
        var actions: [Action] = []
        for (key, known) in series {
            if known.count > known.toldCount, now - known.lastTold >= Self.interval {
                series[key]?.toldCount = known.count
                series[key]?.lastTold = now
                actions.append(.update(key, name: known.name, count: known.count))
            } else if known.count == known.toldCount, now - known.lastSeen >= Self.end {
                series[key] = nil
            }
        }
        return actions
    }

    /// The server no longer has the event: the next is a new one.
    mutating func forget(_ event: ClusterEvent) { series[event.identity] = nil }
}
