package import Linux

/// When to act upon a change: at once after a rest, and under load no more often than every tenth of the time, so that
/// changes that come together are one transaction.
package struct FlushPacing: Sendable {
    private static let longest = Duration.milliseconds(20)

    private var next: MonotonicTime?

    package init() {}

    package func delay(_ now: MonotonicTime) -> Duration {
        guard let next else { return .zero }
        return max(.zero, next - now)
    }

    /// Where a change costs more than its own size, the pause may be longer than usual.
    package mutating func flushed(_ now: MonotonicTime, took duration: Duration, atMost limit: Duration? = nil) {
        next = now + min(limit ?? Self.longest, duration * 10)
    }
}
