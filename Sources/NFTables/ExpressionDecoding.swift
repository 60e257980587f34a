internal import CNftables

extension Expression {
    /// Reads what the kernel reports, in the same form as `Rule.expressions` makes it.
    init(decoding raw: OpaquePointer) {
        let name = nftnl_expr_get_str(raw, UInt16(NFTNL_EXPR_NAME)).map { String(cString: $0) } ?? ""
        self = Self.load(name, raw) ?? Self.compute(name, raw) ?? Self.act(name, raw) ?? .unknown(name)
    }

    private static func load(_ name: String, _ raw: OpaquePointer) -> Expression? {
        switch name {
        case "meta":
            let key = MetaKey(rawValue: number(raw, NFTNL_EXPR_META_KEY))
            return has(raw, NFTNL_EXPR_META_DREG)
                ? .meta(key, to: register(raw, NFTNL_EXPR_META_DREG))
                : .setMeta(key, from: register(raw, NFTNL_EXPR_META_SREG))
        case "payload" where has(raw, NFTNL_EXPR_PAYLOAD_DREG):
            return .payload(
                PayloadBase(rawValue: number(raw, NFTNL_EXPR_PAYLOAD_BASE)),
                offset: number(raw, NFTNL_EXPR_PAYLOAD_OFFSET), length: number(raw, NFTNL_EXPR_PAYLOAD_LEN),
                to: register(raw, NFTNL_EXPR_PAYLOAD_DREG))
        case "ct" where has(raw, NFTNL_EXPR_CT_DREG) && !has(raw, NFTNL_EXPR_CT_DIR):
            return .ct(ConntrackKey(rawValue: number(raw, NFTNL_EXPR_CT_KEY)), to: register(raw, NFTNL_EXPR_CT_DREG))
        case "fib":
            return .fib(
                result: number(raw, NFTNL_EXPR_FIB_RESULT), flags: number(raw, NFTNL_EXPR_FIB_FLAGS),
                to: register(raw, NFTNL_EXPR_FIB_DREG))
        case "numgen":
            return .numgen(
                random: number(raw, NFTNL_EXPR_NG_TYPE) == 1, modulus: number(raw, NFTNL_EXPR_NG_MODULUS),
                offset: number(raw, NFTNL_EXPR_NG_OFFSET), to: register(raw, NFTNL_EXPR_NG_DREG))
        case "hash" where number(raw, NFTNL_EXPR_HASH_TYPE) == 0:
            return .hash(
                register(raw, NFTNL_EXPR_HASH_SREG), length: number(raw, NFTNL_EXPR_HASH_LEN),
                modulus: number(raw, NFTNL_EXPR_HASH_MODULUS), seed: number(raw, NFTNL_EXPR_HASH_SEED),
                to: register(raw, NFTNL_EXPR_HASH_DREG))
        default: return nil
        }
    }

    private static func compute(_ name: String, _ raw: OpaquePointer) -> Expression? {
        switch name {
        case "immediate" where has(raw, NFTNL_EXPR_IMM_VERDICT):
            let code = Int32(bitPattern: number(raw, NFTNL_EXPR_IMM_VERDICT))
            return Verdict(code: code, chain: text(raw, NFTNL_EXPR_IMM_CHAIN)).map { .verdict($0) }
        case "immediate":
            return .immediate(bytes(raw, NFTNL_EXPR_IMM_DATA), to: register(raw, NFTNL_EXPR_IMM_DREG))
        case "bitwise" where number(raw, NFTNL_EXPR_BITWISE_OP) == 0:
            return .bitwise(
                register(raw, NFTNL_EXPR_BITWISE_SREG), to: register(raw, NFTNL_EXPR_BITWISE_DREG),
                mask: bytes(raw, NFTNL_EXPR_BITWISE_MASK), xor: bytes(raw, NFTNL_EXPR_BITWISE_XOR))
        case "cmp":
            return Comparison(rawValue: number(raw, NFTNL_EXPR_CMP_OP)).map {
                .compare(register(raw, NFTNL_EXPR_CMP_SREG), $0, bytes(raw, NFTNL_EXPR_CMP_DATA))
            }
        case "lookup":
            let key = register(raw, NFTNL_EXPR_LOOKUP_SREG)
            let set = text(raw, NFTNL_EXPR_LOOKUP_SET) ?? ""
            guard has(raw, NFTNL_EXPR_LOOKUP_DREG) else {
                return .lookup(key, set: set, inverted: number(raw, NFTNL_EXPR_LOOKUP_FLAGS) & 1 == 1)
            }
            return number(raw, NFTNL_EXPR_LOOKUP_DREG) == 0
                ? .verdictMap(key, set: set) : .map(key, set: set, to: register(raw, NFTNL_EXPR_LOOKUP_DREG))
        default: return nil
        }
    }

    private static func act(_ name: String, _ raw: OpaquePointer) -> Expression? {
        switch name {
        case "nat":
            return Family(rawValue: UInt8(truncatingIfNeeded: number(raw, NFTNL_EXPR_NAT_FAMILY))).map {
                .nat(
                    source: number(raw, NFTNL_EXPR_NAT_TYPE) == 0, family: $0,
                    address: optionalRegister(raw, NFTNL_EXPR_NAT_REG_ADDR_MIN),
                    port: optionalRegister(raw, NFTNL_EXPR_NAT_REG_PROTO_MIN), flags: flags(raw, NFTNL_EXPR_NAT_FLAGS))
            }
        // With ports it is a form that is not made here.
        case "masq" where !has(raw, NFTNL_EXPR_MASQ_REG_PROTO_MIN):
            return .masquerade(flags: flags(raw, NFTNL_EXPR_MASQ_FLAGS))
        case "redir":
            return .redirect(
                port: optionalRegister(raw, NFTNL_EXPR_REDIR_REG_PROTO_MIN), flags: flags(raw, NFTNL_EXPR_REDIR_FLAGS))
        case "reject":
            return .reject(
                type: number(raw, NFTNL_EXPR_REJECT_TYPE), code: nftnl_expr_get_u8(raw, UInt16(NFTNL_EXPR_REJECT_CODE)))
        case "log": return .log(prefix: text(raw, NFTNL_EXPR_LOG_PREFIX))
        case "limit" where number(raw, NFTNL_EXPR_LIMIT_TYPE) == 0 && number(raw, NFTNL_EXPR_LIMIT_FLAGS) == 0:
            return .limit(
                rate: nftnl_expr_get_u64(raw, UInt16(NFTNL_EXPR_LIMIT_RATE)),
                unit: nftnl_expr_get_u64(raw, UInt16(NFTNL_EXPR_LIMIT_UNIT)), burst: number(raw, NFTNL_EXPR_LIMIT_BURST)
            )
        case "counter": return .counter
        case "dynset" where number(raw, NFTNL_EXPR_DYNSET_OP) == 1:
            return .update(
                register(raw, NFTNL_EXPR_DYNSET_SREG_KEY), optionalRegister(raw, NFTNL_EXPR_DYNSET_SREG_DATA),
                set: text(raw, NFTNL_EXPR_DYNSET_SET_NAME) ?? "",
                milliseconds: nftnl_expr_get_u64(raw, UInt16(NFTNL_EXPR_DYNSET_TIMEOUT)))
        default: return nil
        }
    }
}

private func has(_ raw: OpaquePointer, _ attribute: Int) -> Bool { nftnl_expr_is_set(raw, UInt16(attribute)) }

private func number(_ raw: OpaquePointer, _ attribute: Int) -> UInt32 { nftnl_expr_get_u32(raw, UInt16(attribute)) }

private func text(_ raw: OpaquePointer, _ attribute: Int) -> String? {
    has(raw, attribute) ? nftnl_expr_get_str(raw, UInt16(attribute)).map { String(cString: $0) } : nil
}

private func bytes(_ raw: OpaquePointer, _ attribute: Int) -> [UInt8] {
    var length: UInt32 = 0
    let data = nftnl_expr_get(raw, UInt16(attribute), &length)
    return Array(UnsafeRawBufferPointer(start: data, count: data == nil ? 0 : Int(length)))
}

private func register(_ raw: OpaquePointer, _ attribute: Int) -> Register { Register(number: number(raw, attribute)) }

private func optionalRegister(_ raw: OpaquePointer, _ attribute: Int) -> Register? {
    has(raw, attribute) ? register(raw, attribute) : nil
}

private func flags(_ raw: OpaquePointer, _ attribute: Int) -> NATFlags {
    NATFlags(rawValue: has(raw, attribute) ? number(raw, attribute) : 0).intersection(.chosen)
}
