package import Crypto
package import Daemon
internal import Glibc
package import Linux

/// An HTTP server on an `EventLoop`: HTTP/1.1 and HTTP/2, plain or over TLS.
///
/// It is bounded in everything that a stranger can cause (`Limits`). When all connections are taken, a new one displaces
/// those that have kept us waiting longest; one whose request is in work is never displaced. Handlers run on the loop and
/// must not block. All calls come from the loop's thread.
///
/// Each connection is a descriptor: a program that serves many calls `OpenFiles.raiseLimit` first.
package final class HTTPServer {
    package typealias Handler = (HTTPExchange) -> Void

    /// The port it listens on.
    package let port: UInt16
    let loop: EventLoop
    let service: HTTPService
    /// Reload it to change certificates for connections to come.
    package let tls: TLSServerContext?
    /// For whatever is read or written at the moment, by whichever connection.
    let buffer: UnsafeMutableRawBufferPointer
    private let listener: FileDescriptor
    private var isListening = false
    private let capacity: Int
    private var connections: [CInt: ServerConnection] = [:]
    private var listed: [(connection: ServerConnection, reads: Bool)] = []
    private var sweep: LoopTimer?
    private var pause: LoopTimer?
    private var drained: (() -> Void)?
    /// Connections made, set up and closed since memory was last given back, and how many that were at the last look.
    var churn = 0
    private var lastChurn = 0

    /// Listens at once. The handler gets each request when it is there, whole.
    package init(
        _ loop: EventLoop, listen address: ListenAddress, limits: Limits = Limits(), tls: TLSServerContext? = nil,
        handler: @escaping Handler
    ) throws(SystemError) {
        // OpenSSL writes to sockets without the flag that keeps a closed one from being a signal.
        if tls != nil { SignalDescriptor.ignoreBrokenPipes() }
        self.loop = loop
        self.tls = tls
        // The rest of the process needs descriptors too.
        capacity = min(limits.connections, max(16, OpenFiles.limit - 128))
        service = HTTPService(limits, handler)
        listener = try address.listen(backlog: 1024)
        port = try ListenAddress.port(of: listener)
        buffer = .allocate(byteCount: 64 << 10, alignment: 16)
        try listen()
    }

    deinit { buffer.deallocate() }

    /// Looks at a request that has a body when its head is there, before the body is received. To answer it is to refuse
    /// it, so that who may not send anything cannot make the server hold it; else the handler gets the same exchange, with
    /// the body. What the screen has found out can be left in the exchange (`client`, `context`).
    package var screen: ((HTTPExchange) -> Void)? {
        get { service.screen }
        set { service.screen = newValue }
    }

    /// Answers a request that the server itself does not take, given the status and the reason: too large, too slow,
    /// malformed. Of a head that could not be read, method and path are empty. Without it there is plain text.
    package var refusal: ((HTTPExchange, Int, String) -> Void)? {
        get { service.refusal }
        set { service.refusal = newValue }
    }

    package var connectionCount: Int { connections.count }
    package private(set) var isStopped = false

    /// Closes everything at once; call it (or `drain`) before letting the server go.
    package func stop() {
        stopListening()
        for connection in Array(connections.values) { connection.close() }
        if let sweep { loop.cancel(sweep) }
        sweep = nil
        listed = []
        isStopped = true
    }

    /// Takes no more connections and requests, ends all responses that have no end by themselves, lets the others
    /// finish, and closes; what is not through after the grace is cut. `done` is called when nothing is left.
    package func drain(grace: Duration, _ done: @escaping () -> Void) {
        stopListening()
        service.isDraining = true
        drained = done
        for connection in Array(connections.values) { connection.drain() }
        loop.after(grace) { [weak self] in self?.stop() }
        finishDraining()
    }

    // MARK: For connections

    /// The connection has something to do when all events of this turn have been handled: many pieces for one client
    /// are then sent together.
    func list(_ connection: ServerConnection, toRead: Bool = false) {
        if connection.isListed, !toRead { return }
        connection.isListed = true
        if listed.isEmpty { turnSoon() }
        listed.append((connection, toRead))
    }

    private func turnSoon() { loop.after(.zero) { [weak self] in self?.turn() } }

    func forget(_ connection: ServerConnection) {
        loop.unwatch(connection.fd)
        connections[connection.fd] = nil
        churn += 1
        finishDraining()
    }

    /// When thousands of streams have something to send, whoever asks meanwhile is heard in between.
    private static let turnTime = Duration.milliseconds(2)

    private func turn() {
        let end = MonotonicTime.now + Self.turnTime
        let turns = listed
        listed = []
        for (index, (connection, reads)) in turns.enumerated() {
            if index > 0, MonotonicTime.now > end {
                if listed.isEmpty { turnSoon() }
                listed = turns[index...] + listed
                return
            }
            connection.isListed = false
            if reads { connection.readAndTurn() } else { connection.turn() }
        }
    }

    private func finishDraining() {
        guard connections.isEmpty, let done = drained else { return }
        drained = nil
        done()
    }

    // MARK: Accepting

    private func listen() throws(SystemError) {
        try loop.watch(listener.rawValue) { [weak self] _ in self?.accept() }
        isListening = true
    }

    private func stopListening() {
        if isListening { loop.unwatch(listener.rawValue) }
        isListening = false
        if let pause { loop.cancel(pause) }
        pause = nil
    }

    private func accept() {
        // A bounded number a turn, so that a flood of connections does not keep everybody else waiting.
        for _ in 0..<16 {
            let accepted: FileDescriptor?
            do {
                accepted = try FileDescriptor.accept(from: listener)
            } catch {
                // Descriptors have run out, which comes before the limit only if others need many.
                displace()
                return pauseListening()
            }
            guard let accepted else { return }
            if connections.count >= capacity { displace() }
            // All have requests in work: the newcomer is the one to go.
            if connections.count >= capacity { continue }
            add(accepted)
        }
    }

    private func add(_ socket: consuming FileDescriptor) {
        configure(socket.rawValue)
        let connection = ServerConnection(socket, self, HTTPPeer(of: socket.rawValue))
        connections[connection.fd] = connection
        churn += 1
        if sweep == nil { sweep = loop.every(.milliseconds(500)) { [weak self] in self?.expire() } }
        do { try connection.start() } catch { connection.close() }
    }

    private func configure(_ fd: CInt) {
        func set(_ level: CInt, _ option: CInt, _ value: CInt) {
            var value = value
            setsockopt(fd, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
        }
        set(CInt(IPPROTO_TCP), TCP_NODELAY, 1)
        // A client that vanished without a word while it watches is noticed within a minute and a half.
        set(SOL_SOCKET, SO_KEEPALIVE, 1)
        // What a client does not take waits where it is shared with others, and not in the kernel, once for each.
        set(CInt(IPPROTO_TCP), TCP_NOTSENT_LOWAT, 128 << 10)
        set(CInt(IPPROTO_TCP), TCP_KEEPIDLE, 30)
        set(CInt(IPPROTO_TCP), TCP_KEEPINTVL, 15)
        set(CInt(IPPROTO_TCP), TCP_KEEPCNT, 4)
    }

    /// The listener would report the waiting connection over and over.
    private func pauseListening() {
        stopListening()
        pause = loop.after(.milliseconds(200)) { [weak self] in try? self?.listen() }
    }

    /// Closes those that have waited longest for their clients, some at a time: a flood must not make us look through
    /// all of them for each newcomer.
    private func displace() {
        let waiting = connections.values.filter(\.isWaiting).sorted { $0.since < $1.since }
        for connection in waiting.prefix(max(1, capacity / 32)) { connection.close() }
    }

    private func expire() {
        let now = MonotonicTime.now
        for connection in connections.values.filter({ $0.deadline <= now }) { connection.expire(now) }
        if churn == lastChurn {
            giveBack()
            if connections.isEmpty, let sweep {
                loop.cancel(sweep)
                self.sweep = nil
            }
        }
        lastChurn = churn
    }

    /// A crowd that came or went leaves holes in the heap, more than the connections themselves: handshakes need much
    /// memory for a moment. Once it is quiet the holes go back to the kernel.
    private func giveBack() {
        if churn < 200 { return }
        churn = 0
        Allocator.trim()
    }
}
