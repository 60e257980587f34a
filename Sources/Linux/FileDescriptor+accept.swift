internal import CLinux

extension FileDescriptor {
    /// Takes the next connection off a listening socket, non-blocking as the socket itself; nil when none waits.
    package static func accept(from listener: borrowing FileDescriptor) throws(SystemError) -> FileDescriptor? {
        let raw = listener.rawValue
        do {
            return FileDescriptor(
                owning: try check("accept a connection on", "descriptor \(raw)") { poplin_accept(raw) })
        } catch  where error.errno == .again || error.errno == .connectionAborted {
            return nil
        }
    }
}
