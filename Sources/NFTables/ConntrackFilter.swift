package import NetTypes

/// Which tracked connections: those for which everything that is given holds. A name here is the field's place in the
/// connection: `original` as the first packet came in, `reply` as the answers come, which shows what NAT did. So a
/// connection to a mapped host port has that port as `originalDestinationPort` and the pod as `replySource`.
package struct ConntrackFilter: Hashable, Sendable {
    package var family: IPFamily
    package var l4proto: L4Protocol?
    package var originalSource: IPAddress?
    package var originalDestination: IPAddress?
    package var originalDestinationPort: UInt16?
    package var replySource: IPAddress?
    package var replyDestination: IPAddress?
    package var replySourcePort: UInt16?

    package init(
        _ family: IPFamily, _ l4proto: L4Protocol? = nil, originalSource: IPAddress? = nil,
        originalDestination: IPAddress? = nil, originalDestinationPort: UInt16? = nil, replySource: IPAddress? = nil,
        replyDestination: IPAddress? = nil, replySourcePort: UInt16? = nil
    ) {
        self.family = family
        self.l4proto = l4proto
        self.originalSource = originalSource
        self.originalDestination = originalDestination
        self.originalDestinationPort = originalDestinationPort
        self.replySource = replySource
        self.replyDestination = replyDestination
        self.replySourcePort = replySourcePort
    }

    package func matches(_ entry: ConntrackEntry) -> Bool {
        func holds<Field: Equatable>(_ wanted: Field?, _ found: Field) -> Bool { wanted == nil || wanted == found }
        return entry.original.source.family == family && holds(l4proto, entry.l4proto)
            && holds(originalSource, entry.original.source) && holds(originalDestination, entry.original.destination)
            && holds(originalDestinationPort, entry.original.destinationPort)
            && holds(replySource, entry.reply.source) && holds(replyDestination, entry.reply.destination)
            && holds(replySourcePort, entry.reply.sourcePort)
    }

    /// What both ask for: all that one of them matches is matched by it. Nil for different families.
    func common(with other: ConntrackFilter) -> ConntrackFilter? {
        if family != other.family { return nil }
        func same<Field: Equatable>(_ a: Field?, _ b: Field?) -> Field? { a == b ? a : nil }
        return ConntrackFilter(
            family, same(l4proto, other.l4proto), originalSource: same(originalSource, other.originalSource),
            originalDestination: same(originalDestination, other.originalDestination),
            originalDestinationPort: same(originalDestinationPort, other.originalDestinationPort),
            replySource: same(replySource, other.replySource),
            replyDestination: same(replyDestination, other.replyDestination),
            replySourcePort: same(replySourcePort, other.replySourcePort))
    }
}

/// A connection that the kernel tracks.
package struct ConntrackEntry: Hashable, Sendable {
    package var l4proto: L4Protocol
    package var original: Direction
    package var reply: Direction
    package var mark: UInt32 = 0
    /// What the kernel needs to find exactly this connection again.
    var identity: Identity

    package struct Direction: Hashable, Sendable {
        package var source: IPAddress
        package var destination: IPAddress
        /// 0 for protocols without ports.
        package var sourcePort: UInt16
        package var destinationPort: UInt16

        package init(source: IPAddress, destination: IPAddress, sourcePort: UInt16, destinationPort: UInt16) {
            self.source = source
            self.destination = destination
            self.sourcePort = sourcePort
            self.destinationPort = destinationPort
        }
    }

    struct Identity: Hashable, Sendable {
        /// CTA_TUPLE_ORIG as the kernel wrote it, for it also has what only some protocols have.
        var tuple: [UInt8]
        var zone: UInt16?
        /// In network order; another connection with the same tuple has another one.
        var id: UInt32?
    }
}

extension ConntrackEntry: CustomStringConvertible {
    package var description: String { "\(l4proto) \(original), answered \(reply)" }
}

extension ConntrackEntry.Direction: CustomStringConvertible {
    package var description: String { "\(source) port \(sourcePort) to \(destination) port \(destinationPort)" }
}
