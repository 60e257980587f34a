internal import CNetlink
package import NetTypes

/// A rule of the routing policy: which packets look into which table. Lower priority numbers are asked first.
package struct RoutingRule: Hashable, Sendable {
    package var family: IPFamily
    package var priority: UInt32
    package var action: RuleAction
    /// Nil is any.
    package var source: CIDR?
    package var destination: CIDR?
    package var mark: UInt32?
    /// All bits unless said otherwise; of no effect without a mark.
    package var markMask: UInt32 = .max
    package var inputInterface: String?
    package var outputInterface: String?
    /// Holds for the packets that do not fit.
    package var isInverted = false
    package var protocolNumber: RouteProtocol = .boot

    package init(_ family: IPFamily, priority: UInt32, _ action: RuleAction) {
        self.family = family
        self.priority = priority
        self.action = action
    }
}

package enum RuleAction: Hashable, Sendable {
    case lookUp(RouteTable)
    case blackhole
    case unreachable
    case prohibit
    /// One that this layer does not make (FR_ACT_*).
    case other(UInt8)

    fileprivate var number: UInt8 {
        switch self {
        case .lookUp: UInt8(FR_ACT_TO_TBL)
        case .blackhole: UInt8(FR_ACT_BLACKHOLE)
        case .unreachable: UInt8(FR_ACT_UNREACHABLE)
        case .prohibit: UInt8(FR_ACT_PROHIBIT)
        case .other(let number): number
        }
    }

    fileprivate init(number: UInt8, table: RouteTable) {
        switch Int(number) {
        case Int(FR_ACT_TO_TBL): self = .lookUp(table)
        case Int(FR_ACT_BLACKHOLE): self = .blackhole
        case Int(FR_ACT_UNREACHABLE): self = .unreachable
        case Int(FR_ACT_PROHIBIT): self = .prohibit
        default: self = .other(number)
        }
    }
}

extension RoutingRule: CustomStringConvertible {
    package var description: String {
        var text = "\(family == .v4 ? "IPv4" : "IPv6") rule \(priority)"
        if let source { text += " from \(source)" }
        if let destination { text += " to \(destination)" }
        if let mark { text += " mark \(mark)" }
        if case .lookUp(let table) = action { text += " table \(table.rawValue)" }
        return text
    }
}

extension RoutingRule {
    func encoded(_ verb: Verb) throws(NetlinkError) -> Message {
        var message = try Message(verb.type(new: RTM_NEWRULE, delete: RTM_DELRULE), flags: verb.flags)
        var header = fib_rule_hdr()
        header.family = family.number
        header.src_len = UInt8(source?.prefixLength ?? 0)
        header.dst_len = UInt8(destination?.prefixLength ?? 0)
        header.action = action.number
        header.flags = isInverted ? UInt32(FIB_RULE_INVERT) : 0
        message.header(header)
        message.put(FRA_PRIORITY, priority)
        if case .lookUp(let table) = action { message.put(FRA_TABLE, table.rawValue) }
        if let source { message.put(FRA_SRC, source.network.address) }
        if let destination { message.put(FRA_DST, destination.network.address) }
        if let mark {
            message.put(FRA_FWMARK, mark)
            message.put(FRA_FWMASK, markMask)
        }
        if let inputInterface { message.put(FRA_IIFNAME, inputInterface) }
        if let outputInterface { message.put(FRA_OIFNAME, outputInterface) }
        message.put(FRA_PROTOCOL, protocolNumber.rawValue)
        return message
    }

    /// Reads a whole RTM_NEWRULE or RTM_DELRULE message of the families IPv4 and IPv6.
    init?(_ message: RawSpan) {
        guard let header: fib_rule_hdr = message.value(at: 16), let family = IPFamily(number: header.family)
        else { return nil }
        self.init(family, priority: 0, .other(0))
        var table = RouteTable(rawValue: UInt32(header.table))
        isInverted = header.flags & UInt32(FIB_RULE_INVERT) != 0
        protocolNumber = RouteProtocol(rawValue: 0)
        message.forEachAttribute(from: 28) { type, value in
            switch type {
            case Int(FRA_PRIORITY): priority = value.u32 ?? 0
            case Int(FRA_TABLE): table = value.u32.map(RouteTable.init) ?? table
            case Int(FRA_SRC): source = value.network(family, header.src_len)
            case Int(FRA_DST): destination = value.network(family, header.dst_len)
            case Int(FRA_FWMARK): mark = value.u32
            case Int(FRA_FWMASK): markMask = value.u32 ?? .max
            case Int(FRA_IIFNAME): inputInterface = value.text
            case Int(FRA_OIFNAME): outputInterface = value.text
            case Int(FRA_PROTOCOL): protocolNumber = RouteProtocol(rawValue: value.u8 ?? 0)
            default: break
            }
        }
        action = RuleAction(number: header.action, table: table)
    }
}

extension RawSpan {
    fileprivate func network(_ family: IPFamily, _ length: UInt8) -> CIDR? {
        guard let address = ipAddress, address.family == family, Int(length) <= family.width else { return nil }
        return CIDR(address, Int(length))
    }
}

extension NetlinkSocket {
    /// The routing rules of one family or both, in the order in which the kernel asks them.
    package mutating func rules(_ family: IPFamily? = nil) throws(NetlinkError) -> [RoutingRule] {
        guard let family else { return try rules(.v4) + rules(.v6) }
        return try dump("routing rules") { () throws(NetlinkError) in
            var message = try Message(RTM_GETRULE)
            var header = fib_rule_hdr()
            header.family = family.number
            message.header(header)
            return message
        } _: { reply in
            RoutingRule(reply).flatMap { $0.family == family ? $0 : nil }
        }
    }
}
