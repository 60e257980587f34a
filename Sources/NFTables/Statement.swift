package import NetTypes

/// One step of a rule: a test that must hold for the rule to go on, or something that is done.
package enum Statement: Hashable, Sendable {
    case match(Selector, Test)
    /// Is the (concatenated) key in the set?
    case member([Selector], of: String, negated: Bool)
    /// Do what the verdict map says for the key; go on when it says nothing.
    case verdictMap([Selector], String)
    case verdict(Verdict)
    case counter
    case log(prefix: String)
    /// Holds while the rate is not exceeded.
    case limit(perSecond: UInt64, burst: UInt32)
    case masquerade(NATFlags)
    case snat(IPAddress, port: UInt16?, NATFlags)
    case dnat(IPAddress, port: UInt16?, NATFlags)
    /// To the address and port, or the address alone, that a map holds for the key; go on when it holds none.
    case dnatMap(IPFamily, [Selector], map: String, hasPort: Bool, NATFlags)
    case redirect(port: UInt16)
    case reject(Rejection)
    /// Sets the packet's priority, where a rule can keep a number for the next statement, to what the map has for the key;
    /// goes on with the next rule when it has nothing.
    case setPriorityMap([Selector], map: String)
    /// Puts the key into the map with the value, or gives it its time again. Milliseconds.
    case update([Selector], Selector, map: String, timeout: UInt64)
    /// Replaces the bits of the packet's mark that are in `mask`.
    case setMark(UInt32, mask: UInt32)
    /// From here on each rule that the packet meets is told to who listens (`NFTTraceMonitor`).
    case trace

    package enum Test: Hashable, Sendable {
        case equal(Datum)
        case notEqual(Datum)
        case inside(CIDR)
        case notInside(CIDR)
        /// value & mask == bits
        case masked(UInt32, equals: UInt32)
        /// value & mask != 0
        case anyOf(UInt32)
        /// Both ends belong to the range.
        case range(Datum, Datum)
        /// Of an interface's name.
        case beginning(String)
    }

    package enum Rejection: Hashable, Sendable {
        case portUnreachable
        case hostUnreachable
        case administrativelyProhibited
        case tcpReset
    }
}

extension Statement {
    package static let accept = Statement.verdict(.accept)
    package static let drop = Statement.verdict(.drop)
    package static let `return` = Statement.verdict(.return)
    package static let masquerade = Statement.masquerade([])
    package static let reject = Statement.reject(.portUnreachable)

    package static func jump(_ chain: Chain) -> Statement { .verdict(.jump(chain.name)) }
    package static func goto(_ chain: Chain) -> Statement { .verdict(.goto(chain.name)) }

    package static func match(_ key: [Selector], in set: NFTSet) -> Statement {
        .member(key, of: set.name, negated: false)
    }

    package static func match(_ key: [Selector], notIn set: NFTSet) -> Statement {
        .member(key, of: set.name, negated: true)
    }

    package static func verdict(_ key: [Selector], from map: NFTSet) -> Statement { .verdictMap(key, map.name) }

    /// The map's data is an address, or an address and a port.
    package static func dnat(_ family: IPFamily, to key: [Selector], map: NFTSet, _ flags: NATFlags = []) -> Statement {
        let hasPort = if case .data(let types) = map.value { types.count > 1 } else { false }
        return .dnatMap(family, key, map: map.name, hasPort: hasPort, flags)
    }

    package static func ctState(_ states: ConntrackState) -> Statement { .match(.ctState, .anyOf(states.rawValue)) }
    package static func ctStatus(_ bits: ConntrackStatus) -> Statement { .match(.ctStatus, .anyOf(bits.rawValue)) }
}
