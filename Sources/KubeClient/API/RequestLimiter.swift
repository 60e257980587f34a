internal import Linux

/// A token bucket: so many requests a second, and so many at once after a rest.
struct RequestLimiter: Sendable {
    private let interval: Duration
    private let burst: Int
    /// When the bucket will have been empty, counted from its last request: in the past while there are tokens.
    private var spentUntil = MonotonicTime(nanoseconds: 0)

    init(perSecond: Double, burst: Int) {
        interval = .seconds(1) / max(perSecond, 0.001)
        self.burst = max(1, burst)
    }

    /// Takes a token; gives how long to wait before it may be used.
    mutating func take(now: MonotonicTime) -> Duration {
        let full = now + interval * (1 - burst)
        let start = max(spentUntil, full)
        spentUntil = start + interval
        return max(.zero, start - now)
    }
}
