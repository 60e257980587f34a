internal import CNftables

// Values from the kernel's messages, through libnftnl; nil for what is not whole or not of a known kind.

extension Table {
    init?(_ message: UnsafePointer<nlmsghdr>) {
        let object = NFTNLTable()
        guard nftnl_table_nlmsg_parse(message, object.raw) >= 0, let name = object.string(NFTNL_TABLE_NAME),
            let family = Family(rawValue: UInt8(truncatingIfNeeded: object.number(NFTNL_TABLE_FAMILY)))
        else { return nil }
        self.init(family, name, comment: object.comment(NFTNL_TABLE_USERDATA))
    }
}

extension Chain {
    init?(_ message: UnsafePointer<nlmsghdr>) {
        let object = NFTNLChain()
        guard nftnl_chain_nlmsg_parse(message, object.raw) >= 0, let name = object.string(NFTNL_CHAIN_NAME),
            let table = object.string(NFTNL_CHAIN_TABLE),
            let family = Family(rawValue: UInt8(truncatingIfNeeded: object.number(NFTNL_CHAIN_FAMILY)))
        else { return nil }
        var base: Base?
        if object.has(NFTNL_CHAIN_HOOKNUM) {
            guard let type = object.string(NFTNL_CHAIN_TYPE).flatMap(Kind.init(rawValue:)),
                let hook = Hook(rawValue: object.number(NFTNL_CHAIN_HOOKNUM)),
                let policy = Policy(rawValue: object.number(NFTNL_CHAIN_POLICY))
            else { return nil }
            let priority = nftnl_chain_get_s32(object.raw, UInt16(NFTNL_CHAIN_PRIO.rawValue))
            base = Base(type, hook, Priority(priority), policy: policy)
        }
        self.init(Table(family, table), name, base, comment: object.comment(NFTNL_CHAIN_USERDATA))
    }
}

extension NFTSet {
    init?(_ message: UnsafePointer<nlmsghdr>) {
        let object = NFTNLSet()
        guard nftnl_set_nlmsg_parse(message, object.raw) >= 0, let name = object.string(NFTNL_SET_NAME),
            let table = object.string(NFTNL_SET_TABLE),
            let family = Family(rawValue: UInt8(truncatingIfNeeded: object.number(NFTNL_SET_FAMILY))),
            let key = [DataType](
                concatenatedID: object.number(NFTNL_SET_KEY_TYPE), length: Int(object.number(NFTNL_SET_KEY_LEN)))
        else { return nil }
        let flags = object.number(NFTNL_SET_FLAGS)
        // Sets without a name belong to one rule.
        if flags & UInt32(NFT_SET_ANONYMOUS.rawValue) != 0 { return nil }
        let value: Value
        if flags & UInt32(NFT_SET_MAP.rawValue) == 0 {
            value = .none
        } else if object.number(NFTNL_SET_DATA_TYPE) == NFT_DATA_VERDICT.rawValue {
            value = .verdict
        } else {
            let type = object.number(NFTNL_SET_DATA_TYPE)
            guard let types = [DataType](concatenatedID: type, length: Int(object.number(NFTNL_SET_DATA_LEN))) else {
                return nil
            }
            value = .data(types)
        }
        let chosen: Options = [.constant, .interval, .timeout, .dynamic]
        self.init(
            Table(family, table), name, key: key, value: value,
            options: Options(rawValue: flags).intersection(chosen),
            timeout: object.has(NFTNL_SET_TIMEOUT) ? object.wide(NFTNL_SET_TIMEOUT) : nil,
            size: object.has(NFTNL_SET_DESC_SIZE) ? object.number(NFTNL_SET_DESC_SIZE) : nil,
            comment: object.comment(NFTNL_SET_USERDATA))
    }
}

extension InstalledRule {
    init?(_ message: UnsafePointer<nlmsghdr>) {
        let object = NFTNLRule()
        guard nftnl_rule_nlmsg_parse(message, object.raw) >= 0, let chain = object.string(NFTNL_RULE_CHAIN),
            let table = object.string(NFTNL_RULE_TABLE),
            let family = Family(rawValue: UInt8(truncatingIfNeeded: object.number(NFTNL_RULE_FAMILY)))
        else { return nil }
        self.init(
            table: Table(family, table), chain: chain, handle: object.wide(NFTNL_RULE_HANDLE), expressions: [],
            comment: object.comment(NFTNL_RULE_USERDATA))
        guard let iterator = nftnl_expr_iter_create(object.raw) else { return }
        defer { nftnl_expr_iter_destroy(iterator) }
        while let raw = nftnl_expr_iter_next(iterator) {
            let expression = Expression(decoding: raw)
            if expression == .counter && packets == nil {
                packets = nftnl_expr_get_u64(raw, UInt16(NFTNL_EXPR_CTR_PACKETS))
                bytes = nftnl_expr_get_u64(raw, UInt16(NFTNL_EXPR_CTR_BYTES))
            }
            expressions.append(expression)
        }
    }
}
