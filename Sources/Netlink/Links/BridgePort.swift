/// Settings of a link as a port of a bridge; nil leaves one as it is. Those that were read have all set.
package struct BridgePort: Hashable, Sendable {
    /// Sends a packet back out of the port that it came in by.
    package var hairpin: Bool?
    /// Does not exchange packets with other isolated ports.
    package var isolated: Bool?
    package var learning: Bool?
    package var unicastFlood: Bool?
    package var multicastFlood: Bool?
    package var broadcastFlood: Bool?
    /// Spanning tree: 0 disabled, 1 listening, 2 learning, 3 forwarding, 4 blocking.
    package var state: UInt8?
    /// The bridge's number for the port, the lowest that was free, from 1; read only.
    package var number: UInt16?

    package init(hairpin: Bool? = nil, isolated: Bool? = nil, learning: Bool? = nil) {
        self.hairpin = hairpin
        self.isolated = isolated
        self.learning = learning
    }
}

/// VLANs of a bridge port, or of the bridge itself: one, or all from `first` to `last`.
package struct BridgeVLAN: Hashable, Sendable, CustomStringConvertible {
    package var first: UInt16
    package var last: UInt16
    /// Untagged packets that arrive belong to this VLAN (one VLAN of a port).
    package var isPortVLAN: Bool
    /// Packets of the VLAN leave untagged.
    package var isUntagged: Bool

    package init(_ first: UInt16, through last: UInt16? = nil, isPortVLAN: Bool = false, isUntagged: Bool = false) {
        self.first = first
        self.last = last ?? first
        self.isPortVLAN = isPortVLAN
        self.isUntagged = isUntagged
    }

    package var description: String { first == last ? "VLAN \(first)" : "VLANs \(first)-\(last)" }
}
