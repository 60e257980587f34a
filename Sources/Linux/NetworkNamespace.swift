internal import CLinux
internal import Glibc

/// A network namespace, held open by a descriptor.
package struct NetworkNamespace: ~Copyable, Sendable {
    package let descriptor: FileDescriptor
    package let path: String

    /// Opens by path (`/run/netns/x`, `/proc/7/ns/net`). A file that is no network namespace is EINVAL.
    package init(path: String) throws(SystemError) {
        // Whatever else the path is, opening it must not wait (a FIFO would).
        let descriptor = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK)
        guard poplin_namespace_type(descriptor.rawValue) == poplin_CLONE_NEWNET else {
            throw SystemError("use as a network namespace", path, .invalid)
        }
        self.descriptor = descriptor
        self.path = path
    }

    /// The calling thread's own namespace.
    package static func current() throws(SystemError) -> NetworkNamespace {
        try NetworkNamespace(path: "/proc/thread-self/ns/net")
    }

    /// Device and inode: equal for two handles on the same namespace.
    package var identity: NamespaceIdentity {
        get throws(SystemError) {
            var status = stat()
            try check("stat", path) { fstat(descriptor.rawValue, &status) }
            return NamespaceIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        }
    }

    /// Runs the body with the calling thread inside the namespace, then goes back.
    ///
    /// The body must not be async and must not start threads: only this thread is inside. Sockets it opens stay in
    /// the namespace after it, which is the preferred use. If the way back fails the process ends, because every
    /// later call of this thread would change the wrong namespace.
    package func run<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
        let home = try NetworkNamespace.current()
        try enter()
        defer { home.enterOrEnd() }
        return try body()
    }

    /// Moves the calling thread into the namespace.
    package func enter() throws(SystemError) { try CallingThread.enter(.network, descriptor, path: path) }

    /// The way back from another namespace, which must not fail.
    package func enterOrEnd() {
        do { try enter() } catch { preconditionFailure("cannot go back to the network namespace: \(error)") }
    }
}

package struct NamespaceIdentity: Hashable, Sendable {
    package var device: UInt64
    package var inode: UInt64

    package init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }
}
