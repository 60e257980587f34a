package import NFTables
package import NetTypes

/// The first packet of a connection, as far as the table looks at it.
package struct Packet: Hashable, Sendable {
    package enum Origin: Hashable, Sendable {
        /// It came in by an interface: from a pod, from another node, or from anywhere else.
        case interface(String)
        /// A process of the node has sent it.
        case node
    }

    package var origin: Origin
    package var source: IPAddress
    package var destination: IPAddress
    package var transport: L4Protocol
    package var port: UInt16
    var mark: UInt32 = 0
    var priority: UInt32 = 0
    var isTranslated = false

    package init(
        from source: IPAddress, _ origin: Origin, to destination: IPAddress, _ transport: L4Protocol = .tcp,
        port: UInt16
    ) {
        self.origin = origin
        self.source = source
        self.destination = destination
        self.transport = transport
        self.port = port
    }
}

/// What can become of a packet.
package struct Outcome: Hashable, Sendable, CustomStringConvertible {
    package enum Fate: Hashable, Sendable {
        case delivered(Destination)
        case dropped
        case rejected
    }

    package var fate: Fate
    /// It leaves with an address of the node as its source.
    package var isMasqueraded = false

    package init(_ fate: Fate, isMasqueraded: Bool = false) {
        self.fate = fate
        self.isMasqueraded = isMasqueraded
    }

    package var description: String {
        switch fate {
        case .delivered(let destination): "\(destination)\(isMasqueraded ? " masqueraded" : "")"
        case .dropped: "dropped"
        case .rejected: "rejected"
        }
    }
}
