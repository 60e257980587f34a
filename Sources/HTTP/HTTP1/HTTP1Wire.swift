internal import Linux

/// HTTP/1.1 and HTTP/1.0 on one connection: one exchange at a time, so that what a client can make us hold is bounded by
/// one request and one response.
final class HTTP1Wire: HTTPWire, HTTPExchange.Sink {
    private enum Body {
        case none
        case chunked
        /// So many bytes are still to come.
        case length(Int)
        /// Up to the connection's end, for HTTP/1.0.
        case rest
    }

    private let service: HTTPService
    private let peer: HTTPPeer
    private var parser: HTTP1Parser
    /// Its request is whole, or refused.
    private var current: HTTPExchange?
    /// Its head is there, its body is not.
    private var announced: HTTPExchange?
    /// Heads, and whole responses that no exchange is behind.
    private var staged = OutputQueue()
    private var body: Body?
    private var isPersistent = true
    private var hasInputEnded = false
    private var bodyCharge: FairBudget.Charge
    private var headCharge: FairBudget.Charge
    /// What a head may have without being counted.
    private static let usualHead = 4096
    private var isAdvancing = false

    var onOutput: (() -> Void)?
    private(set) var isDone = false
    private(set) var isBroken = false
    private(set) var deadline: MonotonicTime

    init(_ service: HTTPService, _ peer: HTTPPeer) {
        self.service = service
        self.peer = peer
        parser = HTTP1Parser(headLimit: service.limits.headBytes, bodyLimit: service.limits.bodyBytes)
        let client = peer.address.map { "\($0)" } ?? ""
        bodyCharge = .init(client: client)
        headCharge = .init(client: client)
        deadline = .now + service.limits.headTime
    }

    var isBusy: Bool { current.map { !$0.hasEnded } ?? false }
    var hasNext: Bool { current == nil && parser.heldBytes > 0 && !parser.isInBody }

    /// While a request is being answered the next ones wait here up to a head's size, so that a client that goes away is
    /// noticed; the rest waits in the socket.
    var wantsInput: Bool {
        if isDone || hasInputEnded { return false }
        guard let current else { return true }
        return isTunnel ? current.wantsInput : parser.heldBytes < 8192
    }

    var isPatient: Bool { current?.isPatient ?? false }

    /// The head of the answer that says so has been written.
    private var isTunnel: Bool { body != nil && current?.isTunnel == true }

    // MARK: In

    func receive(_ bytes: UnsafeRawBufferPointer) {
        if isDone { return }
        if isTunnel {
            current?.receive(Array(bytes))
            return
        }
        if current == nil, parser.isEmpty { deadline = .now + service.limits.headTime }
        parser.receive(bytes)
    }

    func inputEnded() {
        hasInputEnded = true
        guard let current else {
            isDone = true
            return
        }
        // A client may have closed only its half and wait for the answer, but not for one without an end.
        if current.isOpenEnded { cut() }
    }

    func advance() {
        if isAdvancing { return }
        if let current, current.isAborted { return cut() }
        isAdvancing = true
        defer { isAdvancing = false }
        while current == nil, !isDone {
            let event = parser.next()
            switch event {
            case .head(let request, let expectsContinue):
                guard announce(request) else { return }
                if expectsContinue {
                    staged.append(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
                    onOutput?()
                }
            case .request(let request, let isPersistent): deliver(request, isPersistent)
            case .refused(let status, let reason): return refuse(HTTPRefusal(reason, status: status))
            case .incomplete:
                if !charge(parser.heldBytes) { refuse(.tooMuchAtOnce) }
                return
            }
        }
    }

    /// Shows the head to the screen; false when that has answered, and the body is not wanted.
    private func announce(_ request: HTTPRequest) -> Bool {
        deadline = .now + service.limits.bodyTime
        let exchange = HTTPExchange(request, peer, self)
        announced = exchange
        service.screen?(exchange)
        if exchange.head != nil {
            answerLast(exchange)
            return false
        }
        bodyCharge = .init(client: exchange.client)
        return true
    }

    private func deliver(_ request: HTTPRequest, _ isPersistent: Bool) {
        // A body that came with its head in one piece has not been charged yet.
        guard charge(parser.heldBytes + request.body.count, isWhole: true) else { return refuse(.tooMuchAtOnce) }
        self.isPersistent = isPersistent
        deadline = MonotonicTime(nanoseconds: .max)
        let exchange = announced ?? HTTPExchange(request, peer, self)
        announced = nil
        exchange.request.body = request.body
        current = exchange
        service.handler(exchange)
    }

    private func charge(_ bytes: Int, isWhole: Bool = false) -> Bool {
        let isBody = isWhole || parser.isInBody
        return service.heads.charge(&headCharge, to: isBody ? 0 : max(0, bytes - Self.usualHead))
            && service.budget.charge(&bodyCharge, to: isBody ? bytes : 0)
    }

    private func releaseCharges() {
        service.heads.release(&headCharge)
        service.budget.release(&bodyCharge)
    }

    private func refuse(_ refusal: HTTPRefusal) {
        let exchange = announced ?? HTTPExchange(HTTPRequest(method: "", path: ""), peer, self)
        service.refuse(exchange, refusal)
        answerLast(exchange)
    }

    /// The exchange has been answered and is the connection's last: what follows is not looked at.
    private func answerLast(_ exchange: HTTPExchange) {
        announced = nil
        isPersistent = false
        parser.stop()
        releaseCharges()
        deadline = MonotonicTime(nanoseconds: .max)
        current = exchange
        onOutput?()
    }

    // MARK: Out

    func outputChanged(_ exchange: HTTPExchange) {
        if exchange === current { onOutput?() }
    }

    func produce(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        if let current, current.isAborted { cut() }
        var filled = staged.take(into: buffer)
        while let current, let head = current.head {
            guard let body else {
                stage(current, head)
                filled += staged.take(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
                continue
            }
            // Of a head that does not fit wholly the rest goes first.
            if !staged.isEmpty { return filled }
            let space = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count = fill(space, current, body)
            filled += count
            if isDone || !current.queue.isEmpty { return filled }
            guard current.hasEnded, finishBody(into: buffer, &filled) else { return filled }
            finish(current)
        }
        return filled
    }

    private func stage(_ exchange: HTTPExchange, _ head: HTTPExchange.ResponseHead) {
        if exchange.isTunnel { return stageTunnel(exchange, head) }
        if service.isDraining || exchange.closesConnection { isPersistent = false }
        if exchange.body.isEmpty { service.budget.release(&bodyCharge) }
        let body: Body =
            if !exchange.sendsBody { .none } else if let length = head.length { .length(length) } else {
                exchange.request.version == .http10 ? .rest : .chunked
            }
        self.body = body
        staged.append(encoded(head, body))
        if hasInputEnded, exchange.isOpenEnded { cut() }
    }

    private func stageTunnel(_ exchange: HTTPExchange, _ head: HTTPExchange.ResponseHead) {
        isPersistent = false
        body = .rest
        var text = HTTP1ResponseHead(status: head.status)
        for field in head.headers.fields { text.add(field.name, field.value) }
        staged.append(text.finished())
        exchange.receive(parser.takeRest())
        if hasInputEnded { cut() }
    }

    /// Moves as much of the body as fits, in its framing.
    private func fill(_ space: UnsafeMutableRawBufferPointer, _ exchange: HTTPExchange, _ body: Body) -> Int {
        switch body {
        case .none: return 0
        case .rest: return exchange.queue.take(into: space)
        case .length(let remaining):
            // More than was promised would be read as the next response.
            if exchange.queue.count > remaining || (exchange.hasEnded && exchange.queue.count < remaining) {
                cut()
                return 0
            }
            let count = exchange.queue.take(into: space)
            self.body = .length(remaining - count)
            return count
        case .chunked: return HTTP1Chunk.fill(space, from: &exchange.queue)
        }
    }

    /// Writes what ends the body; false when there is no room for it.
    private func finishBody(into buffer: UnsafeMutableRawBufferPointer, _ filled: inout Int) -> Bool {
        guard case .chunked = body else { return true }
        let end = "0\r\n\r\n".utf8
        guard buffer.count - filled >= end.count else { return false }
        UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyBytes(from: end)
        filled += end.count
        return true
    }

    private func finish(_ exchange: HTTPExchange) {
        current = nil
        body = nil
        releaseCharges()
        if !isPersistent || hasInputEnded || service.isDraining { isDone = true }
        deadline = .now + (parser.isEmpty ? service.limits.idleTime : service.limits.headTime)
        exchange.finish(cut: false)
    }

    private func encoded(_ head: HTTPExchange.ResponseHead, _ body: Body) -> [UInt8] {
        var text = HTTP1ResponseHead(status: head.status)
        for field in service.fields(head) { text.add(field.name, field.value) }
        switch body {
        case .chunked: text.add("transfer-encoding", "chunked")
        case .length(let length): text.add("content-length", String(length))
        case .rest: isPersistent = false
        case .none:
            // What a GET would have got; of a response that never has a body there is nothing to say.
            if let length = head.length, head.status >= 200, head.status != 204, head.status != 304 {
                text.add("content-length", String(length))
            }
        }
        if !isPersistent { text.add("connection", "close") }
        return text.finished()
    }

    // MARK: The end

    func expire(_ now: MonotonicTime) {
        deadline = now + service.limits.headTime
        if isDone || parser.isEmpty {
            isDone = true
        } else {
            refuse(HTTPRefusal("the request took too long", status: 408))
        }
    }

    func drain() {
        if let current {
            if current.isOpenEnded { current.end() }
        } else if parser.isEmpty {
            isDone = true
            onOutput?()
        }
    }

    func close() {
        isDone = true
        parser.stop()
        releaseCharges()
        staged.removeAll()
        let exchange = current ?? announced
        (current, announced) = (nil, nil)
        exchange?.finish(cut: true)
    }

    /// The response cannot be finished.
    private func cut() {
        isBroken = true
        close()
        onOutput?()
    }
}
