package import Daemon
package import HTTP
package import Linux

/// Requests to one API server, on an `EventLoop`.
///
/// It keeps to its rate, waits as long as a busy server asks for (429, or 503 with Retry-After), and renews credentials
/// that have run out. Everything else is the caller's to try again. Handlers are called from the loop.
package final class APIClient {
    package struct Options: Sendable {
        /// Requests a second, and at once after a rest.
        package var requestsPerSecond = 50.0
        package var burst = 100
        /// How often a request is sent again because the server was too busy for it.
        package var busyRetries = 10
        package var userAgent = "poplin"

        package init() {}
    }

    let loop: EventLoop
    let access: ClusterAccess
    private let http: HTTPSession
    private let credentials: CredentialKeeper
    private let options: Options
    private var limiter: RequestLimiter

    package init(_ access: ClusterAccess, _ loop: EventLoop, options: Options = Options()) throws(SystemError) {
        self.access = access
        self.loop = loop
        self.options = options
        http = try HTTPSession(loop)
        credentials = CredentialKeeper(access.credentials, loop, cluster: access)
        limiter = RequestLimiter(perSecond: options.requestsPerSecond, burst: options.burst)
    }

    /// Sends the request; the handler gets the whole answer, whose status is one of success, or why there is none.
    @discardableResult
    package func send(_ request: APIRequest, _ done: @escaping (Result<HTTPAnswer, APIFailure>) -> Void) -> APICall {
        let call = APICall(request, isStream: false)
        call.onEnd = done
        start(call)
        return call
    }

    /// Sends the request and hands over its answer as it comes, until it ends, is cancelled, or its timeout is over.
    /// `onOpen` is called when a successful answer begins.
    @discardableResult
    package func stream(
        _ request: APIRequest, onOpen: @escaping () -> Void, onBytes: @escaping ([UInt8]) -> Void,
        onEnd: @escaping (Result<Void, APIFailure>) -> Void
    ) -> APICall {
        let call = APICall(request, isStream: true)
        call.onOpen = onOpen
        call.onBytes = onBytes
        call.onEnd = { onEnd($0.map { _ in }) }
        start(call)
        return call
    }

    // MARK: Steps of a call

    private func start(_ call: APICall) {
        call.wait(limiter.take(now: .now), loop) { [self] in
            credentials.credential { [self] result in
                if call.isOver { return }
                switch result {
                case .success(let credential): send(call, with: credential)
                case .failure(let error):
                    let failure = APIFailure(
                        .credentials, operation: call.operation, message: "no credentials: \(error.reason)")
                    // Never from within `send`.
                    loop.after(.zero) { call.end(.failure(failure)) }
                }
            }
        }
    }

    private func send(_ call: APICall, with credential: Credential) {
        let request = call.request
        var headers = ["Accept: \(request.accept)", "User-Agent: \(options.userAgent)"]
        headers += access.impersonation + credential.headers
        if let body = request.body { headers.append("Content-Type: \(body.type)") }
        let message = HTTPClientRequest(
            request.method, access.server + request.target, headers: headers, body: request.body?.bytes)
        var route = access.route
        if let certificate = credential.certificate { (route.certificate, route.key) = (certificate, credential.key) }
        if call.isStream {
            var refusal: [UInt8] = []
            var isOpen = false
            call.http = http.stream(message, by: route, timeout: request.timeout) { head, bytes in
                guard (200..<300).contains(head.status) else {
                    if refusal.count < 1 << 20 { refusal += bytes }
                    return
                }
                if !isOpen {
                    isOpen = true
                    call.onOpen()
                }
                if !call.isOver && !bytes.isEmpty { call.onBytes(bytes) }
            } onEnd: { [self] result in
                if case .success(let head) = result, !isOpen, (200..<300).contains(head.status) { call.onOpen() }
                finish(call, credential, result.map { HTTPAnswer(head: $0, body: refusal) })
            }
        } else {
            call.http = http.send(message, by: route, timeout: request.timeout, limit: request.limit) {
                [self] in finish(call, credential, $0)
            }
        }
    }

    private func finish(_ call: APICall, _ credential: Credential, _ result: Result<HTTPAnswer, HTTPClientError>) {
        if call.isOver { return }
        let isReadOnly = call.request.method == "GET"
        switch result {
        case .failure(let error):
            call.end(.failure(APIFailure(operation: call.operation, error, isReadOnly: isReadOnly)))
        case .success(let answer) where (200..<300).contains(answer.status): call.end(.success(answer))
        case .success(let answer):
            let failure = APIFailure(
                operation: call.operation, head: answer.head, body: answer.body, mayHaveBeenDone: !isReadOnly)
            if failure.isUnauthorized, !call.hasRenewed, credentials.renew(after: credential) {
                call.hasRenewed = true
                return start(call)
            }
            // A watch's keeper has a backoff of its own.
            if let pause = failure.retryAfter, failure.code == 429 || failure.code == 503, !call.isStream,
                call.busyAnswers < options.busyRetries
            {
                call.busyAnswers += 1
                return call.wait(pause * Double.random(in: 1...1.25), loop) { [self] in start(call) }
            }
            call.end(.failure(failure))
        }
    }
}

/// A request under way, to cancel it by. It lives on without being held.
package final class APICall {
    let request: APIRequest
    let isStream: Bool
    var http: HTTPCall?
    var hasRenewed = false
    var busyAnswers = 0
    private(set) var isOver = false
    private var timer: (EventLoop, LoopTimer)?
    var onOpen: () -> Void = {}
    var onBytes: ([UInt8]) -> Void = { _ in }
    var onEnd: (Result<HTTPAnswer, APIFailure>) -> Void = { _ in }

    init(_ request: APIRequest, isStream: Bool) {
        self.request = request
        self.isStream = isStream
    }

    var operation: String { "\(request.method) \(request.target)" }

    /// Ends the call; its handlers are not called again.
    package func cancel() {
        if isOver { return }
        isOver = true
        forget()
    }

    func end(_ result: Result<HTTPAnswer, APIFailure>) {
        if isOver { return }
        isOver = true
        let handler = onEnd
        forget()
        handler(result)
    }

    /// What the handlers hold is let go, so that no circle remains.
    private func forget() {
        http?.cancel()
        http = nil
        if let (loop, timer) = timer { loop.cancel(timer) }
        timer = nil
        (onOpen, onBytes, onEnd) = ({}, { _ in }, { _ in })
    }

    fileprivate func wait(_ delay: Duration, _ loop: EventLoop, _ body: @escaping () -> Void) {
        if delay <= .zero { return body() }
        timer = (
            loop,
            loop.after(delay) { [self] in
                timer = nil
                if !isOver { body() }
            }
        )
    }
}
