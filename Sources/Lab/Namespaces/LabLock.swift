internal import Glibc
internal import Linux

/// A lock among the programs of this machine that leaves nothing behind, and waits. A lab's lock has its name; others begin
/// with a slash.
struct LabLock: ~Copyable {
    private let lock: NamespaceLock

    /// Waits for the lock; `errno` is `.timedOut` after the deadline.
    private init(_ name: String, within limit: Duration = .seconds(60)) throws(SystemError) {
        let deadline = ContinuousClock.now + limit
        while true {
            do {
                lock = try NamespaceLock("poplin-lab/\(name)")
                return
            } catch {
                guard error.errno == .addressInUse else { throw error }
                if ContinuousClock.now > deadline { throw SystemError("lock", name, .timedOut) }
                usleep(10_000)
            }
        }
    }

    /// Runs the body while holding the lock.
    static func hold<Result: ~Copyable>(_ name: String, _ body: () throws -> Result) throws -> Result {
        let lock = try LabLock(name)
        let result = try body()
        // Here, not before: a value that is not used again may die early.
        lock.release()
        return result
    }

    private consuming func release() {}
}
