internal import CCurl
internal import Linux

/// A call of an `HTTPSession`, to cancel it by. It lives on without being held.
package final class HTTPCall {
    private let request: HTTPClientRequest
    private let limit: Int
    private let onBytes: (HTTPAnswerHead, [UInt8]) -> Void
    private let onEnd: (Result<HTTPAnswerHead, HTTPClientError>) -> Void
    private(set) var easy: UnsafeMutableRawPointer?
    private var headers: HeaderList?
    private var connectTo: HeaderList?
    private let message = ErrorMessage()

    private var head = HTTPAnswerHead(status: 0)
    /// All headers of the answer have come, and nobody has been told.
    private var isHeadNew = false
    private var received: [UInt8] = []
    private var total = 0
    private var isOverLimit = false
    private var isOver = false
    var onCancel: () -> Void = {}

    init(
        _ request: HTTPClientRequest, limit: Int, onBytes: @escaping (HTTPAnswerHead, [UInt8]) -> Void,
        onEnd: @escaping (Result<HTTPAnswerHead, HTTPClientError>) -> Void
    ) {
        self.request = request
        self.limit = limit
        self.onBytes = onBytes
        self.onEnd = onEnd
    }

    /// Ends the call; its handlers are not called again. One that has ended already is no error. Over HTTP/2 the server may
    /// hear of it only with the next call on the connection.
    package func cancel() {
        if isOver { return }
        isOver = true
        received = []
        onCancel()
    }

    // MARK: For the session

    /// A finished call is gone from curl before its handler hears of it.
    func end(_ result: Result<HTTPAnswerHead, HTTPClientError>) {
        if isOver { return }
        isOver = true
        onEnd(result)
    }

    func release() {
        if let easy { curl_easy_cleanup(easy) }
        easy = nil
    }

    var hasNews: Bool { isHeadNew || !received.isEmpty }

    func deliver() {
        if isOver || !hasNews { return }
        isHeadNew = false
        let bytes = received
        received = []
        onBytes(head, bytes)
    }

    func result(_ code: CURLcode) -> Result<HTTPAnswerHead, HTTPClientError> {
        deliver()
        if code == CURLE_OK { return .success(head) }
        if isOverLimit { return .failure(error(.tooLarge, "the answer is larger than \(limit) bytes")) }
        let wasSent = info(CURLINFO_REQUEST_SIZE) > 0
        let kind: HTTPClientError.Kind =
            code == CURLE_OPERATION_TIMEDOUT && wasSent ? .timedOut : HTTPClientError.Kind(code)
        return .failure(error(kind, message.text ?? String(cString: curl_easy_strerror(code))))
    }

    func error(_ kind: HTTPClientError.Kind, _ reason: String) -> HTTPClientError {
        HTTPClientError(
            kind: kind, method: request.method, url: request.url, reason: reason,
            wasSent: easy != nil && info(CURLINFO_REQUEST_SIZE) > 0)
    }

    private func info(_ item: CURLINFO) -> Int {
        var value = 0
        poplin_curl_getinfo_long(easy, item, &value)
        return value
    }

    // MARK: For curl's callbacks, which only collect

    fileprivate func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        total += bytes.count
        if total > limit {
            isOverLimit = true
            return false
        }
        received.append(contentsOf: bytes)
        return true
    }

    fileprivate func take(_ line: UnsafeRawBufferPointer) {
        if line.count > 2 { return head.take(line) }
        // 1xx is followed by the answer proper.
        isHeadNew = head.status >= 200
    }

    // MARK: Set-up

    /// Makes curl's handle of the call; nil when there can be none.
    func configure(_ route: HTTPRoute, connectTimeout: Duration, timeout: Duration?) -> UnsafeMutableRawPointer? {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        var lines = request.headers + ["Expect:"]
        var url = request.url
        if let serverName = route.serverName, let named = NamedServer(url, as: serverName) {
            // curl takes the name to check from the URL, and the address to connect to from here.
            url = named.url
            lines.append("Host: \(named.host)")
            connectTo = HeaderList([named.connectTo])
            poplin_curl_setopt_pointer(easy, CURLOPT_CONNECT_TO, connectTo?.list)
        }
        headers = HeaderList(lines)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_URL, url)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_PROXY, route.proxy ?? "")
        set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
        // Better to wait for the first connection's end of handshake than to make another one. Without TLS there is none, and
        // curl (7.88) waits until all of the first answer is there, which of a watch it never is.
        set(CURLOPT_PIPEWAIT, url.hasPrefix("https:") ? 1 : 0)
        set(CURLOPT_BUFFERSIZE, 64 << 10)
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(max(1, connectTimeout.roundedUpMilliseconds)))
        if let timeout { set(CURLOPT_TIMEOUT_MS, Int(max(1, timeout.roundedUpMilliseconds))) }
        // A peer that vanished without a word is noticed by the kernel.
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_TCP_KEEPIDLE, 15)
        set(CURLOPT_TCP_KEEPINTVL, 5)
        set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        if !route.verifiesServer {
            set(CURLOPT_SSL_VERIFYPEER, 0)
            set(CURLOPT_SSL_VERIFYHOST, 0)
        }
        if let authority = route.authority {
            set(authority, CURLOPT_CAINFO, CURLOPT_CAINFO_BLOB)
            // Else the system's directory of authorities would be believed as well.
            poplin_curl_setopt_string(easy, CURLOPT_CAPATH, nil)
        }
        if let certificate = route.certificate { set(certificate, CURLOPT_SSLCERT, CURLOPT_SSLCERT_BLOB) }
        if let key = route.key { set(key, CURLOPT_SSLKEY, CURLOPT_SSLKEY_BLOB) }
        if let body = request.body {
            set(CURLOPT_POST, 1)
            set(CURLOPT_POSTFIELDSIZE, body.count)
            _ = body.withUnsafeBytes {
                poplin_curl_setopt_pointer(
                    easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: $0.baseAddress))
            }
        }
        if request.method == "HEAD" { set(CURLOPT_NOBODY, 1) }
        set(CURLOPT_CUSTOMREQUEST, request.method)
        poplin_curl_setopt_pointer(easy, CURLOPT_HTTPHEADER, headers?.list)
        poplin_curl_setopt_pointer(easy, CURLOPT_ERRORBUFFER, message.buffer)
        let context = Unmanaged.passUnretained(self).toOpaque()
        poplin_curl_setopt_pointer(easy, CURLOPT_WRITEDATA, context)
        poplin_curl_setopt_pointer(easy, CURLOPT_HEADERDATA, context)
        poplin_curl_setopt_write(easy, receiveBody)
        poplin_curl_setopt_header(easy, receiveHeader)
        return easy
    }

    private func set(_ option: CURLoption, _ value: Int) { poplin_curl_setopt_long(easy, option, value) }
    private func set(_ option: CURLoption, _ value: String) { poplin_curl_setopt_string(easy, option, value) }

    private func set(_ pem: HTTPRoute.PEM, _ file: CURLoption, _ blob: CURLoption) {
        switch pem {
        case .file(let path): set(file, path)
        case .text(let bytes):
            _ = bytes.withUnsafeBytes { poplin_curl_setopt_blob(easy, blob, $0.baseAddress, $0.count) }
        }
    }
}

private func receiveBody(
    _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let data, let context else { return 0 }
    let call = Unmanaged<HTTPCall>.fromOpaque(context).takeUnretainedValue()
    // Anything but the given length ends the transfer.
    return call.append(UnsafeRawBufferPointer(start: data, count: size * count)) ? size * count : 0
}

private func receiveHeader(
    _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let data, let context else { return 0 }
    Unmanaged<HTTPCall>.fromOpaque(context).takeUnretainedValue()
        .take(UnsafeRawBufferPointer(start: data, count: size * count))
    return size * count
}
