internal import Glibc
internal import Linux
internal import Netlink

/// Counts what changes in the kernel of this network namespace.
final class KernelEvents {
    private var monitor: NetlinkMonitor

    init() throws { monitor = try NetlinkMonitor(.all, receiveBuffer: 64 << 20) }

    /// Waits for so many routes to be made. Throws `.timedOut` when ten seconds pass without one.
    func await(routes wanted: Int) throws {
        var seen = 0
        while seen < wanted {
            guard waitForEvent(milliseconds: 10_000) else { throw SystemError("see", "\(wanted) routes", .timedOut) }
            for event in try monitor.receive() {
                if case .routeChanged(let route) = event, route.gateway != nil { seen += 1 }
            }
        }
    }

    /// How many changes come until none has come for this long.
    func countUntilQuiet(_ quiet: Duration) throws -> Int {
        var count = 0
        while waitForEvent(milliseconds: Int32(milliseconds(quiet))) { count += try monitor.receive().count }
        return count
    }

    private func waitForEvent(milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: monitor.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, milliseconds) == 1
    }
}
