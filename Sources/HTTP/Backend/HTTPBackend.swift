package import Crypto
package import Daemon
internal import Glibc
package import Linux
internal import NetTypes

/// One request to a server behind this one, on a connection of its own, whose answer is handed on as it comes; after a 101
/// bytes go both ways. Everything happens on the loop.
package final class HTTPBackend {
    package struct Request {
        package var method: String
        /// Escaped, with the query.
        package var target: String
        /// With the host; the framing of the body is added.
        package var headers: HTTPHeaders
        package var body: [UInt8]

        package init(method: String, target: String, headers: HTTPHeaders, body: [UInt8] = []) {
            self.method = method
            self.target = target
            self.headers = headers
            self.body = body
        }
    }

    package enum Event {
        /// With the length of the body, where the server says one.
        case head(status: Int, headers: HTTPHeaders, length: Int?)
        case bytes([UInt8])
        /// The answer is whole, or the other protocol has ended.
        case end
        /// Nothing more comes: why.
        case failure(String)
    }

    private enum Phase { case connecting, handshaking, open, closed }

    private static let portion = 16 << 10
    private let loop: EventLoop
    private let address: ListenAddress
    private let handler: (Event) -> Void
    private var socket: FileDescriptor
    private var transport = Transport.plain
    private let tls: TLSClientContext?
    private var phase = Phase.connecting
    private var answer: HTTPBackendAnswer
    private var output = OutputQueue()
    /// Taken from the queue and not yet by the socket.
    private var unsent: [UInt8] = []
    private var interest = Readiness.writable
    private var isWatched = false
    private var timer: LoopTimer?
    private var isSwitched = false

    /// Whether more of the answer is wanted now: what is not read waits at the server.
    package var wantsInput = true { didSet { if wantsInput != oldValue { update() } } }

    /// Bytes that the server has not taken yet.
    package var bufferedBytes: Int { output.count + unsent.count }

    /// Connects and sends; the handler hears what comes of it, later. `patience` is for the connection and TLS.
    package init(
        _ loop: EventLoop, to address: ListenAddress, tls: TLSClientContext?, _ request: Request,
        patience: Duration = .seconds(10), handler: @escaping (Event) -> Void
    ) throws(SystemError) {
        self.loop = loop
        self.address = address
        self.tls = tls
        self.handler = handler
        answer = HTTPBackendAnswer(method: request.method)
        socket = try address.connect()
        output.append(Self.bytes(request))
        try beginWatching()
        timer = loop.after(patience) { [weak self] in self?.fail("no connection within \(patience)") }
    }

    deinit { if phase != .closed { loop.unwatch(socket.rawValue) } }

    /// To the other protocol, after a 101.
    package func send(_ bytes: [UInt8]) {
        if phase == .closed { return }
        output.append(bytes)
        if phase == .open { flush() }
    }

    /// Whatever comes after this is not heard.
    package func close() {
        if phase == .closed { return }
        phase = .closed
        if let timer { loop.cancel(timer) }
        timer = nil
        transport.sayGoodbye()
        loop.unwatch(socket.rawValue)
        // Now, not at the end of the object's life: the server waits for it.
        socket = FileDescriptor(owning: -1)
    }

    private static func bytes(_ request: Request) -> [UInt8] {
        var text = "\(request.method) \(request.target) HTTP/1.1\r\n"
        for field in request.headers.fields {
            let value = field.value.utf8.map { HTTPHeaders.isAllowed($0) ? $0 : 0x20 }
            text += "\(field.name): \(String(decoding: value, as: UTF8.self))\r\n"
        }
        if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
            text += "content-length: \(request.body.count)\r\n"
        }
        return Array("\(text)\r\n".utf8) + request.body
    }

    // MARK: Events

    private func beginWatching() throws(SystemError) {
        try loop.watch(socket.rawValue, for: interest) { [weak self] readiness in self?.ready(readiness) }
        isWatched = true
    }

    private func ready(_ readiness: Readiness) {
        switch phase {
        case .connecting: connected()
        case .handshaking: shakeHands()
        case .open:
            if readiness.contains(.writable) { flush() }
            guard phase == .open, !readiness.subtracting(.writable).isEmpty else { return }
            if interest.contains(.readable) { return read() }
            // A hang-up is reported whatever is asked for, over and over; it is found again when somebody reads.
            loop.unwatch(socket.rawValue)
            isWatched = false
        case .closed: break
        }
    }

    private func connected() {
        var code: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        getsockopt(socket.rawValue, SOL_SOCKET, SO_ERROR, &code, &size)
        if code != 0 { return fail("dial tcp \(address): connect: \(Errno(code))") }
        guard let tls else { return open() }
        do throws(CryptoError) {
            transport = .tls(try tls.session(on: socket.rawValue, address: address.address.description))
        } catch {
            return fail("\(error)")
        }
        phase = .handshaking
        shakeHands()
    }

    private func shakeHands() {
        guard case .tls(let session) = transport else { return }
        switch session.handshake() {
        case .done: open()
        case .wantsInput: watch(for: .readable)
        case .wantsOutput: watch(for: .writable)
        case .failed(let why): fail("tls: \(why)")
        case .plainHTTP: fail("tls: the server speaks HTTP without TLS")
        }
    }

    private func open() {
        phase = .open
        if let timer { loop.cancel(timer) }
        timer = nil
        flush()
    }

    // MARK: Bytes

    private func flush() {
        while phase == .open {
            if unsent.isEmpty {
                if output.isEmpty { break }
                unsent = [UInt8](repeating: 0, count: min(Self.portion, output.count))
                _ = unsent.withUnsafeMutableBytes { output.take(into: $0) }
            }
            switch unsent.withUnsafeBytes({ transport.send(socket.rawValue, $0) }) {
            case .bytes(let count): unsent.removeFirst(count)
            case .blocked, .blockedByOutput: return update()
            case .ended, .broken: return fail("the connection broke")
            }
        }
        update()
    }

    /// A bounded number of portions a turn.
    private func read() {
        var buffer = [UInt8](repeating: 0, count: Self.portion)
        for _ in 0..<8 where phase == .open && wantsInput {
            let result = buffer.withUnsafeMutableBytes { transport.receive(socket.rawValue, $0) }
            switch result {
            case .bytes(let count):
                do throws(HTTPRefusal) {
                    var events: [HTTPBackendAnswer.Event] = []
                    var failure: HTTPRefusal?
                    buffer.withUnsafeBytes { bytes in
                        do throws(HTTPRefusal) {
                            events = try answer.receive(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
                        } catch {
                            failure = error
                        }
                    }
                    if let failure { throw failure }
                    hand(events)
                } catch {
                    return fail(error.reason)
                }
            case .blocked, .blockedByOutput: return update()
            case .ended: return ended()
            // Those who speak other protocols often end them so.
            case .broken: return isSwitched ? ended() : fail("the connection broke")
            }
        }
        update()
    }

    private func ended() {
        do throws(HTTPRefusal) { hand(try answer.inputEnded()) } catch { return fail(error.reason) }
        close()
    }

    private func hand(_ events: [HTTPBackendAnswer.Event]) {
        for event in events where phase == .open {
            switch event {
            case .head(let status, let headers, let length):
                isSwitched = status == 101
                handler(.head(status: status, headers: headers, length: length))
            case .bytes(let bytes): handler(.bytes(bytes))
            case .end:
                handler(.end)
                close()
            }
        }
    }

    private func fail(_ why: String) {
        if phase == .closed { return }
        close()
        handler(.failure(why))
    }

    private func update() {
        guard phase == .open else { return }
        var wanted: Readiness = []
        if wantsInput {
            wanted.insert(.readable)
            // What is decrypted already comes without an event of the socket.
            if transport.hasPending { loop.after(.zero) { [weak self] in self?.readPending() } }
        }
        if bufferedBytes > 0 { wanted.insert(.writable) }
        watch(for: wanted)
    }

    private func readPending() { if phase == .open, wantsInput, transport.hasPending { read() } }

    private func watch(for wanted: Readiness) {
        if wanted == interest { return }
        interest = wanted
        do throws(SystemError) {
            if isWatched { try loop.change(socket.rawValue, to: wanted) } else { try beginWatching() }
        } catch {
            fail("\(error)")
        }
    }
}
