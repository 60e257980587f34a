internal import Daemon
internal import HTTP
internal import KubeAPI

/// A request that somebody behind the server answers: head, body and, after a change of protocol, bytes both ways, at the
/// pace of the slower side. It lives as long as its backend's handler.
final class PassThrough {
    enum Manner {
        /// The answer is the client's, whatever it is.
        case proxy(prefix: String)
        /// Text that grows; what is not 200 becomes a Status.
        case log
        /// Nothing but a change of protocol makes sense.
        case stream
    }

    private static let high = 256 << 10
    private let call: APICall
    private let manner: Manner
    private let loop: EventLoop
    private var backend: HTTPBackend?
    private var hasBegun = false
    /// The body of an answer that becomes a Status.
    private var refusal: (status: Int, text: [UInt8])?
    private var isPacing = false

    private init(_ call: APICall, _ manner: Manner, _ loop: EventLoop) {
        self.call = call
        self.manner = manner
        self.loop = loop
    }

    static func run(
        _ call: APICall, to target: Backend, _ manner: Manner, over connections: Connections, _ loop: EventLoop
    )
        throws(APIStatus)
    {
        let run = PassThrough(call, manner, loop)
        let wantsUpgrade = call.wantsUpgrade
        if case .stream = manner, !wantsUpgrade { throw .badRequest("Upgrade request required") }
        if wantsUpgrade, (call.sink as? HTTPExchange)?.canSwitchProtocols != true {
            throw .badRequest("this connection cannot change its protocol")
        }
        let request = HTTPBackend.Request(
            method: call.method, target: target.target, headers: run.headers(to: target, wantsUpgrade), body: call.body)
        let backend = try connections.open(target, request) { run.take($0) }
        run.backend = backend
        (call.sink as? HTTPExchange)?.isPatient = true
        // Whoever goes first takes the other along; this lets go of the cycle, too.
        call.sink.onClose = {
            backend.close()
            run.backend = nil
        }
    }

    // MARK: Headers

    /// Those of a connection are not passed on (RFC 9110, section 7.6.1).
    private static let ofConnection: Set<String> = [
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade", "content-length", "host",
    ]

    private func headers(to target: Backend, _ wantsUpgrade: Bool) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers.add("host", target.host)
        for field in call.headers.fields {
            // Who asks is settled here; nobody behind is to have the means to ask in their name.
            if Self.ofConnection.contains(field.name) || field.name == "authorization" || field.name.hasPrefix(":")
                || field.name.hasPrefix("impersonate-") || field.name == "expect"
            {
                continue
            }
            headers.add(field.name, field.value)
        }
        if wantsUpgrade {
            headers.add("connection", "Upgrade")
            headers.add("upgrade", call.headers["upgrade"] ?? "")
        } else {
            headers.add("connection", "close")
        }
        if case .proxy(let prefix) = manner {
            headers.set("x-forwarded-uri", prefix + target.path)
            headers.set("x-forwarded-proto", "https")
            if let host = call.headers["host"] ?? call.headers[":authority"] { headers.set("x-forwarded-host", host) }
        }
        return headers
    }

    private func answered(_ headers: HTTPHeaders) -> HTTPHeaders {
        var result = HTTPHeaders()
        for field in headers.fields where !Self.ofConnection.contains(field.name) {
            var value = field.value
            if case .proxy(let prefix) = manner, field.name == "location", value.hasPrefix("/") {
                value = prefix + value
            }
            result.add(field.name, value)
        }
        return result
    }

    // MARK: The answer

    private func take(_ event: HTTPBackend.Event) {
        switch event {
        case .head(let status, let headers, let length): begin(status, headers, length)
        case .bytes(let bytes):
            if refusal != nil {
                if refusal?.text.count ?? 0 < 8192 { refusal?.text += bytes }
                return
            }
            call.sink.send(bytes)
            pace()
        case .end:
            if let refusal { return call.fail(Self.status(refusal.status, refusal.text)) }
            call.sink.end()
        case .failure(let why):
            if let refusal { return call.fail(Self.status(refusal.status, refusal.text)) }
            if hasBegun { return call.sink.abort() }
            switch manner {
            case .proxy: call.fail(.serviceUnavailable("error trying to reach service: \(why)"))
            case .log, .stream: call.fail(.internalError("error dialing backend: \(why)"))
            }
        }
    }

    private func begin(_ status: Int, _ headers: HTTPHeaders, _ length: Int?) {
        if status == 101 { return switchProtocols(headers) }
        if case .log = manner, status != 200 { return refusal = (status, []) }
        hasBegun = true
        var answer = answered(headers)
        if case .log = manner { answer.set("content-type", "text/plain") }
        call.pass(status, headers: answer, length: length)
    }

    private func switchProtocols(_ headers: HTTPHeaders) {
        guard let exchange = call.sink as? HTTPExchange else { return call.sink.abort() }
        hasBegun = true
        var answer = answered(headers)
        answer.add("connection", "Upgrade")
        if let name = headers["upgrade"] { answer.add("upgrade", name) }
        call.tell(101)
        exchange.switchProtocols(headers: answer) { [weak self] bytes in
            guard let self, let backend = self.backend else { return }
            backend.send(bytes)
            self.pace()
        }
    }

    /// The kubelet's words about a log that it cannot give.
    private static func status(_ code: Int, _ text: [UInt8]) -> APIStatus {
        let message = String(decoding: text, as: UTF8.self)
        switch code {
        case 400: return .badRequest(message)
        case 404: return APIStatus(code: 404, reason: "NotFound", message: message)
        default: return .internalError(message)
        }
    }

    // MARK: Pace

    /// Nothing tells when the slow side has caught up: it is looked at again in a while.
    private func pace() {
        guard let backend else { return }
        backend.wantsInput = call.sink.bufferedBytes < Self.high
        let exchange = call.sink as? HTTPExchange
        exchange?.wantsInput = backend.bufferedBytes < Self.high
        if backend.wantsInput, exchange?.wantsInput != false || isPacing { return }
        if isPacing { return }
        isPacing = true
        loop.after(.milliseconds(5)) { [weak self] in
            self?.isPacing = false
            self?.pace()
        }
    }
}

extension APICall {
    /// Whether the client asks for another protocol on its connection.
    var wantsUpgrade: Bool {
        headers["upgrade"] != nil
            && headers.values("connection").contains { $0.lowercased().contains("upgrade") }
    }
}
