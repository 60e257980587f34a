internal import CNftables

// Values into libnftnl's objects. The first four are whole definitions; `identify` is name only, for deletions.

typealias Message = UnsafeMutablePointer<nlmsghdr>

extension Table {
    func encode(into message: Message, definition: Bool) {
        let object = NFTNLTable()
        object.set(NFTNL_TABLE_NAME, name)
        if definition {
            object.set(NFTNL_TABLE_FLAGS, isOwned ? NFT_TABLE_F_OWNER.rawValue : 0)
            object.set(NFTNL_TABLE_USERDATA, UserData(comment: comment).bytes)
        }
        nftnl_table_nlmsg_build_payload(message, object.raw)
    }
}

extension Chain {
    func encode(into message: Message, definition: Bool) {
        let object = NFTNLChain()
        object.set(NFTNL_CHAIN_TABLE, table.name)
        object.set(NFTNL_CHAIN_NAME, name)
        if definition {
            if let base {
                object.set(NFTNL_CHAIN_TYPE, base.type.rawValue)
                object.set(NFTNL_CHAIN_HOOKNUM, base.hook.rawValue)
                object.set(NFTNL_CHAIN_PRIO, signed: base.priority.value)
                object.set(NFTNL_CHAIN_POLICY, base.policy.rawValue)
            }
            object.set(NFTNL_CHAIN_USERDATA, UserData(comment: comment).bytes)
        }
        nftnl_chain_nlmsg_build_payload(message, object.raw)
    }
}

extension NFTSet {
    /// NFT_SET_* flags: what the caller chose and what follows from the types.
    var kernelFlags: UInt32 {
        var flags = options.rawValue
        if isMap { flags |= UInt32(NFT_SET_MAP.rawValue) }
        if isConcatenation && isInterval { flags |= UInt32(NFT_SET_CONCAT.rawValue) }
        return flags
    }

    /// The id only has to be unique in its batch.
    func encode(into message: Message, definition: Bool, id: UInt32) {
        let object = NFTNLSet()
        object.set(NFTNL_SET_TABLE, table.name)
        object.set(NFTNL_SET_NAME, name)
        if definition {
            object.set(NFTNL_SET_ID, id)
            object.set(NFTNL_SET_FLAGS, kernelFlags)
            object.set(NFTNL_SET_KEY_TYPE, key.concatenatedID)
            object.set(NFTNL_SET_KEY_LEN, UInt32(key.totalLength))
            if let size { object.set(NFTNL_SET_DESC_SIZE, size) }
            switch value {
            case .none: break
            case .data(let types):
                object.set(NFTNL_SET_DATA_TYPE, types.concatenatedID)
                object.set(NFTNL_SET_DATA_LEN, UInt32(types.totalLength))
            case .verdict: object.set(NFTNL_SET_DATA_TYPE, NFT_DATA_VERDICT.rawValue)
            }
            if isConcatenation && isInterval {
                object.set(NFTNL_SET_DESC_CONCAT, key.map { UInt8($0.length) })
            }
            if let timeout { object.set(NFTNL_SET_TIMEOUT, wide: timeout) }
            object.set(NFTNL_SET_USERDATA, userData.bytes)
        }
        nftnl_set_nlmsg_build_payload(message, object.raw)
    }
}

extension Rule {
    func encode(into message: Message, _ placement: Transaction.Placement) {
        let object = NFTNLRule()
        object.set(NFTNL_RULE_TABLE, chain.table.name)
        object.set(NFTNL_RULE_CHAIN, chain.name)
        switch placement {
        case .last, .first: break
        case .after(let handle), .before(let handle): object.set(NFTNL_RULE_POSITION, wide: handle)
        case .replacing(let handle): object.set(NFTNL_RULE_HANDLE, wide: handle)
        }
        object.set(NFTNL_RULE_USERDATA, UserData(comment: comment).bytes)
        for expression in expressions {
            if let encoded = expression.encoded() { nftnl_rule_add_expr(object.raw, encoded) }
        }
        nftnl_rule_nlmsg_build_payload(message, object.raw)
    }
}

/// The rule of that handle, or all rules of the chain, or of the table.
func encodeRules(into message: Message, _ table: Table, chain: String? = nil, handle: UInt64? = nil) {
    let object = NFTNLRule()
    object.set(NFTNL_RULE_TABLE, table.name)
    if let chain { object.set(NFTNL_RULE_CHAIN, chain) }
    if let handle { object.set(NFTNL_RULE_HANDLE, wide: handle) }
    nftnl_rule_nlmsg_build_payload(message, object.raw)
}
