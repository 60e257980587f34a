internal import Crypto
internal import Glibc
internal import Linux

/// How bytes go over a connection's socket, which is non-blocking.
enum Transport {
    enum Result {
        /// So many bytes; at least one.
        case bytes(Int)
        /// Not before the socket is ready again for the same.
        case blocked
        /// TLS must send something of its own before it can read.
        case blockedByOutput
        /// The client sends nothing more.
        case ended
        case broken
    }

    case plain
    case tls(TLSSession)

    func receive(_ fd: CInt, _ buffer: UnsafeMutableRawBufferPointer) -> Result {
        switch self {
        case .plain: Self.receivePlain(fd, buffer)
        case .tls(let session): Self.result(session.receive(into: buffer), isRead: true)
        }
    }

    func send(_ fd: CInt, _ bytes: UnsafeRawBufferPointer) -> Result {
        switch self {
        case .plain: Self.sendPlain(fd, bytes)
        case .tls(let session): Self.result(session.send(bytes), isRead: false)
        }
    }

    /// Whether there are bytes that the socket's readiness does not tell of.
    var hasPending: Bool { if case .tls(let session) = self { session.hasPending } else { false } }

    /// The same of one that reads ahead: what there is may be too little to be read.
    var holdsInput: Bool { if case .tls(let session) = self { session.holdsInput } else { false } }

    func sayGoodbye() { if case .tls(let session) = self { session.sayGoodbye() } }

    private static func result(_ transfer: TLSSession.Transfer, isRead: Bool) -> Result {
        switch transfer {
        case .bytes(let count): .bytes(count)
        case .wantsInput: .blocked
        case .wantsOutput: isRead ? .blockedByOutput : .blocked
        case .ended: .ended
        case .broken: .broken
        }
    }

    /// The bytes as they are on the socket, whatever is spoken on it.
    static func receivePlain(_ fd: CInt, _ buffer: UnsafeMutableRawBufferPointer, peek: Bool = false) -> Result {
        result { recv(fd, buffer.baseAddress, buffer.count, peek ? CInt(MSG_PEEK) : 0) }
    }

    static func sendPlain(_ fd: CInt, _ bytes: UnsafeRawBufferPointer) -> Result {
        result { Glibc.send(fd, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL)) }
    }

    private static func result(_ call: () -> Int) -> Result {
        while true {
            let count = call()
            if count > 0 { return .bytes(count) }
            if count == 0 { return .ended }
            switch Errno.last {
            case .interrupted: continue
            case .again: return .blocked
            default: return .broken
            }
        }
    }
}
