internal import Crypto
internal import Daemon
internal import Glibc
internal import Linux

/// One client of the server: moves bytes between the socket and what is spoken on it.
final class ServerConnection {
    private enum Phase {
        /// It is not known yet what will be spoken: TLS is being set up, or the first bytes have not come.
        case setup
        case open
        /// The last byte is out: what the client still sends is thrown away until it closes, because a close with bytes
        /// unread would reset the connection and could take the response with it.
        case lingering
        case closed
    }

    /// What is produced and sent at a time: one record of TLS.
    private static let portion = 16 << 10
    private static let lingerTime = Duration.seconds(3)
    private static let never = MonotonicTime(nanoseconds: .max)

    private let socket: FileDescriptor
    private unowned let server: HTTPServer
    private var peer: HTTPPeer
    private var transport = Transport.plain
    /// From the end of the setup on.
    private var wire: (any HTTPWire)?
    private var phase = Phase.setup
    private var interest = Readiness.readable
    private var hasInputEnded = false
    /// What the socket did not take, never more than one portion, and since when it has been making how much progress.
    private var unsent: [UInt8] = []
    private var stallDeadline = never
    private var progress = 0
    /// Of the setup, and of lingering.
    private var phaseDeadline: MonotonicTime
    /// TLS cannot read before it has written.
    private var readsWhenWritable = false
    /// Reading has ended before there was nothing more: what TLS has taken from the socket comes without an event of it.
    private var hasMore = false
    /// When its client last sent or took something.
    private(set) var since = MonotonicTime.now
    /// Whether the server has it on its list of those that have something to do.
    var isListed = false

    init(_ socket: consuming FileDescriptor, _ server: HTTPServer, _ peer: HTTPPeer) {
        self.socket = socket
        self.server = server
        self.peer = peer
        let limits = server.service.limits
        phaseDeadline = since + (server.tls == nil ? limits.headTime : limits.handshakeTime)
    }

    var fd: CInt { socket.rawValue }

    /// For the client: to ask, or to take an answer that is whole.
    var isWaiting: Bool { phase != .open || wire.map { !$0.isBusy } ?? true }

    var deadline: MonotonicTime {
        if phase == .open, let wire { return min(wire.deadline, stallDeadline) }
        return phaseDeadline
    }

    func start() throws(SystemError) {
        try server.loop.watch(fd) { [weak self] readiness in self?.ready(readiness) }
    }

    private func ready(_ readiness: Readiness) {
        switch phase {
        case .setup: return setUp()
        case .lingering: return discard()
        case .closed: return
        case .open: break
        }
        if readiness.contains(.readable) && interest.contains(.readable)
            || readiness.contains(.writable) && readsWhenWritable
        {
            since = .now
            read()
        } else if readiness.intersection(interest).isEmpty {
            // An error or a hang-up, which are reported whatever is asked for.
            return close()
        }
        turn()
    }

    /// Lets the wire go on with what was received, and sends what it has to say.
    func turn() {
        guard phase == .open, let wire else { return }
        wire.advance()
        // Not only when all is sent: a client that takes nothing would hold the connection.
        if wire.isBroken { return close() }
        flush(wire)
        guard phase == .open else { return }
        var wanted: Readiness = []
        if wire.wantsInput, !hasInputEnded {
            wanted.insert(readsWhenWritable ? .writable : .readable)
            if hasMore { server.list(self, toRead: true) }
        }
        if !unsent.isEmpty { wanted.insert(.writable) }
        watch(for: wanted)
    }

    /// A turn that begins with reading.
    func readAndTurn() {
        guard phase == .open, let wire else { return }
        if wire.wantsInput, !hasInputEnded { read() }
        turn()
    }

    func drain() {
        guard phase == .open, let wire else { return phase == .setup ? close() : () }
        wire.drain()
        server.list(self)
    }

    /// The deadline has passed.
    func expire(_ now: MonotonicTime) {
        guard phase == .open, let wire else { return close() }
        if stallDeadline <= now {
            if progress < Self.portion, !wire.isPatient { return close() }
            progress = 0
            stallDeadline = now + server.service.limits.stallTime
        }
        if wire.deadline <= now {
            wire.expire(now)
            turn()
        }
    }

    func close() {
        if phase == .closed { return }
        phase = .closed
        server.forget(self)
        wire?.close()
    }

    // MARK: Setup

    private func setUp() {
        if let context = server.tls, !peer.isEncrypted {
            // Not before there is something to read: a client that only connects costs next to nothing.
            guard let session = try? context.session(on: fd) else { return close() }
            transport = .tls(session)
            peer.isEncrypted = true
        }
        guard case .tls(let session) = transport else { return sniff() }
        switch session.handshake() {
        case .done:
            peer.certificate = session.peerCertificate
            open(withHTTP2: session.speaksHTTP2)
        case .wantsInput: watch(for: .readable)
        case .wantsOutput: watch(for: .writable)
        case .failed: linger()
        case .plainHTTP:
            let text = "HTTP/1.0 400 Bad Request\r\n\r\nThis port speaks HTTP over TLS only.\n"
            _ = Array(text.utf8).withUnsafeBytes { Transport.sendPlain(fd, $0) }
            linger()
        }
    }

    /// Without TLS a client that knows beforehand begins HTTP/2 with `PRI * HTTP/2.0`, which is no request of HTTP/1.1.
    private func sniff() {
        if server.service.limits.streams == 0 { return open(withHTTP2: false) }
        switch Transport.receivePlain(fd, server.buffer, peek: true) {
        case .bytes(let count):
            let preface = Array("PRI ".utf8)
            let first = server.buffer[..<min(count, preface.count)]
            if !preface.starts(with: first) { return open(withHTTP2: false) }
            if first.count == preface.count { return open(withHTTP2: true) }
            // One to three bytes that may become either: nobody sends so few, so all that is lost is HTTP/2.
            open(withHTTP2: false)
        case .blocked, .blockedByOutput: break
        case .ended, .broken: close()
        }
    }

    private func open(withHTTP2: Bool) {
        let wire: any HTTPWire =
            withHTTP2 ? HTTP2Wire(server.service, peer) : HTTP1Wire(server.service, peer)
        wire.onOutput = { [unowned self] in server.list(self) }
        self.wire = wire
        phase = .open
        server.churn += 1
        readAndTurn()
    }

    // MARK: In

    /// A bounded number of portions a turn, so that one client does not keep the others waiting.
    private func read() {
        guard let wire else { return }
        readsWhenWritable = false
        hasMore = false
        for _ in 0..<4 {
            let buffer = server.buffer
            switch transport.receive(fd, buffer) {
            case .bytes(let count):
                wire.receive(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                hasMore = transport.holdsInput
                // So little was all that there is; what comes is another event.
                let isAll = !hasMore && count < Self.portion
                if isAll || !wire.wantsInput { return }
            case .blocked: return hasMore = false
            case .blockedByOutput:
                hasMore = false
                return readsWhenWritable = true
            case .ended:
                hasInputEnded = true
                // What came before the end is dealt with first.
                wire.advance()
                return wire.inputEnded()
            case .broken: return close()
            }
        }
    }

    private func discard() {
        for _ in 0..<16 {
            switch Transport.receivePlain(fd, server.buffer) {
            case .bytes: continue
            case .blocked, .blockedByOutput: return
            case .ended, .broken: return close()
            }
        }
    }

    // MARK: Out

    /// A bounded number of portions a turn: a large list must not hold up everybody's events.
    private func flush(_ wire: any HTTPWire) {
        for _ in 0..<16 where phase == .open {
            if unsent.isEmpty {
                let portion = UnsafeMutableRawBufferPointer(rebasing: server.buffer[..<Self.portion])
                let count = wire.produce(into: portion)
                if count == 0 { return flushed(wire) }
                guard let sent = send(UnsafeRawBufferPointer(rebasing: portion[..<count])) else { return close() }
                if sent < count { unsent = Array(portion[sent..<count]) }
            } else {
                guard let sent = unsent.withUnsafeBytes({ send($0) }) else { return close() }
                if sent == unsent.count { unsent = [] } else { unsent.removeFirst(sent) }
            }
            if !unsent.isEmpty {
                if stallDeadline == Self.never {
                    progress = 0
                    stallDeadline = .now + server.service.limits.stallTime
                }
                return
            }
        }
        if phase == .open { server.list(self) }
    }

    /// Sends until the socket takes no more; gives how many bytes it took, nil when the connection is broken.
    private func send(_ bytes: UnsafeRawBufferPointer) -> Int? {
        var sent = 0
        while sent < bytes.count {
            switch transport.send(fd, UnsafeRawBufferPointer(rebasing: bytes[sent...])) {
            case .bytes(let count):
                since = .now
                sent += count
                progress += count
            case .blocked, .blockedByOutput: return sent
            case .ended, .broken: return nil
            }
        }
        return sent
    }

    private func flushed(_ wire: any HTTPWire) {
        stallDeadline = Self.never
        if wire.isBroken { return close() }
        if !wire.isDone {
            // The next request may have waited for the end of this response. It gets a turn of its own: a client that
            // pipelines must neither starve the others nor deepen the stack.
            if wire.hasNext { server.list(self) }
            return
        }
        transport.sayGoodbye()
        if hasInputEnded { return close() }
        wire.close()
        linger()
    }

    private func linger() {
        shutdown(fd, CInt(SHUT_WR))
        phase = .lingering
        phaseDeadline = .now + Self.lingerTime
        watch(for: .readable)
    }

    private func watch(for wanted: Readiness) {
        if wanted == interest { return }
        interest = wanted
        do { try server.loop.change(fd, to: wanted) } catch { close() }
    }
}
