internal import Linux
internal import Synchronization

/// Runs the body on so many threads at once and waits for all of them.
func withThreads(_ count: Int, _ body: @escaping @Sendable () -> Void) throws {
    guard count > 0 else { return }
    let thread = try Thread("bench", body)
    let rest = Result { try withThreads(count - 1, body) }
    thread.join()
    try rest.get()
}

/// What a thread has when it ends.
final class Outcome<Value: Sendable>: Sendable {
    private let state = Mutex<Value?>(nil)
    func set(_ value: Value) { state.withLock { $0 = value } }
    var value: Value? { state.withLock { $0 } }
}
