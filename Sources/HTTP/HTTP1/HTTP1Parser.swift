internal import Glibc

/// Requests out of a connection's bytes: a state machine without a connection (RFC 9112).
///
/// Strict where leniency lets two parties disagree about where a request ends: bare LF, whitespace before a colon, folded
/// lines, several lengths, a length beside a transfer coding, codings but chunked. A refusal ends the connection.
package struct HTTP1Parser {
    package enum Event: Hashable, Sendable {
        /// More bytes are needed.
        case incomplete
        /// A head whose body is still to come; `expectsContinue` when the client waits to be asked for it.
        case head(HTTPRequest, expectsContinue: Bool)
        /// A whole request, and whether the connection goes on after the answer.
        case request(HTTPRequest, isPersistent: Bool)
        /// Answer with this status and close; nothing after it can be trusted.
        case refused(status: Int, reason: String)
    }

    private enum State {
        case head
        case body(remaining: Int)
        case chunks(HTTP1ChunkDecoder)
        case refused(HTTPRefusal)
    }

    private let headLimit: Int
    private let bodyLimit: Int
    private var buffer: [UInt8] = []
    /// The first byte that is not used up.
    private var start = 0
    /// Up to here the buffer has no end of a head in it.
    private var scanned = 0
    private var state = State.head
    private var pending: HTTP1Head?
    private var body: [UInt8] = []

    /// - Parameters:
    ///   - headLimit: bytes of the request line and the header with its empty line.
    ///   - bodyLimit: bytes of a request's body.
    package init(headLimit: Int = 64 << 10, bodyLimit: Int = 3 << 20) {
        self.headLimit = headLimit
        self.bodyLimit = bodyLimit
    }

    /// Whether there is no part of a request.
    package var isEmpty: Bool { start == buffer.count && pending == nil }

    /// The head of the request that is being received is whole.
    var isInBody: Bool { pending != nil }

    /// Bytes received and not handed on.
    package var heldBytes: Int { buffer.count - start + body.count }

    package mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        if case .refused = state { return }
        if start > 0 {
            buffer.removeFirst(start)
            scanned -= start
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// Lets go of what has been received, and of what will be.
    mutating func stop(_ refusal: HTTPRefusal = HTTPRefusal("the connection is closing")) {
        state = .refused(refusal)
        (buffer, start, scanned, body, pending) = ([], 0, 0, [], nil)
    }

    /// What has been received behind the last request and is no request.
    mutating func takeRest() -> [UInt8] {
        let rest = Array(buffer[start...])
        (buffer, start, scanned) = ([], 0, 0)
        return rest
    }

    /// The next event that the bytes received make.
    package mutating func next() -> Event {
        do throws(HTTPRefusal) {
            defer { release() }
            switch state {
            case .head: return try head()
            case .body(let remaining):
                let count = min(remaining, buffer.count - start)
                HTTPRequest.reserve(&body, body.count + remaining, toAppend: count)
                body.append(contentsOf: buffer[start..<(start + count)])
                start += count
                if count < remaining {
                    state = .body(remaining: remaining - count)
                    return .incomplete
                }
            case .chunks(var decoder):
                let ended = try buffer.withRawBytes { bytes throws(HTTPRefusal) in
                    try decoder.decode(bytes, from: &start, into: &body)
                }
                state = .chunks(decoder)
                if !ended { return .incomplete }
            case .refused(let refusal): throw refusal
            }
            return whole()
        } catch {
            stop(error)
            return .refused(status: error.status, reason: error.reason)
        }
    }

    private mutating func head() throws(HTTPRefusal) -> Event {
        guard let end = try endOfHead() else {
            if buffer.count - start > headLimit { throw .headTooLarge(headLimit) }
            return .incomplete
        }
        let head = try buffer.withRawBytes { bytes throws(HTTPRefusal) in
            try HTTP1Head(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        }
        start = end
        pending = head
        switch head.framing {
        case .length(0): return whole()
        case .length(let length):
            if length > bodyLimit {
                // Who may not send anything is to be told that, whatever the length.
                state = .refused(.bodyTooLarge(bodyLimit))
                return .head(head.request, expectsContinue: false)
            }
            state = .body(remaining: length)
        case .chunked: state = .chunks(HTTP1ChunkDecoder(limit: bodyLimit))
        }
        return .head(head.request, expectsContinue: head.expectsContinue && start == buffer.count)
    }

    /// One past the empty line, and a refusal of any line without CR on the way.
    private mutating func endOfHead() throws(HTTPRefusal) -> Int? {
        let start = start
        let from = max(scanned, start)
        let headLimit = headLimit
        let end = try buffer.withRawBytes { bytes throws(HTTPRefusal) -> Int? in
            guard let base = bytes.baseAddress else { return nil }
            var index = from
            while let found = memchr(base + index, 0x0A, bytes.count - index) {
                index = UnsafeRawPointer(found) - base
                // Whether a flood has an end somewhere must not depend on how much of it came at once.
                if index - start >= headLimit { throw .headTooLarge(headLimit) }
                guard index > start, bytes[index - 1] == 0x0D else { throw HTTPRefusal("a line ends without CR") }
                index += 1
                if index - start == 2 { throw HTTPRefusal("there is no request line") }
                if index - start >= 4, bytes[index - 3] == 0x0A { return index }
            }
            return nil
        }
        scanned = buffer.count
        return end
    }

    private mutating func whole() -> Event {
        guard var head = pending else { return .incomplete }
        head.request.body = body
        (pending, body, state, scanned) = (nil, [], .head, start)
        return .request(head.request, isPersistent: head.isPersistent)
    }

    /// A connection that waits holds no buffer.
    private mutating func release() {
        if start == buffer.count, start > 0 { (buffer, start, scanned) = ([], 0, 0) }
    }
}

extension [UInt8] {
    /// `withUnsafeBytes`, with the type of the error kept.
    fileprivate func withRawBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBufferPointer { buffer throws(Failure) in try body(UnsafeRawBufferPointer(buffer)) }
    }
}
