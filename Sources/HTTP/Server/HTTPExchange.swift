/// One request and its response. The server makes it when the request is there, whole, and gives it to the handler, who
/// answers at once or later, all on the loop's thread.
///
/// Either `respond`, or `begin`, any number of `send`, and `end`. What is said after the exchange is over is ignored: a
/// client may go at any time.
package final class HTTPExchange {
    /// Where the bytes of the response go.
    protocol Sink: AnyObject {
        /// The response has begun, has more bytes, has ended or was cut. Comes from the handler: nothing may be called
        /// back from within.
        func outputChanged(_ exchange: HTTPExchange)
    }

    struct ResponseHead {
        var status: Int
        var headers: HTTPHeaders
        /// The bytes of the body, if that is known before it ends.
        var length: Int?
    }

    /// Once it has been responded to, without header and body.
    package internal(set) var request: HTTPRequest
    package let peer: HTTPPeer
    /// Called once, when the exchange is over: the response is out of the server's hands, or the client has gone, or
    /// one of the server's limits has cut it. `isCut` tells which. When it is over already, it is called at once.
    package var onClose: (() -> Void)? {
        didSet { if isOver { tell() } }
    }

    /// After `switchProtocols`: what the client sends.
    private var onInput: (([UInt8]) -> Void)?
    /// Whether more of it is wanted now.
    package var wantsInput = true {
        didSet { if wantsInput != oldValue { sink?.outputChanged(self) } }
    }
    /// The client may take its time with what is sent: no limit cuts it. For whoever looks at `bufferedBytes`.
    package var isPatient = false
    /// On whose account bytes are held: an address, until the server's owner knows better.
    package var client: String
    /// For the server's owner.
    package var context: AnyObject?
    /// It is known who asks: the connection may be used for more.
    package var isTrusted = false
    /// No further requests are taken on the connection. Said before the answer begins.
    package var closesConnection = false

    private(set) var head: ResponseHead?
    private(set) var isTunnel = false
    var queue = OutputQueue()
    private(set) var hasEnded = false
    private(set) var isAborted = false
    package private(set) var isOver = false
    /// The client did not get the whole response. Only once `isOver`.
    package private(set) var isCut = false
    private var sink: (any Sink)?

    init(_ request: HTTPRequest, _ peer: HTTPPeer, _ sink: any Sink) {
        self.request = request
        self.peer = peer
        self.sink = sink
        client = peer.client
    }

    package var method: String { request.method }
    package var path: String { request.path }
    package var query: String? { request.query }
    package var headers: HTTPHeaders { request.headers }
    package var body: [UInt8] { request.body }

    /// Bytes given to `send` or `respond` that the client has not made room for. A watch whose client falls behind by
    /// more than its owner wants to keep is to be ended or aborted by its owner.
    package var bufferedBytes: Int { queue.count }

    // MARK: Answering

    /// The whole response. Length, date and the framing of the body are the server's to say; a HEAD request's body is
    /// counted and not sent.
    package func respond(_ status: Int, headers: HTTPHeaders = [:], body: SharedBytes = []) {
        respond(status, headers: headers, pieces: [body])
    }

    /// The same, of pieces that are parts of something that is held anyhow, so that they are shared and not copied.
    package func respond(_ status: Int, headers: HTTPHeaders = [:], pieces: [SharedBytes]) {
        if head != nil || isAborted || isOver { return }
        head = ResponseHead(status: status, headers: headers, length: pieces.reduce(0) { $0 + $1.count })
        if sendsBody { queue.append(contentsOf: pieces) }
        letGo()
        hasEnded = true
        sink?.outputChanged(self)
    }

    /// Begins a response that comes in pieces. With a length it must have exactly that many bytes; without one it ends
    /// with `end`, and the server ends it too when it shuts down.
    package func begin(_ status: Int, headers: HTTPHeaders = [:], length: Int? = nil) {
        if head != nil || isAborted || isOver { return }
        head = ResponseHead(status: status, headers: headers, length: length)
        sink?.outputChanged(self)
    }

    /// Adds to a response that has begun. Never blocks; look at `bufferedBytes`.
    package func send(_ bytes: SharedBytes) {
        if head == nil || hasEnded || isAborted || isOver { return }
        append(bytes)
        sink?.outputChanged(self)
    }

    package func send(pieces: [SharedBytes]) {
        if head == nil || hasEnded || isAborted || isOver { return }
        if sendsBody { queue.append(contentsOf: pieces) }
        sink?.outputChanged(self)
    }

    /// Whether the connection can be given up to another protocol: HTTP/2 has none of that.
    package var canSwitchProtocols: Bool { request.version == .http11 }

    /// Answers 101: from here on the connection carries bytes as they are, from `send` to the client and from the client
    /// to `onInput`, until `end` or until the client closes.
    package func switchProtocols(headers: HTTPHeaders, onInput: @escaping ([UInt8]) -> Void) {
        if head != nil || isAborted || isOver || !canSwitchProtocols { return }
        isTunnel = true
        isPatient = true
        self.onInput = onInput
        head = ResponseHead(status: 101, headers: headers, length: nil)
        sink?.outputChanged(self)
    }

    package func end() {
        if head == nil || hasEnded || isAborted || isOver { return }
        hasEnded = true
        sink?.outputChanged(self)
    }

    /// Gives the response up such that the client notices: the stream is reset, or the connection closed.
    package func abort() {
        if isAborted || isOver { return }
        isAborted = true
        queue.removeAll()
        sink?.outputChanged(self)
    }

    private func append(_ bytes: SharedBytes) { if sendsBody { queue.append(bytes) } }

    /// A client may take long to take its answer, which is no reason to keep the question.
    private func letGo() {
        request.body = []
        request.headers = [:]
    }

    // MARK: For the server

    /// Whether the response has a body on the wire (RFC 9110, section 6.4.1).
    var sendsBody: Bool {
        if isTunnel { return true }
        guard let status = head?.status else { return false }
        return request.method != "HEAD" && status >= 200 && status != 204 && status != 304
    }

    /// A response without a known end that is still going on, as a watch is.
    var isOpenEnded: Bool { head != nil && head?.length == nil && !hasEnded }

    func receive(_ bytes: [UInt8]) { if !bytes.isEmpty { onInput?(bytes) } }

    /// The exchange is over; tells its owner.
    func finish(cut: Bool) {
        if isOver { return }
        isOver = true
        isCut = cut
        queue.removeAll()
        sink = nil
        onInput = nil
        tell()
    }

    private func tell() {
        guard let handler = onClose else { return }
        onClose = nil
        handler()
    }
}
