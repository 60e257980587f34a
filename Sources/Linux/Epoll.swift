internal import CLinux
internal import Glibc

/// What a descriptor is ready for, or is to be watched for (epoll(7), level-triggered).
package struct Readiness: OptionSet, Sendable, Hashable {
    package var rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let readable = Readiness(rawValue: poplin_EPOLLIN)
    package static let writable = Readiness(rawValue: poplin_EPOLLOUT)
    /// An error is pending on the descriptor; reported always.
    package static let error = Readiness(rawValue: poplin_EPOLLERR)
}

/// An epoll set. Tokens are the caller's; the set gives them back with each event.
package struct Epoll: ~Copyable {
    package struct Event: Sendable {
        package var token: UInt64
        package var readiness: Readiness
    }

    private let descriptor: FileDescriptor
    private static let capacity = 64

    package init() throws(SystemError) {
        descriptor = FileDescriptor(owning: try check("make", "an epoll set") { poplin_epoll_create() })
    }

    package func add(_ fd: CInt, _ interest: Readiness, token: UInt64) throws(SystemError) {
        try check("watch", "descriptor \(fd)") {
            poplin_epoll_add(descriptor.rawValue, fd, interest.rawValue, token)
        }
    }

    package func modify(_ fd: CInt, _ interest: Readiness, token: UInt64) throws(SystemError) {
        try check("change the watch of", "descriptor \(fd)") {
            poplin_epoll_modify(descriptor.rawValue, fd, interest.rawValue, token)
        }
    }

    package func remove(_ fd: CInt) throws(SystemError) {
        try check("stop watching", "descriptor \(fd)") { poplin_epoll_remove(descriptor.rawValue, fd) }
    }

    /// Waits for events, at most 64 in one call. A timeout of nil waits for ever; a signal ends the wait with none.
    package func wait(timeout: Duration?) throws(SystemError) -> [Event] {
        let milliseconds: CInt = timeout.map { CInt(clamping: $0.roundedUpMilliseconds) } ?? -1
        var readiness = [UInt32](repeating: 0, count: Self.capacity)
        var tokens = [UInt64](repeating: 0, count: Self.capacity)
        let count = poplin_epoll_wait(
            descriptor.rawValue, &readiness, &tokens, CInt(Self.capacity), milliseconds)
        if count < 0 {
            let cause = Errno.last
            if cause == .interrupted { return [] }
            throw SystemError("wait for", "events", cause)
        }
        return (0..<Int(count)).map { Event(token: tokens[$0], readiness: Readiness(rawValue: readiness[$0])) }
    }
}
