internal import Linux

/// One request and its response on an HTTP/2 connection.
final class HTTP2Stream: HTTPExchange.Sink {
    let id: Int32
    private unowned let wire: HTTP2Wire
    /// The request while it is being received.
    var request = HTTPRequest(method: "", path: "", version: .http2)
    var headBytes = 0
    /// Of those, what is still held.
    var heldHeadBytes = 0
    /// What follows are trailer fields.
    var hasHead = false
    var charge: FairBudget.Charge
    /// The body's length as the head tells it, 0 when it does not.
    var announced = 0
    /// By when the request must be whole; never once it is.
    var deadline: MonotonicTime
    /// Its request is whole, or refused.
    var exchange: HTTPExchange?
    /// Its head is there, its body is not.
    var pending: HTTPExchange?
    /// Nothing more of the request is wanted: it is whole, or has been refused.
    var ignoresInput = false
    /// The client has sent all of the request.
    var hasInputEnded = false
    /// The response's head is with nghttp2.
    var hasSubmitted = false
    /// nghttp2 has asked for more than there was, and is to be told when there is.
    var isDeferred = false
    /// The response has been given up, and the client is to be told.
    var isAborted = false
    /// nghttp2 has done with it.
    var isClosed = false
    /// All of the response is out.
    var hasSentEnd = false
    var isListed = false
    /// What is left of the length that the response's head has promised.
    var remaining: Int?
    var sentBytes = 0
    var stall: (deadline: MonotonicTime, sentBytes: Int)?

    init(_ id: Int32, _ wire: HTTP2Wire, deadline: MonotonicTime) {
        self.id = id
        self.wire = wire
        self.deadline = deadline
        charge = .init(client: wire.client)
    }

    func outputChanged(_ exchange: HTTPExchange) { wire.wake(self, isAborted: exchange.isAborted) }
}
