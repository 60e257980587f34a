internal import Glibc
internal import Linux
internal import Synchronization

/// Work on a thread of its own: what the thread does to itself (another namespace, another root) ends with it.
enum OwnThread {
    /// Runs the body on a new thread and waits for its end.
    static func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) throws -> Result {
        let outcome = Outcome<Result>()
        let thread = try start { outcome.set(Swift.Result { try body() }) }
        thread.join()
        return try outcome.get()
    }

    /// A thread that was started and must be joined.
    struct Handle: Sendable {
        fileprivate let thread: pthread_t

        func join() { pthread_join(thread, nil) }
    }

    static func start(_ body: @escaping @Sendable () -> Void) throws(SystemError) -> Handle {
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(body))
        let code = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            work.release()
            throw SystemError("start", "a thread", Errno(code))
        }
        return Handle(thread: thread)
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private final class Outcome<Value: Sendable>: Sendable {
        private let value = Mutex<Result<Value, any Error>?>(nil)

        func set(_ result: Result<Value, any Error>) { value.withLock { $0 = result } }

        func get() throws -> Value {
            guard let result = value.withLock({ $0 }) else { throw SystemError("run", "a thread", .noSuchProcess) }
            return try result.get()
        }
    }
}
