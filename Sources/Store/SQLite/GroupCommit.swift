internal import Linux

/// Decides how long a turn waits for more writes to share its sync.
///
/// Clients that write and wait for the answer otherwise fall into two groups, of which one waits for the other's sync:
/// twice the syncs for the same writes. So a turn expects as many commits as were under way when the last one ended,
/// for a part of the time that the sync takes; a lone writer never waits.
struct GroupCommit {
    /// The next turn's commits, if all come again that were answered or waiting.
    private(set) var expected = 1
    private(set) var patience = Duration.zero

    private static let longestPatience = Duration.milliseconds(2)

    /// Notes a turn that has made so many commits in that time, while others came to wait.
    mutating func note(_ commits: Int, waiting: Int, took: Duration) {
        expected = commits + waiting
        patience = min(Self.longestPatience, took / 4)
    }
}
