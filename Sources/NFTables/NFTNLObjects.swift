internal import CNftables

/// Owners of libnftnl's objects, each freed at the end of its life.

func allocated(_ pointer: OpaquePointer?) -> OpaquePointer {
    guard let pointer else { fatalError("out of memory") }
    return pointer
}

struct NFTNLTable: ~Copyable {
    let raw = allocated(nftnl_table_alloc())
    deinit { nftnl_table_free(raw) }

    func set(_ attribute: nftnl_table_attr, _ value: UInt32) {
        nftnl_table_set_u32(raw, UInt16(attribute.rawValue), value)
    }
    func set(_ attribute: nftnl_table_attr, _ value: String) {
        nftnl_table_set_str(raw, UInt16(attribute.rawValue), value)
    }
    func set(_ attribute: nftnl_table_attr, _ value: [UInt8]) {
        if !value.isEmpty { nftnl_table_set_data(raw, UInt16(attribute.rawValue), value, UInt32(value.count)) }
    }
    func has(_ attribute: nftnl_table_attr) -> Bool { nftnl_table_is_set(raw, UInt16(attribute.rawValue)) }
    func number(_ attribute: nftnl_table_attr) -> UInt32 { nftnl_table_get_u32(raw, UInt16(attribute.rawValue)) }
    func string(_ attribute: nftnl_table_attr) -> String? {
        nftnl_table_get_str(raw, UInt16(attribute.rawValue)).map { String(cString: $0) }
    }
    func comment(_ attribute: nftnl_table_attr) -> String? {
        var length: UInt32 = 0
        let data = nftnl_table_get_data(raw, UInt16(attribute.rawValue), &length)
        return UserData.comment(in: UnsafeRawBufferPointer(start: data, count: Int(length)))
    }
}

struct NFTNLChain: ~Copyable {
    let raw = allocated(nftnl_chain_alloc())
    deinit { nftnl_chain_free(raw) }

    func set(_ attribute: nftnl_chain_attr, _ value: UInt32) {
        nftnl_chain_set_u32(raw, UInt16(attribute.rawValue), value)
    }
    func set(_ attribute: nftnl_chain_attr, signed value: Int32) {
        nftnl_chain_set_s32(raw, UInt16(attribute.rawValue), value)
    }
    func set(_ attribute: nftnl_chain_attr, _ value: String) {
        nftnl_chain_set_str(raw, UInt16(attribute.rawValue), value)
    }
    func set(_ attribute: nftnl_chain_attr, _ value: [UInt8]) {
        if !value.isEmpty { nftnl_chain_set_data(raw, UInt16(attribute.rawValue), value, UInt32(value.count)) }
    }
    func has(_ attribute: nftnl_chain_attr) -> Bool { nftnl_chain_is_set(raw, UInt16(attribute.rawValue)) }
    func number(_ attribute: nftnl_chain_attr) -> UInt32 { nftnl_chain_get_u32(raw, UInt16(attribute.rawValue)) }
    func string(_ attribute: nftnl_chain_attr) -> String? {
        nftnl_chain_get_str(raw, UInt16(attribute.rawValue)).map { String(cString: $0) }
    }
    func comment(_ attribute: nftnl_chain_attr) -> String? {
        var length: UInt32 = 0
        let data = nftnl_chain_get_data(raw, UInt16(attribute.rawValue), &length)
        return UserData.comment(in: UnsafeRawBufferPointer(start: data, count: Int(length)))
    }
}

struct NFTNLSet: ~Copyable {
    let raw = allocated(nftnl_set_alloc())
    deinit { nftnl_set_free(raw) }

    func set(_ attribute: nftnl_set_attr, _ value: UInt32) {
        nftnl_set_set_u32(raw, UInt16(attribute.rawValue), value)
    }
    func set(_ attribute: nftnl_set_attr, wide value: UInt64) {
        nftnl_set_set_u64(raw, UInt16(attribute.rawValue), value)
    }
    func set(_ attribute: nftnl_set_attr, _ value: String) {
        nftnl_set_set_str(raw, UInt16(attribute.rawValue), value)
    }
    func set(_ attribute: nftnl_set_attr, _ value: [UInt8]) {
        if !value.isEmpty { nftnl_set_set_data(raw, UInt16(attribute.rawValue), value, UInt32(value.count)) }
    }
    func has(_ attribute: nftnl_set_attr) -> Bool { nftnl_set_is_set(raw, UInt16(attribute.rawValue)) }
    func number(_ attribute: nftnl_set_attr) -> UInt32 { nftnl_set_get_u32(raw, UInt16(attribute.rawValue)) }
    func wide(_ attribute: nftnl_set_attr) -> UInt64 { nftnl_set_get_u64(raw, UInt16(attribute.rawValue)) }
    func string(_ attribute: nftnl_set_attr) -> String? {
        nftnl_set_get_str(raw, UInt16(attribute.rawValue)).map { String(cString: $0) }
    }
    func comment(_ attribute: nftnl_set_attr) -> String? {
        var length: UInt32 = 0
        let data = nftnl_set_get_data(raw, UInt16(attribute.rawValue), &length)
        return UserData.comment(
            in: UnsafeRawBufferPointer(start: data, count: Int(length)), type: Int(NFTNL_UDATA_SET_COMMENT.rawValue))
    }
}

struct NFTNLRule: ~Copyable {
    let raw = allocated(nftnl_rule_alloc())
    deinit { nftnl_rule_free(raw) }

    func set(_ attribute: nftnl_rule_attr, _ value: UInt32) {
        nftnl_rule_set_u32(raw, UInt16(attribute.rawValue), value)
    }
    func set(_ attribute: nftnl_rule_attr, wide value: UInt64) {
        nftnl_rule_set_u64(raw, UInt16(attribute.rawValue), value)
    }
    func set(_ attribute: nftnl_rule_attr, _ value: String) {
        nftnl_rule_set_str(raw, UInt16(attribute.rawValue), value)
    }
    func set(_ attribute: nftnl_rule_attr, _ value: [UInt8]) {
        if !value.isEmpty { nftnl_rule_set_data(raw, UInt16(attribute.rawValue), value, UInt32(value.count)) }
    }
    func number(_ attribute: nftnl_rule_attr) -> UInt32 { nftnl_rule_get_u32(raw, UInt16(attribute.rawValue)) }
    func wide(_ attribute: nftnl_rule_attr) -> UInt64 { nftnl_rule_get_u64(raw, UInt16(attribute.rawValue)) }
    func string(_ attribute: nftnl_rule_attr) -> String? {
        nftnl_rule_get_str(raw, UInt16(attribute.rawValue)).map { String(cString: $0) }
    }
    func comment(_ attribute: nftnl_rule_attr) -> String? {
        var length: UInt32 = 0
        let data = nftnl_rule_get_data(raw, UInt16(attribute.rawValue), &length)
        return UserData.comment(in: UnsafeRawBufferPointer(start: data, count: Int(length)))
    }
}
