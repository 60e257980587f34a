internal import Glibc

/// What did not become true in time.
package struct DeadlineExceeded: Error, CustomStringConvertible {
    package var description: String

    package init(description: String) { self.description = description }
}

/// Waits until the condition holds, and throws after the deadline. For events without a descriptor to wait on; it looks
/// every 5 milliseconds, so that a test takes as long as the event and no longer.
package func eventually(
    _ what: String, within limit: Duration = .seconds(10), _ condition: () throws -> Bool
) throws {
    let deadline = ContinuousClock.now + limit
    while true {
        if try condition() { return }
        if ContinuousClock.now > deadline {
            throw DeadlineExceeded(description: "not within \(limit): \(what)")
        }
        usleep(5000)
    }
}
