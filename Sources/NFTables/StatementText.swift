internal import NetTypes

extension Statement {
    /// The statement as nft(8) writes it in a table of the family.
    func text(in family: Family) -> String {
        switch self {
        case .match(let selector, let test): Self.text(selector, test)
        case .member(let key, let set, let negated): "\(key.text) \(negated ? "!= " : "")@\(set)"
        case .verdictMap(let key, let map): "\(key.text) vmap @\(map)"
        case .verdict(let verdict): verdict.description
        case .counter: "counter"
        case .log(let prefix): "log prefix \"\(prefix)\""
        case .limit(let rate, let burst): "limit rate \(rate)/second burst \(burst) packets"
        case .masquerade(let flags): "masquerade\(flags.text)"
        case .snat(let address, let port, let flags): "snat \(Self.target(address, port))\(flags.text)"
        case .dnat(let address, let port, let flags): "dnat \(Self.target(address, port))\(flags.text)"
        case .dnatMap(let family, let key, let map, _, let flags):
            "dnat \(family == .v4 ? "ip" : "ip6") to \(key.text) map @\(map)\(flags.text)"
        case .setPriorityMap(let key, let map): "meta priority set \(key.text) map @\(map)"
        case .update(let key, let value, let map, let timeout):
            "update @\(map) { \(key.text) timeout \(timeout)ms : \(value) }"
        case .redirect(let port): "redirect to :\(port)"
        case .reject(let rejection): rejection.text(in: family)
        case .trace: "meta nftrace set 1"
        case .setMark(let value, let mask):
            mask == .max
                ? "meta mark set 0x\(hex(value))"
                : "meta mark set meta mark & 0x\(hex(~mask)) | 0x\(hex(value))"
        }
    }

    private static func text(_ selector: Selector, _ test: Test) -> String {
        switch (selector, test) {
        case (_, .equal(let value)): "\(selector) \(value)"
        case (_, .notEqual(let value)): "\(selector) != \(value)"
        case (_, .inside(let network)): "\(selector) \(network.network)"
        case (_, .notInside(let network)): "\(selector) != \(network.network)"
        case (_, .masked(let mask, let bits)): "\(selector) & 0x\(hex(mask)) == 0x\(hex(bits))"
        case (.ctState, .anyOf(let mask)): "\(selector) \(names(mask, ConntrackState.names))"
        case (.ctStatus, .anyOf(let mask)): "\(selector) \(names(mask, ConntrackStatus.names))"
        case (_, .anyOf(let mask)): "\(selector) & 0x\(hex(mask)) != 0x0"
        case (_, .beginning(let prefix)): "\(selector) \"\(prefix)*\""
        case (_, .range(let first, let last)): "\(selector) \(first)-\(last)"
        }
    }

    private static func names<Bits: OptionSet>(_ mask: UInt32, _ names: [(Bits, String)]) -> String
    where Bits.RawValue == UInt32 {
        names.filter { mask & $0.0.rawValue != 0 }.map(\.1).joined(separator: ",")
    }

    private static func target(_ address: IPAddress, _ port: UInt16?) -> String {
        switch (address, port) {
        case (.v4(let address), let port?): "ip to \(address):\(port)"
        case (.v6(let address), let port?): "ip6 to [\(address)]:\(port)"
        case (.v4(let address), nil): "ip to \(address)"
        case (.v6(let address), nil): "ip6 to \(address)"
        }
    }
}

extension Statement.Rejection {
    fileprivate func text(in family: Family) -> String {
        let kind =
            switch family {
            case .ip: "icmp"
            case .ip6: "icmpv6"
            default: "icmpx"
            }
        let isV6 = family == .ip6
        return switch self {
        case .portUnreachable: "reject with \(kind) port-unreachable"
        case .hostUnreachable: "reject with \(kind) \(isV6 ? "addr-unreachable" : "host-unreachable")"
        case .administrativelyProhibited: "reject with \(kind) admin-prohibited"
        case .tcpReset: "reject with tcp reset"
        }
    }
}

private func hex(_ value: UInt32) -> String { String(value, radix: 16) }
