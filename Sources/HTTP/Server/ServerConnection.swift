internal import Daemon
internal import Glibc
internal import Linux

/// One client of the server: moves bytes between the socket and what is spoken on it.
final class ServerConnection {
    private enum Phase {
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
    private let transport = Transport.plain
    private let wire: any HTTPWire
    private var phase = Phase.open
    private var interest = Readiness.readable
    private var hasInputEnded = false
    /// What the socket did not take, never more than one portion, and since when it has been making how much progress.
    private var unsent: [UInt8] = []
    private var stallDeadline = never
    private var progress = 0
    private var lingerDeadline = never
    /// When it was last heard of.
    private(set) var since = MonotonicTime.now
    /// Whether the server has it on its list of those that have something to do.
    var isListed = false

    init(_ socket: consuming FileDescriptor, _ server: HTTPServer, _ peer: HTTPPeer) {
        self.socket = socket
        self.server = server
        wire = HTTP1Wire(server.service, peer)
    }

    var fd: CInt { socket.rawValue }

    /// For the client, with no request in work.
    var isWaiting: Bool { phase != .open || !wire.isBusy }

    var deadline: MonotonicTime { phase == .lingering ? lingerDeadline : min(wire.deadline, stallDeadline) }

    func start() throws(SystemError) {
        wire.onOutput = { [unowned self] in server.list(self) }
        try server.loop.watch(fd) { [weak self] readiness in self?.ready(readiness) }
    }

    private func ready(_ readiness: Readiness) {
        if phase == .lingering { return discard() }
        if readiness.contains(.readable), interest.contains(.readable) {
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
        guard phase == .open else { return }
        wire.advance()
        flush()
        guard phase == .open else { return }
        var wanted: Readiness = []
        if wire.wantsInput, !hasInputEnded { wanted.insert(.readable) }
        if !unsent.isEmpty { wanted.insert(.writable) }
        watch(for: wanted)
    }

    func drain() {
        guard phase == .open else { return }
        wire.drain()
        server.list(self)
    }

    /// The deadline has passed.
    func expire(_ now: MonotonicTime) {
        if phase == .lingering { return close() }
        if stallDeadline <= now {
            if progress < Self.portion { return close() }
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
        wire.close()
    }

    // MARK: In

    /// A bounded number of portions a turn, so that one client does not keep the others waiting.
    private func read() {
        for _ in 0..<4 {
            let buffer = server.buffer
            switch transport.receive(fd, buffer) {
            case .bytes(let count):
                wire.receive(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                if !wire.wantsInput { return }
            case .blocked: return
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
            switch transport.receive(fd, server.buffer) {
            case .bytes: continue
            case .blocked: return
            case .ended, .broken: return close()
            }
        }
    }

    // MARK: Out

    private func flush() {
        while phase == .open {
            if unsent.isEmpty {
                let portion = UnsafeMutableRawBufferPointer(rebasing: server.buffer[..<Self.portion])
                let count = wire.produce(into: portion)
                if count == 0 { return flushed() }
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
    }

    /// Sends until the socket takes no more; gives how many bytes it took, nil when the connection is broken.
    private func send(_ bytes: UnsafeRawBufferPointer) -> Int? {
        var sent = 0
        while sent < bytes.count {
            switch transport.send(fd, UnsafeRawBufferPointer(rebasing: bytes[sent...])) {
            case .bytes(let count):
                sent += count
                progress += count
            case .blocked: return sent
            case .ended, .broken: return nil
            }
        }
        return sent
    }

    private func flushed() {
        stallDeadline = Self.never
        if wire.isBroken { return close() }
        if !wire.isDone {
            // The next request may have waited for the end of this response. It gets a turn of its own: a client that
            // pipelines must neither starve the others nor deepen the stack.
            if wire.hasNext { server.list(self) }
            return
        }
        if hasInputEnded { return close() }
        shutdown(fd, CInt(SHUT_WR))
        phase = .lingering
        lingerDeadline = .now + Self.lingerTime
        watch(for: .readable)
    }

    private func watch(for wanted: Readiness) {
        if wanted == interest { return }
        interest = wanted
        do { try server.loop.change(fd, to: wanted) } catch { close() }
    }
}
