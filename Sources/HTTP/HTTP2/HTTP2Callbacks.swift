internal import CNghttp2

/// From nghttp2's calls to the wire's.
final class HTTP2Callbacks: @unchecked Sendable {
    /// Made once and only read afterwards.
    static let shared = HTTP2Callbacks()

    let callbacks: OpaquePointer?

    private init() {
        var callbacks: OpaquePointer?
        nghttp2_session_callbacks_new(&callbacks)
        self.callbacks = callbacks
        guard let callbacks else { return }
        nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, onBeginFrame)
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, onBeginHeaders)
        nghttp2_session_callbacks_set_on_header_callback(callbacks, onHeader)
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, onFrameReceived)
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, onDataChunk)
        nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, onFrameSent)
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, onStreamClose)
    }

    static var readCallback: nghttp2_data_source_read_callback { readBody }
}

private func wire(_ pointer: UnsafeMutableRawPointer?) -> HTTP2Wire? {
    pointer.map { Unmanaged<HTTP2Wire>.fromOpaque($0).takeUnretainedValue() }
}

private func has(_ flags: UInt8, _ flag: nghttp2_flag) -> Bool { UInt32(flags) & flag.rawValue != 0 }

private func isRequest(_ frame: nghttp2_frame) -> Bool {
    UInt32(frame.hd.type) == NGHTTP2_HEADERS.rawValue && frame.headers.cat == NGHTTP2_HCAT_REQUEST
}

private func onBeginFrame(
    _ session: OpaquePointer?, _ header: UnsafePointer<nghttp2_frame_hd>?, _ context: UnsafeMutableRawPointer?
) -> CInt {
    guard let header = header?.pointee, let wire = wire(context) else { return 0 }
    let isIdle =
        switch UInt32(header.type) {
        case NGHTTP2_HEADERS.rawValue, NGHTTP2_RST_STREAM.rawValue, NGHTTP2_WINDOW_UPDATE.rawValue,
            NGHTTP2_CONTINUATION.rawValue, NGHTTP2_GOAWAY.rawValue:
            false
        case NGHTTP2_DATA.rawValue: header.length == 0 && !has(header.flags, NGHTTP2_FLAG_END_STREAM)
        // SETTINGS, PING, PRIORITY, and what nobody knows.
        default: true
        }
    return !isIdle || wire.idleFrame() ? 0 : CInt(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)
}

private func onBeginHeaders(
    _ session: OpaquePointer?, _ frame: UnsafePointer<nghttp2_frame>?, _ context: UnsafeMutableRawPointer?
) -> CInt {
    guard let frame, let wire = wire(context) else { return 0 }
    if isRequest(frame.pointee) { wire.streamBegan(frame.pointee.hd.stream_id) }
    return 0
}

private func onHeader(
    _ session: OpaquePointer?, _ frame: UnsafePointer<nghttp2_frame>?, _ name: UnsafePointer<UInt8>?,
    _ nameLength: Int, _ value: UnsafePointer<UInt8>?, _ valueLength: Int, _ flags: UInt8,
    _ context: UnsafeMutableRawPointer?
) -> CInt {
    guard let frame, let wire = wire(context) else { return 0 }
    wire.field(
        frame.pointee.hd.stream_id, UnsafeRawBufferPointer(start: name, count: nameLength),
        UnsafeRawBufferPointer(start: value, count: valueLength))
    return 0
}

private func onDataChunk(
    _ session: OpaquePointer?, _ flags: UInt8, _ id: Int32, _ bytes: UnsafePointer<UInt8>?, _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> CInt {
    wire(context)?.body(id, UnsafeRawBufferPointer(start: bytes, count: count))
    return 0
}

private func onFrameReceived(
    _ session: OpaquePointer?, _ frame: UnsafePointer<nghttp2_frame>?, _ context: UnsafeMutableRawPointer?
) -> CInt {
    guard let frame = frame?.pointee, let wire = wire(context) else { return 0 }
    let isLast = has(frame.hd.flags, NGHTTP2_FLAG_END_STREAM)
    switch UInt32(frame.hd.type) {
    case NGHTTP2_HEADERS.rawValue:
        if isRequest(frame) {
            wire.headEnded(frame.hd.stream_id, isLast: isLast)
        } else if isLast {
            wire.bodyEnded(frame.hd.stream_id)
        }
    case NGHTTP2_DATA.rawValue:
        if isLast { wire.bodyEnded(frame.hd.stream_id) }
    default: break
    }
    return 0
}

private func onFrameSent(
    _ session: OpaquePointer?, _ frame: UnsafePointer<nghttp2_frame>?, _ context: UnsafeMutableRawPointer?
) -> CInt {
    guard let header = frame?.pointee.hd, let wire = wire(context) else { return 0 }
    let type = UInt32(header.type)
    guard type == NGHTTP2_DATA.rawValue || type == NGHTTP2_HEADERS.rawValue,
        has(header.flags, NGHTTP2_FLAG_END_STREAM), let stream = wire.streams[header.stream_id]
    else { return 0 }
    wire.responseEnded(stream)
    return 0
}

private func onStreamClose(
    _ session: OpaquePointer?, _ id: Int32, _ code: UInt32, _ context: UnsafeMutableRawPointer?
) -> CInt {
    wire(context)?.streamClosed(id, isError: code != NGHTTP2_NO_ERROR.rawValue)
    return 0
}

private func readBody(
    _ session: OpaquePointer?, _ id: Int32, _ buffer: UnsafeMutablePointer<UInt8>?, _ length: Int,
    _ flags: UnsafeMutablePointer<UInt32>?, _ source: UnsafeMutablePointer<nghttp2_data_source>?,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    // The stream lives until nghttp2 has closed it (`HTTP2Wire.streams`).
    guard let wire = wire(context), let pointer = source?.pointee.ptr else {
        return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
    }
    let stream = Unmanaged<HTTP2Stream>.fromOpaque(pointer).takeUnretainedValue()
    switch wire.portion(stream, into: UnsafeMutableRawBufferPointer(start: buffer, count: length)) {
    case .bytes(let count, let isLast):
        if isLast { flags?.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue }
        return count
    case .later: return Int(NGHTTP2_ERR_DEFERRED.rawValue)
    case .wrong: return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
    }
}
