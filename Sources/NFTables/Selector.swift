package import NetTypes

/// Something of a packet or its connection that a rule looks at.
package enum Selector: Hashable, Sendable {
    case ipSource
    case ipDestination
    case ip6Source
    case ip6Destination
    case etherSource
    case etherDestination
    /// Ports of TCP, UDP, SCTP and the like, whichever the packet is.
    case sourcePort
    case destinationPort
    case l4proto
    /// The EtherType of the frame.
    case `protocol`
    case mark
    case priority
    case inputInterface
    case outputInterface
    /// Is the address local to this node, by its routing tables?
    case sourceAddressType
    case destinationAddressType
    case ctState
    case ctStatus
    case ctMark
    /// A random number below the modulus.
    case random(UInt32)
    /// The next number below the modulus; each rule counts for itself.
    case turn(UInt32)
    /// A number below the modulus that follows from the source address, the same on every node.
    case sourceHash(IPFamily, UInt32)
}

extension Selector {
    var type: DataType {
        switch self {
        case .ipSource, .ipDestination: .ipv4Address
        case .ip6Source, .ip6Destination: .ipv6Address
        case .etherSource, .etherDestination: .etherAddress
        case .sourcePort, .destinationPort: .internetService
        case .l4proto: .internetProtocol
        case .protocol: .etherType
        case .mark, .priority, .ctMark, .ctState, .ctStatus, .random, .turn, .sourceHash: .mark
        case .inputInterface, .outputInterface: .interfaceName
        case .sourceAddressType, .destinationAddressType: .addressType
        }
    }

    /// The layer that a packet must have before the selector means anything.
    var layer: Layer? {
        switch self {
        case .ipSource, .ipDestination, .sourceHash(.v4, _): .ip
        case .ip6Source, .ip6Destination, .sourceHash(.v6, _): .ip6
        case .etherSource, .etherDestination: .ethernet
        default: nil
        }
    }

    enum Layer { case ethernet, ip, ip6 }

    /// Of `sourceHash`: a fixed one, so that all nodes choose alike.
    package static let hashSeed: UInt32 = 1

    /// Loads the value, or the first `length` bytes of a header field.
    func load(to register: Register, length: Int? = nil) -> [Expression] {
        let value = loading(to: register, length: length)
        guard case .sourceHash(let family, let modulus) = self else { return [value] }
        // The address may reach into the words behind the register, which are free.
        let size = UInt32(family.sourceSelector.type.length)
        return [value, .hash(register, length: size, modulus: modulus, seed: Self.hashSeed, to: register)]
    }

    private func loading(to register: Register, length: Int?) -> Expression {
        let size = UInt32(length ?? type.length)
        return switch self {
        case .ipSource: .payload(.network, offset: 12, length: size, to: register)
        case .ipDestination: .payload(.network, offset: 16, length: size, to: register)
        case .ip6Source: .payload(.network, offset: 8, length: size, to: register)
        case .ip6Destination: .payload(.network, offset: 24, length: size, to: register)
        case .etherDestination: .payload(.link, offset: 0, length: size, to: register)
        case .etherSource: .payload(.link, offset: 6, length: size, to: register)
        case .sourcePort: .payload(.transport, offset: 0, length: size, to: register)
        case .destinationPort: .payload(.transport, offset: 2, length: size, to: register)
        case .l4proto: .meta(.l4proto, to: register)
        case .protocol: .meta(.protocol, to: register)
        case .mark: .meta(.mark, to: register)
        case .priority: .meta(.priority, to: register)
        case .inputInterface: .meta(.inputName, to: register)
        case .outputInterface: .meta(.outputName, to: register)
        // NFT_FIB_RESULT_ADDRTYPE with NFTA_FIB_F_SADDR or NFTA_FIB_F_DADDR.
        case .sourceAddressType: .fib(result: 3, flags: 1, to: register)
        case .destinationAddressType: .fib(result: 3, flags: 2, to: register)
        case .ctState: .ct(.state, to: register)
        case .ctStatus: .ct(.status, to: register)
        case .ctMark: .ct(.mark, to: register)
        case .random(let modulus): .numgen(random: true, modulus: modulus, offset: 0, to: register)
        case .turn(let modulus): .numgen(random: false, modulus: modulus, offset: 0, to: register)
        // What is hashed.
        case .sourceHash(let family, _): family.sourceSelector.loading(to: register, length: nil)
        }
    }
}

extension Selector: CustomStringConvertible {
    package var description: String {
        switch self {
        case .ipSource: "ip saddr"
        case .ipDestination: "ip daddr"
        case .ip6Source: "ip6 saddr"
        case .ip6Destination: "ip6 daddr"
        case .etherSource: "ether saddr"
        case .etherDestination: "ether daddr"
        case .sourcePort: "th sport"
        case .destinationPort: "th dport"
        case .l4proto: "meta l4proto"
        case .protocol: "meta protocol"
        case .mark: "meta mark"
        case .priority: "meta priority"
        case .inputInterface: "iifname"
        case .outputInterface: "oifname"
        case .sourceAddressType: "fib saddr type"
        case .destinationAddressType: "fib daddr type"
        case .ctState: "ct state"
        case .ctStatus: "ct status"
        case .ctMark: "ct mark"
        case .random(let modulus): "numgen random mod \(modulus)"
        case .turn(let modulus): "numgen inc mod \(modulus)"
        case .sourceHash(let family, let modulus): "jhash \(family.sourceSelector) mod \(modulus) seed 0x1"
        }
    }
}

extension [Selector] {
    var text: String { map(\.description).joined(separator: " . ") }
}
