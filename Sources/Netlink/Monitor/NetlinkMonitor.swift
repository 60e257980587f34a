internal import CNetlink
internal import Glibc
package import Linux

/// Hears of changes of the kernel's tables in one network namespace.
///
/// To miss nothing: open the monitor first, then read the tables, then act on events; and read the tables again after
/// `.overrun`.
package struct NetlinkMonitor: ~Copyable {
    private let port: NetlinkPort
    private var buffer = ReceiveBuffer()

    /// `receiveBuffer` is how many bytes of unread events the kernel keeps, beyond the system's limit where the caller
    /// may; an event takes about 1 KiB of it.
    package init(_ groups: MonitorGroups, receiveBuffer: Int = 4 << 20) throws(NetlinkError) {
        self.init(try NetlinkPort(groups: groups.rawValue), receiveBuffer)
    }

    package init(_ groups: MonitorGroups, in namespace: borrowing NetworkNamespace, receiveBuffer: Int = 4 << 20)
        throws(NetlinkError)
    {
        self.init(try NetlinkPort.open(in: namespace, groups: groups.rawValue), receiveBuffer)
    }

    private init(_ port: consuming NetlinkPort, _ receiveBuffer: Int) {
        let size = CInt(clamping: receiveBuffer)
        if !port.set(SOL_SOCKET, SO_RCVBUFFORCE, size) { port.set(SOL_SOCKET, SO_RCVBUF, size) }
        self.port = port
    }

    /// For epoll: readable when there are events, or an overrun to report. The monitor keeps it.
    package var descriptor: CInt { port.descriptor.rawValue }

    /// What has happened since the last call, without waiting; empty if nothing has. After `limit` events the rest is
    /// left for the next call.
    package mutating func receive(limit: Int = 4096) throws(NetlinkError) -> [NetlinkEvent] {
        var events: [NetlinkEvent] = []
        while events.count < limit {
            do {
                let length = try port.receive(into: buffer)
                buffer.forEachMessage(length: length) { header, message in
                    if let event = NetlinkEvent(header, message) { events.append(event) }
                }
                if length > buffer.memory.count {
                    buffer.grow(toHold: length)
                    events.append(.overrun)
                }
            } catch  where error.errno == .noBuffers {
                events.append(.overrun)
            } catch  where error.errno == .again {
                return events
            } catch {
                throw error.about("listen for", "changes of the kernel's tables")
            }
        }
        return events
    }
}
