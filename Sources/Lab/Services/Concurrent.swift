internal import Linux
internal import Synchronization

/// Work that waits more than it computes, on several threads.
enum Concurrent {
    /// Calls the body with 0, 1, … up to the count, on so many threads, and returns when all is done.
    static func perform(_ count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Void) throws {
        let numbers = Numbers(count)
        try join(min(count, threads)) { while let number = numbers.next() { body(number) } }
    }

    private static func join(_ threads: Int, _ body: @escaping @Sendable () -> Void) throws {
        if threads <= 0 { return }
        let thread = try Thread("prober", body)
        do {
            try join(threads - 1, body)
            thread.join()
        } catch {
            thread.join()
            throw error
        }
    }

    private final class Numbers: Sendable {
        private let given = Atomic<Int>(0)
        private let count: Int

        init(_ count: Int) { self.count = count }

        func next() -> Int? {
            let number = given.add(1, ordering: .relaxed).oldValue
            return number < count ? number : nil
        }
    }
}
