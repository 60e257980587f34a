internal import Glibc
internal import Linux

/// A lock among the programs of this machine that leaves nothing behind: the name of an abstract socket (unix(7)),
/// which the kernel frees when its holder ends in whatever way. A lab's lock has its name; others begin with a slash.
struct LabLock: ~Copyable {
    private let socket: FileDescriptor

    /// Waits for the lock; `errno` is `.timedOut` after the deadline.
    private init(_ name: String, within limit: Duration = .seconds(60)) throws(SystemError) {
        let descriptor = FileDescriptor(
            owning: try check("open", "a socket") {
                Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            })
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let octets = [0] + Array("poplin-lab/\(name)".utf8)
        precondition(octets.count < MemoryLayout.size(ofValue: address.sun_path), "lock name too long")
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: octets) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + octets.count)
        let deadline = ContinuousClock.now + limit
        while withUnsafePointer(
            to: &address,
            { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor.rawValue, $0, length) } }) != 0
        {
            let cause = Errno.last
            guard cause == Errno(EADDRINUSE) else { throw SystemError("lock", name, cause) }
            if ContinuousClock.now > deadline { throw SystemError("lock", name, .timedOut) }
            usleep(10_000)
        }
        socket = descriptor
    }

    /// Runs the body while holding the lock.
    static func hold<Result: ~Copyable>(_ name: String, _ body: () throws -> Result) throws -> Result {
        let lock = try LabLock(name)
        let result = try body()
        // Here, not before: a value that is not used again may die early.
        lock.release()
        return result
    }

    private consuming func release() {}
}
