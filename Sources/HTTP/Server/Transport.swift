internal import Glibc
internal import Linux

/// How bytes go over a connection's socket, which is non-blocking.
enum Transport {
    enum Result {
        /// So many bytes; at least one.
        case bytes(Int)
        /// Not before the socket is ready again.
        case blocked
        /// The client sends nothing more.
        case ended
        case broken
    }

    case plain

    func receive(_ fd: CInt, _ buffer: UnsafeMutableRawBufferPointer) -> Result {
        switch self {
        case .plain:
            while true {
                let count = recv(fd, buffer.baseAddress, buffer.count, 0)
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

    func send(_ fd: CInt, _ bytes: UnsafeRawBufferPointer) -> Result {
        switch self {
        case .plain:
            while true {
                let count = Glibc.send(fd, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
                if count >= 0 { return .bytes(count) }
                switch Errno.last {
                case .interrupted: continue
                case .again: return .blocked
                default: return .broken
                }
            }
        }
    }
}
