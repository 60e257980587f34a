package import NetTypes

/// One value: a component of a key or of a map's data, or the right side of a comparison.
package enum Datum: Hashable, Sendable {
    case ipv4(IPv4Address)
    case ipv6(IPv6Address)
    case ether(MACAddress)
    case etherType(UInt16)
    case l4proto(L4Protocol)
    case port(UInt16)
    case mark(UInt32)
    case interfaceIndex(UInt32)
    case interface(InterfaceName)
    case addressType(AddressType)
    /// Of a type that has no case of its own, in network order.
    indirect case other(UInt128, DataType)

    package static func address(_ address: IPAddress) -> Datum {
        switch address {
        case .v4(let address): .ipv4(address)
        case .v6(let address): .ipv6(address)
        }
    }

    package var type: DataType {
        switch self {
        case .ipv4: .ipv4Address
        case .ipv6: .ipv6Address
        case .ether: .etherAddress
        case .etherType: .etherType
        case .l4proto: .internetProtocol
        case .port: .internetService
        case .mark: .mark
        case .interfaceIndex: .interfaceIndex
        case .interface: .interfaceName
        case .addressType: .addressType
        case .other(_, let type): type
        }
    }

    /// The value in network order, as a number of `type.length` bytes.
    private var number: UInt128 {
        switch self {
        case .ipv4(let address): UInt128(address.rawValue)
        case .ipv6(let address): address.rawValue
        case .ether(let address): UInt128(address.rawValue)
        case .etherType(let value), .port(let value): UInt128(value)
        case .l4proto(let value): UInt128(value.rawValue)
        case .mark(let value), .interfaceIndex(let value): UInt128(value.bigEndian)
        case .addressType(let type): UInt128(type.rawValue.bigEndian)
        case .interface(let name): name.rawValue
        case .other(let value, _): value
        }
    }

    /// Writes `type.length` bytes, as the kernel's registers hold them.
    func write(to target: UnsafeMutableRawPointer) {
        let length = type.length
        withUnsafeBytes(of: number.bigEndian) { bytes in
            guard let base = bytes.baseAddress else { return }
            target.copyMemory(from: base + (16 - length), byteCount: length)
        }
    }

    var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            write(to: UnsafeMutableRawPointer(base))
            count = type.length
        }
    }

    init(_ type: DataType, from source: UnsafeRawPointer) {
        var number: UInt128 = 0
        withUnsafeMutableBytes(of: &number) { bytes in
            guard let base = bytes.baseAddress else { return }
            (base + (16 - type.length)).copyMemory(from: source, byteCount: type.length)
        }
        number = number.bigEndian
        self =
            switch type {
            case .ipv4Address: .ipv4(IPv4Address(rawValue: UInt32(number)))
            case .ipv6Address: .ipv6(IPv6Address(rawValue: number))
            case .etherAddress: .ether(MACAddress(rawValue: UInt64(number)))
            case .etherType: .etherType(UInt16(number))
            case .internetProtocol: .l4proto(L4Protocol(rawValue: UInt8(number)))
            case .internetService: .port(UInt16(number))
            case .mark: .mark(UInt32(bigEndian: UInt32(number)))
            case .interfaceIndex: .interfaceIndex(UInt32(bigEndian: UInt32(number)))
            case .interfaceName: .interface(InterfaceName(rawValue: number))
            case .addressType: .addressType(AddressType(rawValue: UInt32(bigEndian: UInt32(number))))
            default: .other(number, type)
            }
    }

    /// The next value of the same type; nil after the last. Ends of intervals are kept exclusive by the kernel.
    var successor: Datum? {
        let length = type.length
        let last = length == 16 ? UInt128.max : (UInt128(1) << UInt128(8 * length)) - 1
        if number == last { return nil }
        return moved(by: 1)
    }

    var predecessor: Datum? { number == 0 ? nil : moved(by: -1) }

    static func last(of type: DataType) -> Datum {
        withUnsafeBytes(of: UInt128.max) { bytes in
            guard let base = bytes.baseAddress else { return .other(0, type) }
            return Datum(type, from: base)
        }
    }

    private func moved(by distance: Int) -> Datum {
        let next = (distance > 0 ? number + 1 : number - 1).bigEndian
        return withUnsafeBytes(of: next) { bytes in
            guard let base = bytes.baseAddress else { return self }
            return Datum(type, from: base + (16 - type.length))
        }
    }
}

extension Datum: CustomStringConvertible {
    package var description: String {
        switch self {
        case .ipv4(let address): address.description
        case .ipv6(let address): address.description
        case .ether(let address): address.description
        case .etherType(let value): "0x\(String(value, radix: 16))"
        case .l4proto(let value): value.description
        case .port(let value): value.description
        case .mark(let value): "0x\(String(value, radix: 16))"
        case .interfaceIndex(let value): value.description
        case .interface(let name): "\"\(name)\""
        case .addressType(let value): value.description
        case .other(let value, _): "0x\(String(value, radix: 16))"
        }
    }
}

extension [Datum] {
    var text: String { map(\.description).joined(separator: " . ") }
}
