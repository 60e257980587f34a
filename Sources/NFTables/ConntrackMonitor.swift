internal import CNftables
internal import Linux

/// Hears of new tracked connections in the namespace of the thread that opens it. Some may be missed when many come.
package struct ConntrackMonitor: ~Copyable {
    private let socket: NetfilterSocket

    package init() throws(NFTError) {
        socket = try NetfilterSocket(groups: [CInt(NFNLGRP_CONNTRACK_NEW.rawValue)], receiveSpace: 4 << 20)
    }

    /// Readable when events wait; for epoll.
    package var descriptor: Int32 { socket.descriptor }

    /// All that wait, without waiting for more.
    package func receive() throws(NFTError) -> [ConntrackEntry] {
        var entries: [ConntrackEntry] = []
        while true {
            do {
                guard let datagram = try socket.receive(wait: false) else { return entries }
                for message in Messages(datagram)
                where CInt(message.pointee.nlmsg_type >> 8) == NFNL_SUBSYS_CTNETLINK {
                    if let entry = ConntrackEntry(message) { entries.append(entry) }
                }
            } catch .noBuffers {
                continue
            } catch {
                throw NFTError("receive", "new connections", error)
            }
        }
    }
}
