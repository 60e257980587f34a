package import Linux

/// One thread that waits for descriptors, timers, signals and messages, and runs a handler for each in turn.
///
/// Everything that the handlers own is confined to the loop's thread and needs no lock. Other threads reach it only
/// through a `Mailbox`. Handlers must not block.
package final class EventLoop {
    private struct Watch {
        var token: UInt64
        var handler: (Readiness) -> Void
    }

    private let epoll: Epoll
    private var watches: [CInt: Watch] = [:]
    private var generation: UInt32 = 0
    private var timers = TimerQueue()
    private var isStopping = false

    package init() throws(SystemError) { epoll = try Epoll() }

    // MARK: Descriptors

    /// Calls the handler each time the descriptor is ready (level-triggered), until `unwatch`. The descriptor stays the
    /// caller's, who calls `unwatch` before closing it.
    package func watch(_ fd: CInt, for interest: Readiness = .readable, _ handler: @escaping (Readiness) -> Void)
        throws(SystemError)
    {
        // An event already fetched for an old descriptor of the same number carries an old generation.
        generation &+= 1
        let token = UInt64(generation) << 32 | UInt64(UInt32(bitPattern: fd))
        try epoll.add(fd, interest, token: token)
        watches[fd] = Watch(token: token, handler: handler)
    }

    /// Changes what a watched descriptor is watched for.
    package func change(_ fd: CInt, to interest: Readiness) throws(SystemError) {
        guard let watch = watches[fd] else { throw SystemError("change the watch of", "descriptor \(fd)", .noEntry) }
        try epoll.modify(fd, interest, token: watch.token)
    }

    package func unwatch(_ fd: CInt) {
        if watches.removeValue(forKey: fd) != nil { try? epoll.remove(fd) }
    }

    // MARK: Timers

    /// Runs the body once after the delay.
    @discardableResult
    package func after(_ delay: Duration, _ body: @escaping () -> Void) -> LoopTimer {
        timers.add(at: .now + delay, every: nil, body)
    }

    /// Runs the body again and again; the first time after one interval. Runs that were missed are not made up for.
    @discardableResult
    package func every(_ interval: Duration, _ body: @escaping () -> Void) -> LoopTimer {
        timers.add(at: .now + interval, every: interval, body)
    }

    /// A timer that has run or was cancelled already is no error.
    package func cancel(_ timer: LoopTimer) { timers.cancel(timer) }

    // MARK: Messages and signals

    /// A way in for other threads: the handler runs on the loop for each message, in the order of posting.
    package func mailbox<Message: Sendable>(_ handler: @escaping (Message) -> Void) throws(SystemError)
        -> Mailbox<Message>
    {
        let mailbox = try Mailbox<Message>()
        try watch(mailbox.fd) { _ in
            for message in mailbox.take() { handler(message) }
        }
        return mailbox
    }

    /// Calls the handler with the number of each signal. Call it before other threads start (`SignalDescriptor`).
    package func onSignals(_ signals: [CInt], _ handler: @escaping (CInt) -> Void) throws(SystemError) {
        let source = SignalSource(try SignalDescriptor(signals))
        try watch(source.signals.descriptor.rawValue) { _ in
            while let signal = source.signals.next() { handler(signal) }
        }
    }

    // MARK: Running

    /// Runs until a handler calls `stop`.
    package func run() throws(SystemError) {
        isStopping = false
        while !isStopping {
            for event in try epoll.wait(timeout: timers.nextDeadline.map { $0 - .now }) {
                let fd = CInt(bitPattern: UInt32(truncatingIfNeeded: event.token))
                // A handler before may have ended this watch.
                guard let watch = watches[fd], watch.token == event.token else { continue }
                watch.handler(event.readiness)
            }
            let now = MonotonicTime.now
            while let body = timers.popDue(now) { body() }
        }
    }

    /// Ends `run` after the handlers of this turn. Only from the loop's own thread; others post to a mailbox.
    package func stop() { isStopping = true }
}

/// Owned by the handler's closure, and so by the loop's watch.
private final class SignalSource {
    let signals: SignalDescriptor
    init(_ signals: consuming SignalDescriptor) { self.signals = signals }
}
