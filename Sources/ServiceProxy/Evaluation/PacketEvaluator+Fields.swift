internal import NFTables
internal import NetTypes

/// What rules can see of a packet.
extension PacketEvaluator {
    /// Nil when the packet has no such field.
    func data(_ key: [Selector], _ packet: Packet, slot: UInt32 = 0) -> [Datum]? {
        var data: [Datum] = []
        for selector in key {
            guard let value = value(selector, packet, slot) else { return nil }
            data.append(value)
        }
        return data
    }

    private func value(_ selector: Selector, _ packet: Packet, _ slot: UInt32 = 0) -> Datum? {
        switch selector {
        case .ipSource: packet.source.v4.map(Datum.ipv4)
        case .ipDestination: packet.destination.v4.map(Datum.ipv4)
        case .ip6Source: packet.source.v6.map(Datum.ipv6)
        case .ip6Destination: packet.destination.v6.map(Datum.ipv6)
        case .l4proto: .l4proto(packet.transport)
        case .destinationPort: .port(packet.port)
        case .mark: .mark(packet.mark)
        case .priority: .mark(packet.priority)
        case .inputInterface:
            if case .interface(let name) = packet.origin { InterfaceName(name).map(Datum.interface) } else { nil }
        case .sourceAddressType: .addressType(isLocal(packet.source) ? .local : .unicast)
        case .destinationAddressType: .addressType(isLocal(packet.destination) ? .local : .unicast)
        case .ctState: .mark(ConntrackState.new.rawValue)
        case .ctStatus: .mark(packet.isTranslated ? ConntrackStatus.dnat.rawValue : 0)
        case .random, .turn, .sourceHash: .mark(slot)
        default: nil
        }
    }

    func holds(_ test: Statement.Test, _ selector: Selector, _ packet: Packet) -> Bool {
        guard let value = value(selector, packet) else { return false }
        switch test {
        case .equal(let wanted): return value == wanted
        case .notEqual(let unwanted): return value != unwanted
        case .inside(let network): return value.ipAddress.map(network.contains) ?? false
        case .notInside(let network): return value.ipAddress.map { !network.contains($0) } ?? false
        case .masked(let mask, let bits): return value.bits.map { $0 & mask == bits } ?? false
        case .anyOf(let mask): return value.bits.map { $0 & mask != 0 } ?? false
        case .range(let first, let last): return first.precedes(value) && value.precedes(last)
        case .beginning(let prefix):
            return if case .interface(let name) = value { "\(name)".hasPrefix(prefix) } else { false }
        }
    }
}

extension Datum {
    var ipAddress: IPAddress? {
        switch self {
        case .ipv4(let address): .v4(address)
        case .ipv6(let address): .v6(address)
        default: nil
        }
    }

    fileprivate var bits: UInt32? { if case .mark(let bits) = self { bits } else { nil } }

    /// Is it the same or less?
    func precedes(_ other: Datum) -> Bool {
        switch (self, other) {
        case (.ipv4(let a), .ipv4(let b)): a.rawValue <= b.rawValue
        case (.ipv6(let a), .ipv6(let b)): a.rawValue <= b.rawValue
        case (.port(let a), .port(let b)): a <= b
        default: self == other
        }
    }
}
