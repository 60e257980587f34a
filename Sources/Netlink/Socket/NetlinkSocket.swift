internal import CNetlink
internal import Glibc
package import Linux

/// A socket to the kernel's routing tables: links, addresses, routes, rules, neighbours and queueing disciplines.
///
/// It belongs to the network namespace that its thread was in when it was opened, for good. The kernel answers while
/// the request is being sent, so that no call here waits for anything but the kernel's own locks (`deleteLinks` is the
/// exception: its answers may come later, and are then passed over by number). Not for use by two threads at once.
///
/// The socket itself is made by plain system calls rather than by libnl: libnl turns ENOBUFS and ENOMEM into one
/// error, drops the extended acknowledgement, and chooses port numbers in user space.
package struct NetlinkSocket: ~Copyable {
    let port: NetlinkPort
    var buffer = ReceiveBuffer()
    private var sequence: UInt32 = 0
    var batchLimit: BatchLimit?

    /// Opens a socket in the calling thread's network namespace.
    package init() throws(NetlinkError) { self.init(try NetlinkPort()) }

    /// Opens a socket in another network namespace; the calling thread comes back at once.
    package init(in namespace: borrowing NetworkNamespace) throws(NetlinkError) {
        self.init(try NetlinkPort.open(in: namespace))
    }

    private init(_ port: consuming NetlinkPort) {
        // Acknowledgements without a copy of the request but with the reason in words; dumps that honour filters.
        // Kernels before 4.20 lack the last: dumps are also filtered here, so that the answer is the same.
        port.enable(NETLINK_CAP_ACK)
        port.enable(NETLINK_EXT_ACK)
        port.enable(NETLINK_GET_STRICT_CHK)
        self.port = port
    }

    /// The next `count` sequence numbers; the first of them.
    mutating func takeSequence(_ count: Int = 1) -> UInt32 {
        defer { sequence &+= UInt32(truncatingIfNeeded: count) }
        return sequence &+ 1
    }

    /// Runs one request; throws what the kernel says against it.
    package mutating func run(_ request: NetlinkRequest) throws(NetlinkError) {
        if let error = runAll([request])[0] { throw error }
    }
}
