internal import Glibc

/// One message to a datagram socket of the unix family (unix(7)).
package enum UnixDatagram {
    /// Sends without waiting. A path that begins with `@` names an abstract socket.
    package static func send(_ message: some Collection<UInt8>, to path: String) throws(SystemError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        guard !name.isEmpty, name.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw SystemError("send to", path, .invalid)
        }
        // An abstract name is as long as the address says, a path ends with its zero byte; both fit as they are.
        if name[0] == UInt8(ascii: "@") { name[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)

        let socket = FileDescriptor(
            owning: try check("make a socket for", path) {
                Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
            })
        let bytes = Array(message)
        try check("send to", path) {
            withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(socket.rawValue, bytes, bytes.count, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT), $0, length)
                }
            }
        }
    }
}
