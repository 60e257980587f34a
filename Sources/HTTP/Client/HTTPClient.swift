internal import CCurl
package import Linux

/// An HTTP/1.1 client that blocks its thread, over libcurl.
///
/// One thread at a time uses it; a `Cancellation` may come from any. Connections are kept for later requests. Proxies
/// in the environment are not used, redirects not followed, and TLS is at least 1.2 with the server's name checked.
package final class HTTPClient {
    private let multi: UnsafeMutableRawPointer
    private let easy: UnsafeMutableRawPointer
    private let tls: TLSFiles
    private let connectTimeout: Duration
    private let cancellation: Cancellation

    package init(
        tls: TLSFiles = TLSFiles(), connectTimeout: Duration = .seconds(5), cancellation: Cancellation = Cancellation()
    ) throws(SystemError) {
        guard curlIsReady, let multi = curl_multi_init() else {
            throw SystemError("initialise", "libcurl", .noBuffers)
        }
        guard let easy = curl_easy_init() else {
            curl_multi_cleanup(multi)
            throw SystemError("initialise", "libcurl", .noBuffers)
        }
        self.multi = multi
        self.easy = easy
        self.tls = tls
        self.connectTimeout = connectTimeout
        self.cancellation = cancellation
        cancellation.add(multi)
    }

    deinit {
        cancellation.remove(multi)
        curl_easy_cleanup(easy)
        curl_multi_cleanup(multi)
    }

    /// Sends the request and waits for the whole answer, at most so long and of at most `limit` bytes.
    package func send(_ request: HTTPClientRequest, timeout: Duration, limit: Int = 16 << 20) throws(HTTPClientError)
        -> HTTPClientResponse
    {
        let transfer = Transfer(limit: limit)
        let deadline = MonotonicTime.now + timeout
        let status = try run(request, transfer) { () throws(HTTPClientError) in
            let remaining = deadline - .now
            if remaining <= .zero { throw self.error(.timedOut, request, "no answer within \(timeout)") }
            return remaining
        }
        return HTTPClientResponse(status: status, body: transfer.received)
    }

    /// Sends the request and hands over its answer piece by piece, with the status, until it ends or `onBytes` says no
    /// more. Whenever nothing has come for `silence`, `onSilence` says whether to wait on; a no ends with `timedOut`.
    package func stream(
        _ request: HTTPClientRequest, silence: Duration, onSilence: () -> Bool,
        onBytes: (_ status: Int, _ bytes: [UInt8]) -> Bool
    ) throws(HTTPClientError) {
        let transfer = Transfer(limit: .max)
        var quietUntil = MonotonicTime.now + silence
        let status = try run(request, transfer) { () throws(HTTPClientError) in
            if !transfer.received.isEmpty {
                guard onBytes(self.status, transfer.take()) else { return nil }
                quietUntil = .now + silence
            } else if MonotonicTime.now >= quietUntil {
                guard onSilence() else { throw self.error(.timedOut, request, "nothing came for \(silence)") }
                quietUntil = .now + silence
            }
            return max(.zero, quietUntil - .now)
        }
        if !transfer.received.isEmpty { _ = onBytes(status, transfer.take()) }
    }

    /// Drives one transfer to its end. After each step `next` says how long to wait for more; nil abandons the rest.
    /// Gives the answer's status.
    private func run(
        _ request: HTTPClientRequest, _ transfer: Transfer, next: () throws(HTTPClientError) -> Duration?
    ) throws(HTTPClientError) -> Int {
        let headers = HeaderList(request.headers + ["Expect:"])
        let message = ErrorMessage()
        curl_easy_reset(easy)
        configure(request, transfer, headers, message)
        curl_multi_add_handle(multi, easy)
        defer {
            curl_multi_remove_handle(multi, easy)
            // The handle must not keep what dies with this call.
            curl_easy_reset(easy)
            withExtendedLifetime((headers, message, transfer)) {}
        }
        while true {
            var running: CInt = 0
            curl_multi_perform(multi, &running)
            if let code = finished() {
                if code == CURLE_OK { return status }
                throw failure(code, request, transfer, message)
            }
            if cancellation.isCancelled { throw error(.cancelled, request, "cancelled") }
            guard let wait = try next() else { return status }
            curl_multi_poll(multi, nil, 0, CInt(clamping: wait.roundedUpMilliseconds), nil)
        }
    }

    private func configure(
        _ request: HTTPClientRequest, _ transfer: Transfer, _ headers: HeaderList, _ message: ErrorMessage
    ) {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_URL, request.url)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_PROXY, "")
        set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(max(1, connectTimeout.roundedUpMilliseconds)))
        set(CURLOPT_UPLOAD_BUFFERSIZE, 16 << 10)
        // A peer that vanished without a word is noticed by the kernel too.
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_TCP_KEEPIDLE, 15)
        set(CURLOPT_TCP_KEEPINTVL, 5)
        set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        if let authority = tls.authority {
            set(CURLOPT_CAINFO, authority)
            // Else the system's directory of authorities would be believed as well.
            poplin_curl_setopt_string(easy, CURLOPT_CAPATH, nil)
        }
        if let certificate = tls.certificate { set(CURLOPT_SSLCERT, certificate) }
        if let key = tls.key { set(CURLOPT_SSLKEY, key) }

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
        poplin_curl_setopt_pointer(easy, CURLOPT_HTTPHEADER, headers.list)
        poplin_curl_setopt_pointer(easy, CURLOPT_ERRORBUFFER, message.buffer)
        poplin_curl_setopt_pointer(easy, CURLOPT_WRITEDATA, Unmanaged.passUnretained(transfer).toOpaque())
        poplin_curl_setopt_write(easy, receive)
    }

    private func set(_ option: CURLoption, _ value: Int) { poplin_curl_setopt_long(easy, option, value) }
    private func set(_ option: CURLoption, _ value: String) { poplin_curl_setopt_string(easy, option, value) }

    private func info(_ item: CURLINFO) -> Int {
        var value = 0
        poplin_curl_getinfo_long(easy, item, &value)
        return value
    }

    private var status: Int { info(CURLINFO_RESPONSE_CODE) }

    private func finished() -> CURLcode? {
        var left: CInt = 0
        while let message = curl_multi_info_read(multi, &left) {
            if message.pointee.msg == CURLMSG_DONE { return message.pointee.data.result }
        }
        return nil
    }

    private func error(_ kind: HTTPClientError.Kind, _ request: HTTPClientRequest, _ reason: String) -> HTTPClientError
    {
        HTTPClientError(
            kind: kind, method: request.method, url: request.url, reason: reason,
            wasSent: info(CURLINFO_REQUEST_SIZE) > 0)
    }

    private func failure(
        _ code: CURLcode, _ request: HTTPClientRequest, _ transfer: Transfer, _ message: ErrorMessage
    ) -> HTTPClientError {
        if transfer.isOverLimit {
            return error(.tooLarge, request, "the answer is larger than \(transfer.limit) bytes")
        }
        return error(HTTPClientError.Kind(code), request, message.text ?? String(cString: curl_easy_strerror(code)))
    }
}

extension HTTPClientError.Kind {
    /// What curl's code means to a caller.
    init(_ code: CURLcode) {
        self =
            switch code {
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED:
                .unreachable
            // A connection that was not made in time.
            case CURLE_OPERATION_TIMEDOUT: .unreachable
            case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR: .untrusted
            case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE, CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
                .invalid
            default: .broken
            }
    }
}

/// libcurl's own start, once and not before the first client: it brings OpenSSL's memory with it.
let curlIsReady: Bool = {
    // Clients run with CURLOPT_NOSIGNAL, for which curl leaves SIGPIPE to the program.
    SignalDescriptor.ignoreBrokenPipes()
    return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}()
