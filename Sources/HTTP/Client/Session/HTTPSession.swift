internal import CCurl
package import Daemon
package import Linux

/// An HTTP client on an `EventLoop`, over libcurl: many calls at once, none of which blocks.
///
/// Over TLS it speaks HTTP/2 where the server does, with all calls of one route on one connection. Connections are kept
/// for later calls; redirects are not followed, TLS is at least 1.2, the environment's proxies are not used. All of it
/// belongs to the loop's thread. Handlers are called from the loop, never from within `send` or `stream`, and may start
/// and cancel calls.
package final class HTTPSession {
    private let multi: UnsafeMutableRawPointer
    private let sockets: CurlSockets
    private var calls: [UnsafeMutableRawPointer: HTTPCall] = [:]
    private let connectTimeout: Duration

    package init(_ loop: EventLoop, connectTimeout: Duration = .seconds(5)) throws(SystemError) {
        guard curlIsReady, let multi = curl_multi_init() else {
            throw SystemError("initialise", "libcurl", .noBuffers)
        }
        self.multi = multi
        self.connectTimeout = connectTimeout
        sockets = CurlSockets(loop)
        poplin_curl_multi_watch(multi, watchSocket, setTimer, Unmanaged.passUnretained(sockets).toOpaque())
        poplin_curl_multi_setopt_long(multi, CURLMOPT_PIPELINING, poplin_CURLPIPE_MULTIPLEX)
        // As many as there are watches in a large process; a server that wants fewer says so.
        poplin_curl_multi_setopt_long(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, 1000)
        sockets.onReady = { [unowned self] fd, events in act(fd, events) }
    }

    deinit {
        for (easy, call) in calls {
            curl_multi_remove_handle(multi, easy)
            call.onCancel = {}
            call.release()
        }
        curl_multi_cleanup(multi)
        sockets.end()
    }

    /// Sends the request and hands over its whole answer, of at most `limit` bytes.
    @discardableResult
    package func send(
        _ request: HTTPClientRequest, by route: HTTPRoute = HTTPRoute(), timeout: Duration, limit: Int = 16 << 20,
        _ done: @escaping (Result<HTTPAnswer, HTTPClientError>) -> Void
    ) -> HTTPCall {
        var body: [UInt8] = []
        return start(
            HTTPCall(request, limit: limit) { _, bytes in
                if body.isEmpty { body = bytes } else { body += bytes }
            } onEnd: { result in
                done(result.map { HTTPAnswer(head: $0, body: body) })
            }, route, timeout)
    }

    /// Sends the request and hands over its answer piece by piece, until it ends, is cancelled, or `timeout` is over. The
    /// first piece may be empty: it comes with the head.
    @discardableResult
    package func stream(
        _ request: HTTPClientRequest, by route: HTTPRoute = HTTPRoute(), timeout: Duration? = nil,
        onBytes: @escaping (HTTPAnswerHead, [UInt8]) -> Void,
        onEnd: @escaping (Result<HTTPAnswerHead, HTTPClientError>) -> Void
    ) -> HTTPCall {
        start(HTTPCall(request, limit: .max, onBytes: onBytes, onEnd: onEnd), route, timeout)
    }

    private func start(_ call: HTTPCall, _ route: HTTPRoute, _ timeout: Duration?) -> HTTPCall {
        guard let easy = call.configure(route, connectTimeout: connectTimeout, timeout: timeout) else {
            sockets.soon { call.end(.failure(call.error(.invalid, "libcurl refuses the request"))) }
            return call
        }
        calls[easy] = call
        call.onCancel = { [unowned self] in remove(easy) }
        curl_multi_add_handle(multi, easy)
        return call
    }

    private func remove(_ easy: UnsafeMutableRawPointer) {
        guard let call = calls.removeValue(forKey: easy) else { return }
        curl_multi_remove_handle(multi, easy)
        call.release()
    }

    /// Lets curl read and write, and then, with curl out of the way, tells the calls what came of it.
    private func act(_ fd: CInt, _ events: CInt) {
        var running: CInt = 0
        curl_multi_socket_action(multi, fd, events, &running)
        var ended: [(HTTPCall, CURLcode)] = []
        var left: CInt = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle, let call = calls[easy]
            else { continue }
            ended.append((call, message.pointee.data.result))
        }
        for call in calls.values where call.hasNews { call.deliver() }
        for (call, code) in ended {
            // A handler before may have cancelled it.
            guard let easy = call.easy, calls[easy] === call else { continue }
            let result = call.result(code)
            remove(easy)
            call.end(result)
        }
    }
}
