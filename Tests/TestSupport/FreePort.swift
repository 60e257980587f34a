internal import Glibc
internal import Linux
internal import Synchronization

/// Ports of 127.0.0.1 for servers that cannot say which one the kernel gave them, as etcd.
///
/// They are below those that the kernel gives to whoever asks for any (ip_local_port_range begins at 32768), and no two
/// are the same: between here and the server's start nobody else of this test run gets one.
package enum FreePort {
    private static let first = 12_000
    private static let count = 20_000
    /// Two runs at once begin apart.
    private static let used = Atomic<Int>(Int(getpid()) % 100 * 200)

    package static func next() throws -> UInt16 {
        for _ in 0..<count {
            let port = UInt16(first + used.add(1, ordering: .relaxed).oldValue % count)
            if try isFree(port) { return port }
        }
        throw SystemError("find", "a free port", .addressInUse)
    }

    private static func isFree(_ port: UInt16) throws(SystemError) -> Bool {
        let socket = FileDescriptor(
            owning: try check("make", "a socket") {
                Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            })
        return Loopback.withAddress(port) { bind(socket.rawValue, $0, $1) == 0 }
    }
}
