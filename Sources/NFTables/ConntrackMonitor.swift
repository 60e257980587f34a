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
        try socket.events(of: NFNL_SUBSYS_CTNETLINK, "new connections", lost: nil) { ConntrackEntry($0) }
    }
}
