internal import CNghttp2
internal import Linux

/// HTTP/2 on one connection, by libnghttp2 (RFC 9113): requests in, responses out, no socket.
///
/// nghttp2 is only called from `receive`, `produce`, `expire` and `drain`; handlers are only called from `advance` and at
/// the end of `produce`. So neither ever runs inside the other.
final class HTTP2Wire: HTTPWire {
    let service: HTTPService
    let peer: HTTPPeer
    private var session: HTTP2Session?
    private(set) var streams: [Int32: HTTP2Stream] = [:]
    /// Requests that are whole and not yet with the handler.
    private var ready: [HTTP2Stream] = []
    /// Streams whose responses have something new.
    private var woken: [HTTP2Stream] = []
    /// Those among them whose responses are given up.
    private var abandoned: [HTTP2Stream] = []
    /// Exchanges whose ends the owners have not been told yet.
    private var over: [(HTTPExchange, isCut: Bool)] = []
    /// Frames that bring nothing forward: some are normal, a flood is an attack.
    private var patience = TokenBucket(capacity: 1000, perSecond: 33)
    private var isTerminated = false
    /// The client's bytes make no sense any more.
    private var hasFailed = false
    private var lastNoticed = false
    /// No more than the requests that are here are taken.
    private var isLast = false
    /// The handler knows one who asks here.
    private var isTrusted = false
    let client: String
    /// Of requests that are not with the handler yet.
    private var heldHeadBytes = 0
    private var headCharge: FairBudget.Charge
    /// What a connection may have of them without being counted.
    private static let usualHeads = 16 << 10
    /// Requests that are handed over before others have their turn.
    private static let turn = 32
    private var checkTime: MonotonicTime

    var onOutput: (() -> Void)?
    private(set) var isBroken = false

    init(_ service: HTTPService, _ peer: HTTPPeer) {
        self.service = service
        self.peer = peer
        client = peer.client
        headCharge = .init(client: client)
        checkTime = .now + service.limits.headTime
        session = HTTP2Session(self, service.limits)
        if session == nil { isBroken = true }
    }

    var isDone: Bool { session.map { !$0.wantsInput && !$0.wantsOutput } ?? true }
    var isBusy: Bool { streams.values.contains { $0.exchange.map { !$0.hasEnded } ?? false } }
    var hasNext: Bool { !ready.isEmpty }
    var deadline: MonotonicTime { checkTime }

    /// A client that takes nothing and goes on asking fills the list of frames that wait for it.
    var wantsInput: Bool {
        !hasFailed && (session.map { $0.wantsInput && $0.outboundFrames < 2000 } ?? false)
    }

    // MARK: In

    func receive(_ bytes: UnsafeRawBufferPointer) {
        guard let session, !hasFailed else { return }
        do throws(HTTP2Session.Failure) {
            try session.receive(bytes)
        } catch {
            hasFailed = true
            terminate(error.code)
        }
        if session.wantsOutput { onOutput?() }
    }

    func inputEnded() { cut() }

    func advance() {
        // A client that asks much at once takes turns with the others.
        let requests = ready.prefix(Self.turn)
        ready.removeFirst(requests.count)
        for stream in requests {
            // The client may have reset it in the meantime.
            if stream.isClosed || stream.exchange != nil { continue }
            let exchange = stream.pending ?? HTTPExchange(stream.request, peer, stream)
            stream.pending = nil
            exchange.request.body = stream.request.body
            letGoOfRequest(stream)
            stream.exchange = exchange
            service.handler(exchange)
            trust(exchange)
        }
        // What is given up is over at once, though the client may take its time to hear of it.
        let abandoned = abandoned
        self.abandoned = []
        for stream in abandoned where stream.exchange != nil {
            stream.isAborted = true
            end(stream, isCut: true)
        }
        tellOver()
    }

    // MARK: Out

    func wake(_ stream: HTTP2Stream, isAborted: Bool) {
        if isAborted { abandoned.append(stream) }
        if !stream.isListed {
            stream.isListed = true
            if woken.isEmpty { woken.reserveCapacity(streams.count) }
            woken.append(stream)
        }
        onOutput?()
    }

    func produce(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let session else { return 0 }
        submitWoken(session)
        var filled = 0
        do throws(HTTP2Session.Failure) {
            filled = try session.produce(into: buffer)
            if filled == 0, service.isDraining, streams.isEmpty, !isTerminated {
                terminate(NGHTTP2_NO_ERROR)
                filled = try session.produce(into: buffer)
            }
        } catch {
            cut()
        }
        tellOver()
        return filled
    }

    private func submitWoken(_ session: HTTP2Session) {
        let streams = woken
        woken = []
        for stream in streams {
            stream.isListed = false
            if stream.isClosed { continue }
            if stream.isAborted || stream.exchange?.isAborted == true {
                session.reset(stream.id, NGHTTP2_INTERNAL_ERROR)
            }
            guard let exchange = stream.exchange, !exchange.isAborted else { continue }
            if stream.hasSubmitted {
                if stream.isDeferred { session.resume(stream.id) }
                stream.isDeferred = false
            } else if let head = exchange.head {
                if exchange.body.isEmpty { service.budget.release(&stream.charge) }
                if exchange.closesConnection, !isLast {
                    isLast = true
                    session.announceLast()
                }
                if service.isDraining, exchange.isOpenEnded { exchange.end() }
                stream.hasSubmitted = true
                stream.remaining = head.length
                let hasBody =
                    exchange.sendsBody && !(exchange.hasEnded && exchange.queue.isEmpty && (head.length ?? 0) == 0)
                session.respond(
                    stream, status: head.status,
                    length: exchange.sendsBody || exchange.method == "HEAD" ? head.length : nil,
                    service.fields(head), hasBody: hasBody)
            }
        }
    }

    // MARK: Timers and the end

    /// Comes every second while there are streams, and once when a connection without any has been so for too long.
    func expire(_ now: MonotonicTime) {
        guard let session else { return }
        checkTime = now + .seconds(1)
        if streams.isEmpty {
            // Told once, and not listened to.
            if isTerminated { return cut() }
            checkTime = now + service.limits.headTime
            terminate(NGHTTP2_NO_ERROR)
        }
        if service.isDraining, !lastNoticed, !isTerminated {
            // Clients have had a second to stop sending requests here.
            lastNoticed = true
            session.announceLast()
        }
        for stream in Array(streams.values) {
            if stream.deadline <= now, stream.hasSentEnd {
                session.reset(stream.id, NGHTTP2_NO_ERROR)
            } else if stream.deadline <= now {
                refuse(stream, HTTPRefusal("the request took too long", status: 408))
            } else if isStalled(stream, now) {
                session.reset(stream.id, NGHTTP2_CANCEL)
            }
        }
    }

    private func isStalled(_ stream: HTTP2Stream, _ now: MonotonicTime) -> Bool {
        guard let exchange = stream.exchange, !exchange.queue.isEmpty else {
            stream.stall = nil
            return false
        }
        if let stall = stream.stall {
            if now < stall.deadline { return false }
            if stream.sentBytes - stall.sentBytes < 16 << 10 { return true }
        }
        stream.stall = (now + service.limits.stallTime, stream.sentBytes)
        return false
    }

    func drain() {
        guard let session, !isTerminated else { return }
        session.announceShutdown()
        checkTime = min(checkTime, .now + .seconds(1))
        for stream in streams.values {
            if let exchange = stream.exchange, exchange.isOpenEnded { exchange.end() }
        }
        onOutput?()
    }

    func close() {
        // From here on nghttp2 is not called again: its data sources point to streams that are gone.
        session = nil
        let streams = streams
        self.streams = [:]
        (ready, woken, abandoned) = ([], [], [])
        for stream in streams.values {
            stream.isClosed = true
            end(stream, isCut: true)
        }
        tellOver()
    }

    private func cut() {
        isBroken = true
        close()
        onOutput?()
    }

    private func terminate(_ code: nghttp2_error_code) {
        isTerminated = true
        session?.terminate(code)
        onOutput?()
    }

    private func end(_ stream: HTTP2Stream, isCut: Bool) {
        service.budget.release(&stream.charge)
        letGoOfRequest(stream)
        if let exchange = stream.exchange ?? stream.pending { over.append((exchange, isCut)) }
        (stream.exchange, stream.pending) = (nil, nil)
    }

    private func tellOver() {
        while !over.isEmpty {
            let ended = over
            over = []
            for (exchange, isCut) in ended { exchange.finish(cut: isCut) }
        }
    }
}

// MARK: What nghttp2 says; nothing is called back from here.
extension HTTP2Wire {
    func streamBegan(_ id: Int32) {
        streams[id] = HTTP2Stream(id, self, deadline: .now + service.limits.headTime)
        if streams.count == 1 { checkTime = .now + .seconds(1) }
    }

    func field(_ id: Int32, _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        guard let stream = streams[id], !stream.ignoresInput else { return }
        let size = name.count + value.count + 32
        stream.headBytes += size
        if stream.headBytes > service.limits.headBytes {
            return refuse(stream, .headTooLarge(service.limits.headBytes))
        }
        // Trailer fields are counted and dropped.
        if stream.hasHead { return }
        stream.heldHeadBytes += size
        heldHeadBytes += size
        if !chargeHeads() { return refuse(stream, .tooMuchAtOnce) }
        let isPseudo = name.first == UInt8(ascii: ":")
        let (name, text) = (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
        switch name {
        case ":method": stream.request.method = text
        case ":path": stream.request.path = text
        case ":authority": stream.request.headers.append(lowercase: "host", text)
        case "host" where stream.request.headers["host"] != nil: return
        default: if !isPseudo { stream.request.headers.append(lowercase: name, text) }
        }
    }

    /// The head is whole; `isLast` when there is no body.
    func headEnded(_ id: Int32, isLast: Bool) {
        guard let stream = streams[id] else { return }
        stream.hasHead = true
        if stream.ignoresInput { return inputEnded(stream, isLast) }
        let target = stream.request.path
        guard target.utf8.first == UInt8(ascii: "/") || (target == "*" && stream.request.method == "OPTIONS"),
            target.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") })
        else {
            refuse(stream, HTTPRefusal("the target is no path"))
            return inputEnded(stream, isLast)
        }
        (stream.request.path, stream.request.query) = HTTPTarget.split(target[...])
        if !isLast {
            stream.deadline = .now + service.limits.bodyTime
            let length = stream.request.headers["content-length"].flatMap { Int($0) } ?? 0
            let exchange = HTTPExchange(stream.request, peer, stream)
            stream.pending = exchange
            service.screen?(exchange)
            trust(exchange)
            if exchange.head != nil { return answer(stream, exchange) }
            if length > service.limits.bodyBytes { return refuseBody(stream) }
            stream.announced = length
            stream.charge = .init(client: exchange.client)
            if stream.request.headers["expect"]?.lowercased() == "100-continue" { session?.askForBody(id) }
        }
        inputEnded(stream, isLast)
    }

    func body(_ id: Int32, _ bytes: UnsafeRawBufferPointer) {
        guard let stream = streams[id], !stream.ignoresInput else { return }
        let count = stream.request.body.count + bytes.count
        if count > service.limits.bodyBytes { return refuseBody(stream) }
        guard service.budget.charge(&stream.charge, to: count) else { return refuse(stream, .tooMuchAtOnce) }
        if stream.announced >= count {
            HTTPRequest.reserve(&stream.request.body, stream.announced, toAppend: bytes.count)
        }
        stream.request.body.append(contentsOf: bytes)
    }

    func bodyEnded(_ id: Int32) {
        if let stream = streams[id] { inputEnded(stream, true) }
    }

    private func inputEnded(_ stream: HTTP2Stream, _ hasEnded: Bool) {
        guard hasEnded else { return }
        stream.hasInputEnded = true
        stream.deadline = MonotonicTime(nanoseconds: .max)
        if stream.ignoresInput { return }
        stream.ignoresInput = true
        ready.append(stream)
    }

    private func refuseBody(_ stream: HTTP2Stream) {
        refuse(stream, .bodyTooLarge(service.limits.bodyBytes))
    }

    /// Answers in the handler's place.
    func refuse(_ stream: HTTP2Stream, _ refusal: HTTPRefusal) {
        if stream.exchange != nil { return }
        let exchange = stream.pending ?? HTTPExchange(stream.request, peer, stream)
        service.refuse(exchange, refusal)
        answer(stream, exchange)
    }

    /// The exchange has been answered before its request was whole; the stream is reset some time after, if the client goes
    /// on sending.
    private func answer(_ stream: HTTP2Stream, _ exchange: HTTPExchange) {
        stream.pending = nil
        stream.ignoresInput = true
        stream.deadline = MonotonicTime(nanoseconds: .max)
        service.budget.release(&stream.charge)
        letGoOfRequest(stream)
        stream.exchange = exchange
        wake(stream, isAborted: exchange.isAborted)
    }

    private func letGoOfRequest(_ stream: HTTP2Stream) {
        stream.request.body = []
        stream.request.headers = [:]
        heldHeadBytes -= stream.heldHeadBytes
        stream.heldHeadBytes = 0
        _ = chargeHeads()
    }

    private func chargeHeads() -> Bool {
        service.heads.charge(&headCharge, to: max(0, heldHeadBytes - Self.usualHeads))
    }

    private func trust(_ exchange: HTTPExchange) {
        if isTrusted || !exchange.isTrusted { return }
        isTrusted = true
        if service.limits.strangerStreams < service.limits.streams { session?.allowStreams(service.limits.streams) }
    }

    /// A client that is still sending what nobody wants may stop (RFC 9113, section 8.1), and gets a moment to notice by
    /// itself: curl 7.88 loses the response when a reset comes with it.
    func responseEnded(_ stream: HTTP2Stream) {
        stream.hasSentEnd = true
        if !stream.hasInputEnded { stream.deadline = .now + .seconds(1) }
    }

    /// A frame that neither begins nor ends anything. False when there have been too many.
    func idleFrame() -> Bool { patience.take() }

    func streamClosed(_ id: Int32, isError: Bool) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        stream.isClosed = true
        end(stream, isCut: isError || !stream.hasSentEnd)
        if streams.isEmpty { checkTime = .now + service.limits.idleTime }
    }

    enum Portion {
        case bytes(Int, isLast: Bool)
        /// The response is not what its head has promised.
        case wrong
        case later
    }

    func portion(_ stream: HTTP2Stream, into buffer: UnsafeMutableRawBufferPointer) -> Portion {
        guard let exchange = stream.exchange else { return .wrong }
        let count = exchange.queue.take(into: buffer)
        if let remaining = stream.remaining {
            if count > remaining { return .wrong }
            stream.remaining = remaining - count
        }
        stream.sentBytes += count
        if exchange.queue.isEmpty {
            stream.stall = nil
            if exchange.hasEnded { return (stream.remaining ?? 0) == 0 ? .bytes(count, isLast: true) : .wrong }
            if count == 0 {
                stream.isDeferred = true
                return .later
            }
        }
        return .bytes(count, isLast: false)
    }
}
