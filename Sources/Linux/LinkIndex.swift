internal import CLinux
internal import Glibc

extension FileDescriptor {
    /// The number of the link by that name in the socket's network namespace (SIOCGIFINDEX), for any kind of socket.
    package func index(ofLink name: String) throws(SystemError) -> Int32 {
        // A longer one would be cut off, and may then be another's.
        guard name.utf8.count < Int(IFNAMSIZ) else { throw SystemError("look up", "link \(name)", Errno(ENODEV)) }
        return try check("look up", "link \(name)") { poplin_link_index(rawValue, name) }
    }
}
