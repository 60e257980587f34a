internal import CCurl
internal import Daemon
internal import Linux

/// curl's sockets and its one timer, watched by an `EventLoop` (curl_multi_socket_action(3)).
final class CurlSockets {
    private let loop: EventLoop
    private var watched: [CInt: Readiness] = [:]
    private var timer: LoopTimer?
    /// What to do when a socket is ready, or (`poplin_CURL_SOCKET_TIMEOUT`) when the time has come.
    var onReady: (CInt, CInt) -> Void = { _, _ in }

    init(_ loop: EventLoop) { self.loop = loop }

    func soon(_ body: @escaping () -> Void) { loop.after(.zero, body) }

    /// Called when curl holds no socket any more.
    func end() {
        for fd in watched.keys { loop.unwatch(fd) }
        watched = [:]
        if let timer { loop.cancel(timer) }
        timer = nil
    }

    fileprivate func watch(_ fd: CInt, _ what: CInt) {
        if what == CURL_POLL_REMOVE {
            if watched.removeValue(forKey: fd) != nil { loop.unwatch(fd) }
            return
        }
        var interest: Readiness = []
        if what & CURL_POLL_IN != 0 { interest.insert(.readable) }
        if what & CURL_POLL_OUT != 0 { interest.insert(.writable) }
        if watched[fd] == interest { return }
        if watched[fd] != nil {
            if (try? loop.change(fd, to: interest)) != nil {
                watched[fd] = interest
                return
            }
            // Closed behind our back, and another one of that number made.
            loop.unwatch(fd)
        }
        watched[fd] = interest
        // A socket that cannot be watched ends by its call's timeout.
        try? loop.watch(fd, for: interest) { [unowned self] readiness in
            var events: CInt = 0
            if readiness.contains(.readable) { events |= CURL_CSELECT_IN }
            if readiness.contains(.writable) { events |= CURL_CSELECT_OUT }
            if readiness.contains(.error) || events == 0 { events |= CURL_CSELECT_ERR }
            onReady(fd, events)
        }
    }

    fileprivate func set(_ milliseconds: Int) {
        if let timer { loop.cancel(timer) }
        timer = nil
        if milliseconds < 0 { return }
        timer = loop.after(.milliseconds(milliseconds)) { [unowned self] in
            timer = nil
            onReady(poplin_CURL_SOCKET_TIMEOUT, 0)
        }
    }
}

func watchSocket(
    _: UnsafeMutableRawPointer?, _ fd: curl_socket_t, _ what: CInt, _ context: UnsafeMutableRawPointer?,
    _: UnsafeMutableRawPointer?
) -> CInt {
    guard let context else { return 0 }
    Unmanaged<CurlSockets>.fromOpaque(context).takeUnretainedValue().watch(fd, what)
    return 0
}

func setTimer(_: UnsafeMutableRawPointer?, _ milliseconds: Int, _ context: UnsafeMutableRawPointer?) -> CInt {
    guard let context else { return 0 }
    Unmanaged<CurlSockets>.fromOpaque(context).takeUnretainedValue().set(milliseconds)
    return 0
}
