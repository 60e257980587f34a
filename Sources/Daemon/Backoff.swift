/// Delays between attempts: doubling up to a maximum, each one drawn from the upper half of its range, so that many
/// clients that failed together do not come back together.
package struct Backoff: Sendable {
    package let initial: Duration
    package let maximum: Duration
    private var ceiling: Duration

    package init(initial: Duration = .milliseconds(100), maximum: Duration = .seconds(30)) {
        self.initial = initial
        self.maximum = maximum
        ceiling = initial
    }

    /// The delay before the next attempt: ceiling/2...ceiling.
    package mutating func next() -> Duration {
        var generator = SystemRandomNumberGenerator()
        return next(using: &generator)
    }

    package mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let delay = ceiling * Double.random(in: 0.5...1, using: &generator)
        ceiling = min(ceiling * 2, maximum)
        return delay
    }

    /// After a success the next failure waits for the initial delay again.
    package mutating func reset() { ceiling = initial }
}
