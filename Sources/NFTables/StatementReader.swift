internal import NetTypes

extension InstalledRule {
    /// What the rule says, in the words that rules are made of; nil for one that they cannot say.
    package var statements: [Statement]? {
        var reader = StatementReader(table.family)
        for expression in expressions where !reader.take(expression) { return nil }
        guard let statements = reader.finish() else { return nil }
        // Whatever was misread, or passed over as a check of a layer that was none, does not compile to the same again.
        let same = Rule(Chain(table, chain), statements).expressions == expressions
        return same ? statements : nil
    }
}

/// The way back from the kernel's instructions to statements, for rules of the form that `StatementCompiler` makes.
private struct StatementReader {
    /// What a register holds.
    private enum Held {
        case selector(Selector, length: Int)
        case masked(Selector, mask: [UInt8], xor: [UInt8])
        case bytes([UInt8])
        /// What a map has for a key.
        case found([Selector], map: String)
    }

    private let family: Family
    private var statements: [Statement] = []
    private var registers: [Int: Held] = [:]
    /// In the order in which they were loaded since the last statement.
    private var loaded: [Selector] = []
    private var rangeStart: Datum?

    init(_ family: Family) { self.family = family }

    /// Nil when the rule ends within a statement.
    func finish() -> [Statement]? { rangeStart == nil ? statements : nil }

    /// False for what no statement compiles to.
    mutating func take(_ expression: Expression) -> Bool {
        switch expression {
        case .meta, .payload, .ct, .fib, .numgen: return load(expression)
        case .hash(let register, _, let modulus, _, let target):
            guard let source = loaded.popLast() else { return false }
            let hash = Selector.sourceHash(source == .ipSource ? .v4 : .v6, modulus)
            registers[register.word] = nil
            registers[target.word] = .selector(hash, length: hash.type.length)
            loaded.append(hash)
        case .immediate(let bytes, let register): registers[register.word] = .bytes(bytes)
        case .bitwise(let source, let target, let mask, let xor):
            guard case .selector(let selector, _)? = registers[source.word] else { return false }
            registers[target.word] = .masked(selector, mask: mask, xor: xor)
        case .compare(let register, let comparison, let bytes): return compare(register, comparison, bytes)
        case .lookup(_, let set, let inverted): add(.member(loaded, of: set, negated: inverted))
        case .map(_, let map, let target): registers[target.word] = .found(loaded, map: map)
        case .verdictMap(_, let map): add(.verdictMap(loaded, map))
        case .update(_, _?, let map, let milliseconds):
            guard let value = loaded.popLast() else { return false }
            add(.update(loaded, value, map: map, timeout: milliseconds))
        case .setMeta(let key, let register): return setMeta(key, register)
        case .nat(let source, let family, let address?, let port, let flags):
            return translate(source: source, family == .ip6 ? .v6 : .v4, address, port, flags)
        case .redirect(let register?, _):
            guard let port = port(register) else { return false }
            add(.redirect(port: port))
        default: return act(expression)
        }
        return true
    }

    private mutating func act(_ expression: Expression) -> Bool {
        switch expression {
        case .verdict(let verdict): add(.verdict(verdict))
        case .masquerade(let flags): add(.masquerade(flags))
        case .counter: add(.counter)
        case .log(let prefix?): add(.log(prefix: prefix))
        case .limit(let rate, 1, let burst): add(.limit(perSecond: rate, burst: burst))
        case .reject:
            let kinds: [Statement.Rejection] = [
                .portUnreachable, .hostUnreachable, .administrativelyProhibited, .tcpReset,
            ]
            let table = Table(family, "")
            guard
                let kind = kinds.first(where: {
                    Rule(Chain(table, ""), [.reject($0)]).expressions.last == expression
                })
            else { return false }
            add(.reject(kind))
        default: return false
        }
        return true
    }

    private mutating func add(_ statement: Statement) {
        statements.append(statement)
        registers = [:]
        loaded = []
    }

    // MARK: Values

    private mutating func load(_ expression: Expression) -> Bool {
        guard let (selector, length, register) = Selector.loaded(by: expression) else {
            return isLayerCheck(expression)
        }
        registers[register.word] = .selector(selector, length: length)
        loaded.append(selector)
        return true
    }

    /// `meta nfproto` and its like are not said: what follows cannot be without them. (Nothing is left in the register,
    /// so that the comparison is passed over too.)
    private mutating func isLayerCheck(_ expression: Expression) -> Bool {
        guard case .meta(let key, let register) = expression, key == .nfproto || key == .inputType else { return false }
        registers[register.word] = nil
        return true
    }

    private mutating func compare(_ register: Register, _ comparison: Comparison, _ bytes: [UInt8]) -> Bool {
        switch registers[register.word] {
        case nil: return true
        case .selector(let selector, let length):
            return compare(selector, length, comparison, bytes)
        case .masked(let selector, let mask, let xor):
            guard xor.allSatisfy({ $0 == 0 }), mask.count == bytes.count else { return false }
            return compare(selector, mask: mask, comparison, bytes)
        default: return false
        }
    }

    private mutating func compare(
        _ selector: Selector, _ length: Int, _ comparison: Comparison, _ bytes: [UInt8]
    ) -> Bool {
        let type = selector.type
        if type == .interfaceName, bytes.count < type.length, comparison == .equal {
            add(.match(selector, .beginning(String(decoding: bytes, as: UTF8.self))))
            return true
        }
        if length < type.length {
            guard let network = CIDR(bytes, of: type, 8 * length) else { return false }
            return add(selector, comparison, network)
        }
        guard bytes.count == type.length else { return false }
        let value = bytes.withUnsafeBytes { $0.baseAddress.map { Datum(type, from: $0) } }
        guard let value else { return false }
        switch comparison {
        case .equal: add(.match(selector, .equal(value)))
        case .notEqual: add(.match(selector, .notEqual(value)))
        // Its other end is compared next, in the same register.
        case .greaterOrEqual: rangeStart = value
        case .lessOrEqual:
            guard let first = rangeStart else { return false }
            rangeStart = nil
            add(.match(selector, .range(first, value)))
        default: return false
        }
        return true
    }

    private mutating func compare(
        _ selector: Selector, mask: [UInt8], _ comparison: Comparison, _ bytes: [UInt8]
    ) -> Bool {
        if selector.type == .mark, let bits = number(bytes), let mask = number(mask) {
            switch comparison {
            case .equal: add(.match(selector, .masked(mask, equals: bits)))
            case .notEqual where bits == 0: add(.match(selector, .anyOf(mask)))
            default: return false
            }
            return true
        }
        let length = mask.reduce(0) { $0 + $1.nonzeroBitCount }
        guard let network = CIDR(bytes, of: selector.type, length) else { return false }
        return add(selector, comparison, network)
    }

    private mutating func add(_ selector: Selector, _ comparison: Comparison, _ network: CIDR) -> Bool {
        switch comparison {
        case .equal: add(.match(selector, .inside(network)))
        case .notEqual: add(.match(selector, .notInside(network)))
        default: return false
        }
        return true
    }

    // MARK: Actions

    private mutating func setMeta(_ key: MetaKey, _ register: Register) -> Bool {
        switch (key, registers[register.word]) {
        case (.priority, .found(let key, let map)?): add(.setPriorityMap(key, map: map))
        case (.trace, .bytes([1])?): add(.trace)
        case (.mark, .bytes(let bytes)?):
            guard let value = number(bytes) else { return false }
            add(.setMark(value, mask: .max))
        case (.mark, .masked(.mark, let mask, let xor)?):
            guard let kept = number(mask), let value = number(xor) else { return false }
            add(.setMark(value, mask: ~kept))
        default: return false
        }
        return true
    }

    private mutating func translate(
        source: Bool, _ family: IPFamily, _ address: Register, _ port: Register?, _ flags: NATFlags
    ) -> Bool {
        switch registers[address.word] {
        case .found(let key, let map)? where !source:
            add(.dnatMap(family, key, map: map, hasPort: port != nil, flags))
        case .bytes(let bytes)?:
            guard let target = IPAddress(octets: bytes) else { return false }
            let number = port.flatMap(self.port)
            add(source ? .snat(target, port: number, flags) : .dnat(target, port: number, flags))
        default: return false
        }
        return true
    }

    private func port(_ register: Register) -> UInt16? {
        guard case .bytes(let bytes)? = registers[register.word], bytes.count == 2 else { return nil }
        return UInt16(bytes[0]) << 8 | UInt16(bytes[1])
    }

    /// Of a mark, in the machine's own order.
    private func number(_ bytes: [UInt8]) -> UInt32? {
        bytes.count == 4 ? bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) } : nil
    }
}

extension CIDR {
    /// A prefix of an address of which perhaps not all bytes are given.
    fileprivate init?(_ bytes: [UInt8], of type: DataType, _ length: Int) {
        guard type == .ipv4Address || type == .ipv6Address, bytes.count <= type.length, length <= 8 * type.length,
            let address = IPAddress(octets: bytes + [UInt8](repeating: 0, count: type.length - bytes.count))
        else { return nil }
        self.init(address, length)
    }
}

extension Selector {
    private static let plain: [Selector] = [
        .ipSource, .ipDestination, .ip6Source, .ip6Destination, .etherSource, .etherDestination, .sourcePort,
        .destinationPort, .l4proto, .protocol, .mark, .priority, .inputInterface, .outputInterface, .sourceAddressType,
        .destinationAddressType, .ctState, .ctStatus, .ctMark,
    ]

    /// The selector whose value, or the first bytes of it, the expression puts into a register.
    fileprivate static func loaded(by expression: Expression) -> (Selector, length: Int, Register)? {
        switch expression {
        case .numgen(let isRandom, let modulus, 0, let register):
            let selector = isRandom ? Selector.random(modulus) : .turn(modulus)
            return (selector, selector.type.length, register)
        case .payload(_, _, let length, let register):
            let selector = plain.first { $0.load(to: register, length: Int(length)) == [expression] }
            return selector.map { ($0, Int(length), register) }
        case .meta(_, let register), .ct(_, let register), .fib(_, _, let register):
            let selector = plain.first { $0.load(to: register) == [expression] }
            return selector.map { ($0, $0.type.length, register) }
        default: return nil
        }
    }
}
