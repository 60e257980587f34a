internal import Linux
internal import Synchronization

/// Threads that end together.
final class ThreadGroup: Sendable {
    private let threads = Mutex<[Entry]>([])

    /// Arrays hold no noncopyable values.
    private final class Entry: Sendable {
        private let thread: Mutex<Thread?>

        init(_ thread: consuming Thread) { self.thread = Mutex(thread) }

        func join() {
            let thread = thread.withLock { $0.take() }
            if let thread { thread.join() }
        }
    }

    func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        let entry = Entry(try Thread(name, body))
        threads.withLock { $0.append(entry) }
    }

    /// Waits for the end of all of them.
    func join() {
        let all = threads.withLock { threads in
            let all = threads
            threads = []
            return all
        }
        for entry in all { entry.join() }
    }
}
