import Daemon
import Linux
import TestSupport

extension EventLoop {
    /// Runs until the condition holds, by `body`, which is the loop's own `run` or one that calls it.
    func run(
        until what: String, within limit: Duration = .seconds(10), by body: (() throws -> Void)? = nil,
        _ condition: @escaping () throws -> Bool
    ) throws {
        let deadline = MonotonicTime.now + limit
        var failure: (any Error)?
        let check = every(.milliseconds(1)) { [unowned self] in
            do {
                if try condition() {
                    stop()
                } else if MonotonicTime.now > deadline {
                    throw DeadlineExceeded(description: "not within \(limit): \(what)")
                }
            } catch {
                failure = error
                stop()
            }
        }
        defer { cancel(check) }
        if let body { try body() } else { try run() }
        if let failure { throw failure }
    }
}
