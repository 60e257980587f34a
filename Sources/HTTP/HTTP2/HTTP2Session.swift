internal import CNghttp2

/// Owns an nghttp2 session of a server: frames, header compression, flow control.
final class HTTP2Session {
    struct Failure: Error {
        var code: nghttp2_error_code
    }

    private let session: OpaquePointer
    /// What nghttp2 has given and has not found room yet; its memory, good until the next frame is asked for.
    private var rest = UnsafeRawBufferPointer(start: nil, count: 0)

    /// Nil when there is no memory. The wire must outlive the session.
    init?(_ wire: HTTP2Wire, _ limits: HTTPServer.Limits) {
        var session: OpaquePointer?
        let pointer = Unmanaged.passUnretained(wire).toOpaque()
        guard let callbacks = HTTP2Callbacks.shared.callbacks, let option = HTTP2Options(limits) else { return nil }
        guard nghttp2_session_server_new2(&session, callbacks, pointer, option.option) == 0, let session else {
            return nil
        }
        self.session = session
        var settings = [
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS.rawValue),
                value: UInt32(clamping: min(limits.strangerStreams, limits.streams))),
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE.rawValue), value: Self.streamWindow),
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE.rawValue),
                value: UInt32(clamping: limits.headBytes)),
            // The tree of priorities of RFC 7540 costs much and nobody uses it (RFC 9218, section 2.1).
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES.rawValue), value: 1),
        ]
        nghttp2_submit_settings(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), &settings, settings.count)
        nghttp2_session_set_local_window_size(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0, Self.connectionWindow)
    }

    deinit { nghttp2_session_del(session) }

    /// What a client may send without hearing from us.
    private static let streamWindow: UInt32 = 256 << 10
    private static let connectionWindow: Int32 = 1 << 20

    /// From the client's acknowledgement on.
    func allowStreams(_ count: Int) {
        var setting = nghttp2_settings_entry(
            settings_id: Int32(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS.rawValue), value: UInt32(clamping: count))
        nghttp2_submit_settings(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), &setting, 1)
    }

    var wantsInput: Bool { nghttp2_session_want_read(session) != 0 }
    var wantsOutput: Bool { nghttp2_session_want_write(session) != 0 || !rest.isEmpty }
    var outboundFrames: Int { nghttp2_session_get_outbound_queue_size(session) }

    func receive(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        let count = nghttp2_session_mem_recv(
            session, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
        if count >= 0 { return }
        switch count {
        case Int(NGHTTP2_ERR_FLOODED.rawValue), Int(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue):
            throw Failure(code: NGHTTP2_ENHANCE_YOUR_CALM)
        default: throw Failure(code: NGHTTP2_PROTOCOL_ERROR)
        }
    }

    /// Fills the buffer with frames, the last one perhaps in part; 0 when there is nothing to send.
    func produce(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
        var filled = 0
        while filled < buffer.count {
            if rest.isEmpty {
                var frame: UnsafePointer<UInt8>?
                let count = nghttp2_session_mem_send(session, &frame)
                if count < 0 { throw Failure(code: NGHTTP2_INTERNAL_ERROR) }
                if count == 0 { break }
                rest = UnsafeRawBufferPointer(start: frame, count: count)
            }
            let count = min(rest.count, buffer.count - filled)
            UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<count]))
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            filled += count
        }
        return filled
    }

    /// Queues the response's head, and, with a body, has it fetched by `HTTP2Wire.portion`.
    func respond(
        _ stream: HTTP2Stream, status: Int, length: Int?, _ fields: [HTTPHeaders.Field], hasBody: Bool
    ) {
        var block = HTTP2HeaderBlock()
        block.add(":status", String(status))
        for field in fields where !Self.isOfConnection(field.name) { block.add(field.name, field.value) }
        if let length { block.add("content-length", String(length)) }
        let result = block.withFields { fields in
            guard hasBody else {
                return nghttp2_submit_response(session, stream.id, fields.baseAddress, fields.count, nil)
            }
            var provider = nghttp2_data_provider()
            provider.source.ptr = Unmanaged.passUnretained(stream).toOpaque()
            provider.read_callback = HTTP2Callbacks.readCallback
            return nghttp2_submit_response(session, stream.id, fields.baseAddress, fields.count, &provider)
        }
        if result != 0 { reset(stream.id, NGHTTP2_INTERNAL_ERROR) }
    }

    /// Fields that HTTP/2 does not know (RFC 9113, section 8.2.2), and the one that is ours to say.
    private static func isOfConnection(_ name: String) -> Bool {
        ["connection", "keep-alive", "transfer-encoding", "upgrade", "content-length"].contains(name)
    }

    func askForBody(_ id: Int32) {
        var block = HTTP2HeaderBlock()
        block.add(":status", "100")
        block.withFields { fields in
            _ = nghttp2_submit_headers(
                session, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, nil, fields.baseAddress, fields.count, nil)
        }
    }

    func resume(_ id: Int32) { nghttp2_session_resume_data(session, id) }

    func reset(_ id: Int32, _ code: nghttp2_error_code) {
        nghttp2_submit_rst_stream(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, code.rawValue)
    }

    /// GOAWAY that asks to stop; requests on their way are still served.
    func announceShutdown() { nghttp2_submit_shutdown_notice(session) }

    /// GOAWAY that names the last request that is served; the client may send later ones elsewhere.
    func announceLast() {
        nghttp2_submit_goaway(
            session, UInt8(NGHTTP2_FLAG_NONE.rawValue), nghttp2_session_get_last_proc_stream_id(session),
            NGHTTP2_NO_ERROR.rawValue, nil, 0)
    }

    /// GOAWAY, and nothing after it.
    func terminate(_ code: nghttp2_error_code) { nghttp2_session_terminate_session(session, code.rawValue) }
}

/// A header's fields as nghttp2 takes them, in one piece of memory.
private struct HTTP2HeaderBlock {
    private var bytes: [UInt8] = []
    private var lengths: [(name: Int, value: Int)] = []

    init() {
        // What a usual answer has.
        bytes.reserveCapacity(256)
        lengths.reserveCapacity(8)
    }

    mutating func add(_ name: String, _ value: String) {
        var (name, value) = (name, value)
        name.withUTF8 { bytes.append(contentsOf: $0) }
        let start = bytes.count
        value.withUTF8 { bytes.append(contentsOf: $0) }
        for index in start..<bytes.count where !HTTPHeaders.isAllowed(bytes[index]) { bytes[index] = 0x20 }
        lengths.append((name.utf8.count, value.utf8.count))
    }

    /// nghttp2 copies what it is given.
    mutating func withFields<Result>(_ body: (UnsafeMutableBufferPointer<nghttp2_nv>) -> Result) -> Result {
        let lengths = lengths
        return bytes.withUnsafeMutableBufferPointer { bytes in
            var next = bytes.baseAddress
            var fields = lengths.map { length in
                let field = nghttp2_nv(
                    name: next, value: next.map { $0 + length.name }, namelen: length.name, valuelen: length.value,
                    flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue))
                next = next.map { $0 + length.name + length.value }
                return field
            }
            return fields.withUnsafeMutableBufferPointer { body($0) }
        }
    }
}

/// How strict nghttp2 is.
private struct HTTP2Options: ~Copyable {
    let option: OpaquePointer

    init?(_ limits: HTTPServer.Limits) {
        var option: OpaquePointer?
        guard nghttp2_option_new(&option) == 0, let option else { return nil }
        self.option = option
        // Streams that are over need not be remembered for their place in a tree that is not used.
        nghttp2_option_set_no_closed_streams(option, 1)
        // A client may leave all of its requests at once, twice, but not over and over (CVE-2023-44487).
        nghttp2_option_set_stream_reset_rate_limit(option, UInt64(clamping: max(1000, 2 * limits.streams)), 100)
    }

    deinit { nghttp2_option_del(option) }
}
