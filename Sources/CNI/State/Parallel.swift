internal import Linux

/// Two pieces of work at the same time. Each deletion in the kernel waits for an RCU grace period (16 ms where HZ is
/// 250); two waits beside each other cost one.
package enum Parallel {
    /// Runs `beside` in a thread of its own and `first` in this one. Both are run to their end, also when the other
    /// fails; then the first error is thrown.
    package static func run(_ first: () throws -> Void, beside: @escaping @Sendable () throws -> Void) throws {
        let work = Work(beside)
        let thread = try Thread("cni-removal") { work.run() }
        var failure: (any Error)?
        do { try first() } catch let error { failure = error }
        thread.join()
        if let failure = failure ?? work.failure { throw failure }
    }

    /// Only the thread touches it until it is joined.
    private final class Work: @unchecked Sendable {
        private let body: @Sendable () throws -> Void
        private(set) var failure: (any Error)?

        init(_ body: @escaping @Sendable () throws -> Void) { self.body = body }

        func run() { do { try body() } catch { failure = error } }
    }
}
