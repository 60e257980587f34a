internal import Glibc
internal import Linux
internal import NetTypes
internal import Netlink

/// Waits until the container answers for its IPv6 addresses. The kernel joins an address's multicast group, and so
/// hears who looks for it, in a worker after the link is up, also without duplicate address detection; it announces
/// that like a change of the address.
struct AddressReadiness: ~Copyable {
    private var monitor: NetlinkMonitor
    private var awaited: [CIDR]

    /// Before the first address is added. Must run inside of the container's namespace.
    init(_ addresses: [CIDR]) throws(NetlinkError) {
        monitor = try NetlinkMonitor([.addresses], receiveBuffer: 1 << 16)
        // One event tells of the addition, which came while the link was down, one of the readiness.
        awaited = addresses + addresses
    }

    /// Returns when all are ready; at the latest after a tenth of a second, because an address that is late is late for
    /// its first packet only.
    mutating func wait() throws {
        let deadline = MonotonicTime.now + .milliseconds(100)
        while true {
            for event in try monitor.receive() {
                guard case .addressChanged(let address) = event,
                    let index = awaited.firstIndex(of: address.address)
                else { continue }
                awaited.remove(at: index)
            }
            if awaited.isEmpty || MonotonicTime.now > deadline { return }
            var descriptor = pollfd(fd: monitor.descriptor, events: Int16(POLLIN), revents: 0)
            _ = poll(&descriptor, 1, 20)
        }
    }
}
