/// The type of one component of a set's key or of a map's data.
///
/// The kernel keeps the numbers without looking at them; they are those of nft(8) (its datatype.h), so that
/// `nft list ruleset` prints the elements as addresses and ports.
package struct DataType: Hashable, Sendable {
    package var id: UInt32
    /// Length in bytes of a value outside of a concatenation; inside it is padded to four.
    package var length: Int

    package static let ipv4Address = DataType(id: 7, length: 4)
    package static let ipv6Address = DataType(id: 8, length: 16)
    package static let etherAddress = DataType(id: 9, length: 6)
    package static let etherType = DataType(id: 10, length: 2)
    package static let internetProtocol = DataType(id: 12, length: 1)
    package static let internetService = DataType(id: 13, length: 2)
    package static let mark = DataType(id: 19, length: 4)
    package static let interfaceIndex = DataType(id: 20, length: 4)
    package static let addressType = DataType(id: 38, length: 4)
    package static let interfaceName = DataType(id: 41, length: 16)

    /// Types that this program does not know are kept whole and shown as numbers.
    static func unknown(id: UInt32, length: Int) -> DataType { DataType(id: id, length: length) }

    static let known: [DataType] = [
        ipv4Address, ipv6Address, etherAddress, etherType, internetProtocol, internetService, mark, interfaceIndex,
        addressType, interfaceName,
    ]

    var paddedLength: Int { (length + 3) & ~3 }

    /// Host order, as registers hold it; all others are in network order.
    var isHostOrder: Bool { self == .mark || self == .interfaceIndex || self == .interfaceName || self == .addressType }
}

extension DataType: CustomStringConvertible {
    package var description: String {
        switch self {
        case .ipv4Address: "ipv4_addr"
        case .ipv6Address: "ipv6_addr"
        case .etherAddress: "ether_addr"
        case .etherType: "ether_type"
        case .internetProtocol: "inet_proto"
        case .internetService: "inet_service"
        case .mark: "mark"
        case .interfaceIndex: "iface_index"
        case .addressType: "fib_addrtype"
        case .interfaceName: "ifname"
        default: "type-\(id)"
        }
    }
}

extension [DataType] {
    /// The type number of a concatenation: six bits for each component.
    var concatenatedID: UInt32 { reduce(0) { $0 << 6 | $1.id } }

    /// Bytes of a whole key or value: exact for one component, each padded to four in a concatenation.
    var totalLength: Int { count == 1 ? self[0].length : reduce(0) { $0 + $1.paddedLength } }

    var text: String { map(\.description).joined(separator: " . ") }

    /// Takes a type number apart; nil when a component of a concatenation is unknown, or a length does not fit.
    init?(concatenatedID id: UInt32, length: Int) {
        var rest = id
        var types: [DataType] = []
        while rest != 0 {
            let part = rest & 0x3F
            if let type = DataType.known.first(where: { $0.id == part }) {
                types.append(type)
            } else if id == part {
                types.append(.unknown(id: part, length: length))
            } else {
                return nil
            }
            rest >>= 6
        }
        self = types.reversed()
        // Values are kept in sixteen bytes (NFT_REG_SIZE); a component never has more, whatever a message claims.
        if isEmpty || totalLength != length || contains(where: { $0.length > 16 }) { return nil }
    }
}
