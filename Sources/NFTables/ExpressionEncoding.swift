internal import CNftables

extension Expression {
    /// A libnftnl expression that the caller gives to a rule, which owns it then; nil for one that is unknown.
    func encoded() -> OpaquePointer? {
        switch self {
        case .meta(let key, let register):
            return make("meta", [(NFTNL_EXPR_META_KEY, key.rawValue), (NFTNL_EXPR_META_DREG, register.number)])
        case .setMeta(let key, let register):
            return make("meta", [(NFTNL_EXPR_META_KEY, key.rawValue), (NFTNL_EXPR_META_SREG, register.number)])
        case .payload(let base, let offset, let length, let register):
            return make(
                "payload",
                [
                    (NFTNL_EXPR_PAYLOAD_BASE, base.rawValue), (NFTNL_EXPR_PAYLOAD_OFFSET, offset),
                    (NFTNL_EXPR_PAYLOAD_LEN, length), (NFTNL_EXPR_PAYLOAD_DREG, register.number),
                ])
        case .ct(let key, let register):
            return make("ct", [(NFTNL_EXPR_CT_KEY, key.rawValue), (NFTNL_EXPR_CT_DREG, register.number)])
        case .fib(let result, let flags, let register):
            return make(
                "fib",
                [
                    (NFTNL_EXPR_FIB_RESULT, result), (NFTNL_EXPR_FIB_FLAGS, flags),
                    (NFTNL_EXPR_FIB_DREG, register.number),
                ]
            )
        case .numgen(let random, let modulus, let offset, let register):
            return make(
                "numgen",
                [
                    (NFTNL_EXPR_NG_DREG, register.number), (NFTNL_EXPR_NG_MODULUS, modulus),
                    (NFTNL_EXPR_NG_TYPE, random ? 1 : 0), (NFTNL_EXPR_NG_OFFSET, offset),
                ])
        case .hash(let source, let length, let modulus, let seed, let register):
            return make(
                "hash",
                [
                    (NFTNL_EXPR_HASH_SREG, source.number), (NFTNL_EXPR_HASH_DREG, register.number),
                    (NFTNL_EXPR_HASH_LEN, length), (NFTNL_EXPR_HASH_MODULUS, modulus), (NFTNL_EXPR_HASH_SEED, seed),
                    (NFTNL_EXPR_HASH_TYPE, 0),
                ])
        case .immediate(let bytes, let register):
            return make("immediate", [(NFTNL_EXPR_IMM_DREG, register.number)], [(NFTNL_EXPR_IMM_DATA, bytes)])
        case .bitwise(let source, let target, let mask, let xor):
            return make(
                "bitwise",
                [
                    (NFTNL_EXPR_BITWISE_SREG, source.number), (NFTNL_EXPR_BITWISE_DREG, target.number),
                    (NFTNL_EXPR_BITWISE_OP, 0), (NFTNL_EXPR_BITWISE_LEN, UInt32(mask.count)),
                ], [(NFTNL_EXPR_BITWISE_MASK, mask), (NFTNL_EXPR_BITWISE_XOR, xor)])
        case .compare(let register, let comparison, let bytes):
            return make(
                "cmp", [(NFTNL_EXPR_CMP_SREG, register.number), (NFTNL_EXPR_CMP_OP, comparison.rawValue)],
                [(NFTNL_EXPR_CMP_DATA, bytes)])
        case .lookup(let key, let set, let inverted):
            return lookup(key, set, [(NFTNL_EXPR_LOOKUP_FLAGS, inverted ? 1 : 0)])
        case .map(let key, let set, let target): return lookup(key, set, [(NFTNL_EXPR_LOOKUP_DREG, target.number)])
        case .verdictMap(let key, let set): return lookup(key, set, [(NFTNL_EXPR_LOOKUP_DREG, 0)])
        case .verdict(let verdict):
            let expression = make(
                "immediate",
                [(NFTNL_EXPR_IMM_DREG, 0), (NFTNL_EXPR_IMM_VERDICT, UInt32(bitPattern: verdict.code))])
            if let chain = verdict.chain { setString(expression, NFTNL_EXPR_IMM_CHAIN, chain) }
            return expression
        default: return encodedAction()
        }
    }

    /// The expressions that act on the packet.
    private func encodedAction() -> OpaquePointer? {
        switch self {
        case .nat(let source, let family, let address, let port, let flags):
            var values: [(Int, UInt32)] = [
                // NFT_NAT_SNAT, NFT_NAT_DNAT
                (NFTNL_EXPR_NAT_TYPE, source ? 0 : 1), (NFTNL_EXPR_NAT_FAMILY, UInt32(family.rawValue)),
            ]
            if let address { values.append((NFTNL_EXPR_NAT_REG_ADDR_MIN, address.number)) }
            if let port { values.append((NFTNL_EXPR_NAT_REG_PROTO_MIN, port.number)) }
            if !flags.isEmpty { values.append((NFTNL_EXPR_NAT_FLAGS, flags.rawValue)) }
            return make("nat", values)
        case .masquerade(let flags):
            return make("masq", flags.isEmpty ? [] : [(NFTNL_EXPR_MASQ_FLAGS, flags.rawValue)])
        case .redirect(let port, let flags):
            var values: [(Int, UInt32)] = []
            if let port { values.append((NFTNL_EXPR_REDIR_REG_PROTO_MIN, port.number)) }
            if !flags.isEmpty { values.append((NFTNL_EXPR_REDIR_FLAGS, flags.rawValue)) }
            return make("redir", values)
        case .reject(let type, let code):
            let expression = make("reject", [(NFTNL_EXPR_REJECT_TYPE, type)])
            if let expression { nftnl_expr_set_u8(expression, UInt16(NFTNL_EXPR_REJECT_CODE), code) }
            return expression
        case .log(let prefix):
            let expression = make("log", [])
            if let prefix { setString(expression, NFTNL_EXPR_LOG_PREFIX, prefix) }
            return expression
        case .limit(let rate, let unit, let burst):
            let expression = make("limit", [(NFTNL_EXPR_LIMIT_BURST, burst), (NFTNL_EXPR_LIMIT_TYPE, 0)])
            if let expression {
                nftnl_expr_set_u64(expression, UInt16(NFTNL_EXPR_LIMIT_RATE), rate)
                nftnl_expr_set_u64(expression, UInt16(NFTNL_EXPR_LIMIT_UNIT), unit)
            }
            return expression
        case .counter: return make("counter", [])
        case .update(let key, let data, let set, let milliseconds):
            // NFT_DYNSET_OP_UPDATE
            var values = [(NFTNL_EXPR_DYNSET_OP, UInt32(1)), (NFTNL_EXPR_DYNSET_SREG_KEY, key.number)]
            if let data { values.append((NFTNL_EXPR_DYNSET_SREG_DATA, data.number)) }
            let expression = make("dynset", values)
            setString(expression, NFTNL_EXPR_DYNSET_SET_NAME, set)
            if let expression { nftnl_expr_set_u64(expression, UInt16(NFTNL_EXPR_DYNSET_TIMEOUT), milliseconds) }
            return expression
        default: return nil
        }
    }

    private func lookup(_ key: Register, _ set: String, _ more: [(Int, UInt32)]) -> OpaquePointer? {
        let expression = make("lookup", [(NFTNL_EXPR_LOOKUP_SREG, key.number)] + more)
        setString(expression, NFTNL_EXPR_LOOKUP_SET, set)
        return expression
    }

    private func make(_ name: String, _ numbers: [(Int, UInt32)], _ data: [(Int, [UInt8])] = []) -> OpaquePointer? {
        let expression = allocated(nftnl_expr_alloc(name))
        for (attribute, value) in numbers { nftnl_expr_set_u32(expression, UInt16(attribute), value) }
        for (attribute, bytes) in data { nftnl_expr_set(expression, UInt16(attribute), bytes, UInt32(bytes.count)) }
        return expression
    }

    private func setString(_ expression: OpaquePointer?, _ attribute: Int, _ text: String) {
        if let expression { nftnl_expr_set_str(expression, UInt16(attribute), text) }
    }
}
