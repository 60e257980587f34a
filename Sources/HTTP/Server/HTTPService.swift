internal import Linux

/// What the connections of a server have in common, whatever they speak.
final class HTTPService {
    let limits: HTTPServer.Limits
    /// Of bytes of bodies.
    var budget: FairBudget
    /// Of bytes of heads.
    var heads: FairBudget
    let handler: (HTTPExchange) -> Void
    var screen: ((HTTPExchange) -> Void)?
    var refusal: ((HTTPExchange, Int, String) -> Void)?
    var isDraining = false
    private var date = HTTPDate()

    init(_ limits: HTTPServer.Limits, _ handler: @escaping (HTTPExchange) -> Void) {
        self.limits = limits
        self.handler = handler
        budget = FairBudget(limit: limits.allBodyBytes)
        heads = FairBudget(limit: limits.allHeadBytes)
    }

    /// Answers in the handler's place.
    func refuse(_ exchange: HTTPExchange, _ refusal: HTTPRefusal) {
        self.refusal?(exchange, refusal.status, refusal.reason)
        if exchange.head != nil { return }
        var headers: HTTPHeaders = ["content-type": "text/plain; charset=utf-8"]
        if refusal.status == 429 { headers.add("retry-after", "1") }
        exchange.respond(refusal.status, headers: headers, body: Array("\(refusal.reason)\n".utf8))
    }

    /// The response's own fields, with what every response has.
    func fields(_ head: HTTPExchange.ResponseHead) -> [HTTPHeaders.Field] {
        var fields = head.headers.fields
        if head.headers["date"] == nil { fields.append(.init(name: "date", value: date.text())) }
        return fields
    }
}

/// One version of HTTP on one connection: bytes in, exchanges out, bytes out when asked. It knows no socket.
protocol HTTPWire: AnyObject {
    /// Called when there is something to produce; nothing may be called back from within.
    var onOutput: (() -> Void)? { get set }
    /// Whether more bytes are wanted now.
    var wantsInput: Bool { get }
    /// Nothing will be said or heard after what `produce` still gives.
    var isDone: Bool { get }
    /// The client must notice that it has not got everything: the connection is to be reset.
    var isBroken: Bool { get }
    /// What has been received is more than the request in work: `advance` when that is over.
    var hasNext: Bool { get }
    /// A handler has yet to answer a request, or to end an answer; not: a client has yet to take one.
    var isBusy: Bool { get }
    /// A client that takes nothing of what is sent is not cut.
    var isPatient: Bool { get }
    /// When to call `expire`.
    var deadline: MonotonicTime { get }

    func receive(_ bytes: UnsafeRawBufferPointer)
    /// The client will send nothing more.
    func inputEnded()
    /// Goes on with what has been received, and calls the handler.
    func advance()
    /// Fills the buffer with what is to be sent; 0 when there is nothing. Exchanges may end in it.
    func produce(into buffer: UnsafeMutableRawBufferPointer) -> Int
    func expire(_ now: MonotonicTime)
    /// No new requests, and the end of what would go on for ever.
    func drain()
    /// The connection is no more: all exchanges are over.
    func close()
}

extension HTTPWire {
    var isPatient: Bool { false }
}
