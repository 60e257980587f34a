internal import CLinux
internal import Glibc

/// A thread of the kernel. `join` waits for its end; a thread that is let go without it runs on by itself.
package struct Thread: ~Copyable, Sendable {
    private let handle: pthread_t

    /// Starts the thread. The name is what `ps -L` and `top -H` show, cut to 15 bytes; the stack, in bytes, costs memory
    /// only as far as it is used.
    package init(_ name: String, stackSize: Int = 512 << 10, _ body: @escaping @Sendable () -> Void) throws(SystemError)
    {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackSize)

        let start = Unmanaged.passRetained(Start(name: name, body: body))
        var handle = pthread_t()
        let code = pthread_create(&handle, &attributes, runThread, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw SystemError("start the thread", name, Errno(code))
        }
        self.handle = handle
    }

    deinit { pthread_detach(handle) }

    package consuming func join() {
        pthread_join(handle, nil)
        discard self
    }

    /// Runs the body on a thread of its own and waits for it: what the thread does to itself (another namespace, another
    /// root) ends with it.
    package static func run<Result: Sendable>(_ name: String, _ body: @escaping @Sendable () throws -> Result) throws
        -> Result
    {
        try ThreadResult(name, body).wait()
    }
}

/// What a thread of its own finds out while its maker does other things.
package struct ThreadResult<Value: Sendable>: ~Copyable {
    private let thread: Thread
    private let outcome = Outcome<Value>()

    package init(_ name: String, _ body: @escaping @Sendable () throws -> Value) throws(SystemError) {
        thread = try Thread(name) { [outcome] in outcome.result = Result { try body() } }
    }

    package consuming func wait() throws -> Value {
        let outcome = outcome
        thread.join()
        guard let result = outcome.result else { throw SystemError("run", "a thread", .noSuchProcess) }
        return try result.get()
    }
}

/// Written by the thread, read after its end.
private final class Outcome<Value: Sendable>: @unchecked Sendable {
    var result: Result<Value, any Error>?
}

private final class Start {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}

private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
    poplin_name_thread(String(decoding: start.name.utf8.prefix(15), as: UTF8.self))
    start.body()
    return nil
}
