internal import NetTypes

/// Turns statements into the kernel's instructions, with the checks of the packet's layers that they rest on, in the
/// form nft(8) makes, so that it can print them back.
struct StatementCompiler {
    private let family: Family
    private var known: [Selector.Layer] = []
    private var knowsTCP = false
    private(set) var expressions: [Expression] = []

    init(_ family: Family) { self.family = family }

    mutating func add(_ statement: Statement) {
        switch statement {
        case .match(let selector, let test): match(selector, test)
        case .member(let key, let set, let negated):
            load(key)
            expressions.append(.lookup(.first, set: set, inverted: negated))
        case .verdictMap(let key, let map):
            load(key)
            expressions.append(.verdictMap(.first, set: map))
        case .verdict(let verdict): expressions.append(.verdict(verdict))
        case .counter: expressions.append(.counter)
        case .log(let prefix): expressions.append(.log(prefix: prefix))
        case .limit(let rate, let burst): expressions.append(.limit(rate: rate, unit: 1, burst: burst))
        case .masquerade(let flags): expressions.append(.masquerade(flags: flags))
        case .snat(let address, let port, let flags): translate(source: true, address, port, flags)
        case .dnat(let address, let port, let flags): translate(source: false, address, port, flags)
        case .dnatMap(let family, let key, let map, let hasPort, let flags):
            load(key)
            let words = family == .v4 ? 1 : 4
            expressions.append(.map(.first, set: map, to: .first))
            expressions.append(
                .nat(
                    source: false, family: family == .v4 ? .ip : .ip6, address: .first,
                    port: hasPort ? Register(word: words) : nil, flags: flags))
        case .setPriorityMap(let key, let map):
            load(key)
            expressions += [.map(.first, set: map, to: .first), .setMeta(.priority, from: .first)]
        case .update(let key, let value, let map, let timeout):
            let data = load(key)
            expressions += value.load(to: data) + [.update(.first, data, set: map, milliseconds: timeout)]
        case .redirect(let port):
            expressions.append(.immediate(Datum.port(port).bytes, to: .first))
            expressions.append(.redirect(port: .first, flags: []))
        case .reject(let rejection): reject(rejection)
        case .setMark(let value, let mask): setMark(value, mask)
        case .trace: expressions += [.immediate([1], to: .first), .setMeta(.trace, from: .first)]
        }
    }

    private mutating func match(_ selector: Selector, _ test: Statement.Test) {
        require(selector.layer)
        let register = Register.first
        switch test {
        case .equal(let value):
            expressions += selector.load(to: register) + [.compare(register, .equal, value.bytes)]
            if selector == .l4proto { knowsTCP = value == .l4proto(.tcp) }
            if selector == .protocol && value == .etherType(0x0800) { known.append(.ip) }
            if selector == .protocol && value == .etherType(0x86DD) { known.append(.ip6) }
        case .notEqual(let value):
            expressions += selector.load(to: register) + [.compare(register, .notEqual, value.bytes)]
        case .inside(let network): compare(selector, .equal, network)
        case .notInside(let network): compare(selector, .notEqual, network)
        case .masked(let mask, let bits):
            let bytes = Datum.mark(mask).bytes
            expressions += selector.load(to: register)
            expressions.append(.bitwise(register, to: register, mask: bytes, xor: [0, 0, 0, 0]))
            expressions.append(.compare(register, .equal, Datum.mark(bits).bytes))
        case .anyOf(let mask):
            expressions += selector.load(to: register)
            expressions.append(.bitwise(register, to: register, mask: Datum.mark(mask).bytes, xor: [0, 0, 0, 0]))
            expressions.append(.compare(register, .notEqual, [0, 0, 0, 0]))
        case .range(let first, let last):
            expressions += selector.load(to: register)
            expressions.append(.compare(register, .greaterOrEqual, first.bytes))
            expressions.append(.compare(register, .lessOrEqual, last.bytes))
        case .beginning(let prefix):
            expressions += selector.load(to: register) + [.compare(register, .equal, Array(prefix.utf8))]
        }
    }

    /// A prefix of whole bytes needs no mask: only those bytes are loaded.
    private mutating func compare(_ selector: Selector, _ comparison: Comparison, _ network: CIDR) {
        let register = Register.first
        let bytes = network.first.octets
        let length = network.prefixLength / 8
        if network.prefixLength % 8 == 0 && length > 0 {
            expressions += selector.load(to: register, length: length)
            expressions.append(.compare(register, comparison, Array(bytes[..<length])))
            return
        }
        let zeros = [UInt8](repeating: 0, count: bytes.count)
        expressions += selector.load(to: register)
        expressions.append(.bitwise(register, to: register, mask: network.mask.octets, xor: zeros))
        expressions.append(.compare(register, comparison, bytes))
    }

    /// Loads the components one after another, each on a word of its own. The register behind them is free.
    @discardableResult
    private mutating func load(_ key: [Selector]) -> Register {
        for selector in key { require(selector.layer) }
        var word = 0
        for selector in key {
            expressions += selector.load(to: Register(word: word))
            word += selector.type.paddedLength / 4
        }
        return Register(word: word)
    }

    /// Makes sure that the packet has the layer, once a rule.
    private mutating func require(_ layer: Selector.Layer?) {
        guard let layer, !known.contains(layer) else { return }
        known.append(layer)
        let register = Register.first
        switch (layer, family) {
        case (.ip, .ip), (.ip6, .ip6), (.ethernet, .bridge), (.ethernet, .netdev): return
        case (.ip, .bridge), (.ip, .netdev):
            expressions += [.meta(.protocol, to: register), .compare(register, .equal, Datum.etherType(0x0800).bytes)]
        case (.ip6, .bridge), (.ip6, .netdev):
            expressions += [.meta(.protocol, to: register), .compare(register, .equal, Datum.etherType(0x86DD).bytes)]
        case (.ip, _):
            expressions += [.meta(.nfproto, to: register), .compare(register, .equal, [Family.ip.rawValue])]
        case (.ip6, _):
            expressions += [.meta(.nfproto, to: register), .compare(register, .equal, [Family.ip6.rawValue])]
        case (.ethernet, _):
            // ARPHRD_ETHER in host order.
            let ethernet = withUnsafeBytes(of: UInt16(1)) { Array($0) }
            expressions += [.meta(.inputType, to: register), .compare(register, .equal, ethernet)]
        }
    }

    private mutating func translate(source: Bool, _ address: IPAddress, _ port: UInt16?, _ flags: NATFlags) {
        let family = address.family == .v4 ? Family.ip : Family.ip6
        expressions.append(.immediate(address.octets, to: .first))
        let second = Register(word: 4)
        if let port { expressions.append(.immediate(Datum.port(port).bytes, to: second)) }
        expressions.append(
            .nat(source: source, family: family, address: .first, port: port == nil ? nil : second, flags: flags))
    }

    private mutating func reject(_ rejection: Statement.Rejection) {
        if rejection == .tcpReset {
            if !knowsTCP { match(.l4proto, .equal(.l4proto(.tcp))) }
            expressions.append(.reject(type: 1, code: 0))
            return
        }
        // NFT_REJECT_ICMP_UNREACH with the family's own codes, or NFT_REJECT_ICMPX_UNREACH with the kernel's.
        let codes: (type: UInt32, port: UInt8, host: UInt8, admin: UInt8) =
            switch family {
            case .ip: (0, 3, 1, 13)
            case .ip6: (0, 4, 3, 1)
            default: (2, 1, 2, 3)
            }
        let code =
            switch rejection {
            case .hostUnreachable: codes.host
            case .administrativelyProhibited: codes.admin
            default: codes.port
            }
        expressions.append(.reject(type: codes.type, code: code))
    }

    private mutating func setMark(_ value: UInt32, _ mask: UInt32) {
        let register = Register.first
        if mask == .max {
            expressions.append(.immediate(Datum.mark(value).bytes, to: register))
        } else {
            expressions.append(.meta(.mark, to: register))
            expressions.append(
                .bitwise(register, to: register, mask: Datum.mark(~mask).bytes, xor: Datum.mark(value & mask).bytes))
        }
        expressions.append(.setMeta(.mark, from: register))
    }
}
