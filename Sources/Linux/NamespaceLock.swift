internal import Glibc

/// A name that at most one process holds in a network namespace. The kernel gives it back when the holder ends, in
/// whatever way; no file is needed, so a full or read-only disk is in nobody's way.
package struct NamespaceLock: ~Copyable {
    private let socket: FileDescriptor

    /// Takes the name; `.addressInUse` when another process has it.
    package init(_ name: String) throws(SystemError) {
        guard let address = UnixAddress("@" + name) else { throw SystemError("take the name", name, .invalid) }
        // Nobody can connect to a stream socket that does not listen.
        let claim = FileDescriptor(
            owning: try check("make a socket for", name) {
                Glibc.socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
            })
        try check("take the name", name) { address.withSocketAddress { bind(claim.rawValue, $0, $1) } }
        socket = claim
    }

    /// Whether somebody has the name at this moment, in the network namespace of the calling thread.
    package static func isHeld(_ name: String) throws(SystemError) -> Bool {
        // The last column is the address (unix(7)).
        try Files.readText("/proc/thread-self/net/unix").split(separator: "\n").contains { $0.hasSuffix(" @\(name)") }
    }
}
