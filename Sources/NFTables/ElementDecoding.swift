internal import CNftables

/// An entry of a set as the kernel has it: whole for most sets, half of an interval for those over one component.
struct RawElement {
    var key: [Datum]
    var keyEnd: [Datum]?
    var value: Element.Value?
    var isEnd: Bool
    var timeout: UInt64?
    var comment: String?

    /// The entries of one message; those whose key has not the set's length are left out.
    static func list(_ message: UnsafePointer<nlmsghdr>, of set: NFTSet) -> [RawElement] {
        let object = NFTNLSet()
        guard nftnl_set_elems_nlmsg_parse(message, object.raw) >= 0,
            let iterator = nftnl_set_elems_iter_create(object.raw)
        else { return [] }
        defer { nftnl_set_elems_iter_destroy(iterator) }
        var result: [RawElement] = []
        while let raw = nftnl_set_elems_iter_next(iterator) {
            if let element = RawElement(raw, set) { result.append(element) }
        }
        return result
    }

    private init?(_ raw: OpaquePointer, _ set: NFTSet) {
        guard let key = Self.data(raw, NFTNL_SET_ELEM_KEY, set.key) else { return nil }
        self.key = key
        keyEnd = Self.data(raw, NFTNL_SET_ELEM_KEY_END, set.key)
        let flags =
            Self.has(raw, NFTNL_SET_ELEM_FLAGS) ? nftnl_set_elem_get_u32(raw, UInt16(NFTNL_SET_ELEM_FLAGS)) : 0
        isEnd = flags & NFT_SET_ELEM_INTERVAL_END.rawValue != 0
        switch set.value {
        case .none: break
        case .data(let types): value = Self.data(raw, NFTNL_SET_ELEM_DATA, types).map { .data($0) }
        case .verdict where Self.has(raw, NFTNL_SET_ELEM_VERDICT):
            let code = Int32(bitPattern: nftnl_set_elem_get_u32(raw, UInt16(NFTNL_SET_ELEM_VERDICT)))
            let chain = nftnl_set_elem_get_str(raw, UInt16(NFTNL_SET_ELEM_CHAIN)).map { String(cString: $0) }
            value = Verdict(code: code, chain: chain).map { .verdict($0) }
        case .verdict: break
        }
        if Self.has(raw, NFTNL_SET_ELEM_TIMEOUT) {
            timeout = nftnl_set_elem_get_u64(raw, UInt16(NFTNL_SET_ELEM_TIMEOUT))
        }
        if Self.has(raw, NFTNL_SET_ELEM_USERDATA) {
            var length: UInt32 = 0
            let data = nftnl_set_elem_get(raw, UInt16(NFTNL_SET_ELEM_USERDATA), &length)
            comment = UserData.comment(in: UnsafeRawBufferPointer(start: data, count: Int(length)))
        }
    }

    private static func has(_ raw: OpaquePointer, _ attribute: Int) -> Bool {
        nftnl_set_elem_is_set(raw, UInt16(attribute))
    }

    private static func data(_ raw: OpaquePointer, _ attribute: Int, _ types: [DataType]) -> [Datum]? {
        guard has(raw, attribute) else { return nil }
        var length: UInt32 = 0
        guard let data = nftnl_set_elem_get(raw, UInt16(attribute), &length), Int(length) == types.totalLength else {
            return nil
        }
        var values: [Datum] = []
        values.reserveCapacity(types.count)
        var offset = 0
        for type in types {
            values.append(Datum(type, from: data + offset))
            offset += type.paddedLength
        }
        return values
    }

    /// No entry is there twice.
    static func areDistinct(_ entries: some Sequence<RawElement>) -> Bool {
        var starts: Set<[Datum]> = []
        var ends: Set<[Datum]> = []
        return entries.allSatisfy { ($0.isEnd ? ends.insert($0.key) : starts.insert($0.key)).inserted }
    }

    func element(of set: NFTSet) -> Element? {
        if isEnd { return nil }
        var element = Element(key, through: keyEnd, timeout: timeout == set.timeout ? nil : timeout, comment: comment)
        element.value = value
        return element
    }

    /// Puts the halves of intervals together again: sorted by key, an end closes the start before it, exclusively.
    static func elements(_ raw: [RawElement], of set: NFTSet) -> [Element] {
        guard set.isInterval, !set.isConcatenation, let type = set.key.first else {
            return raw.compactMap { $0.element(of: set) }
        }
        let sorted = raw.sorted { a, b in
            let keys = (a.key.first?.bytes ?? [], b.key.first?.bytes ?? [])
            return keys.0 == keys.1 ? a.isEnd && !b.isEnd : keys.0.lexicographicallyPrecedes(keys.1)
        }
        var result: [Element] = []
        for (index, entry) in sorted.enumerated() {
            guard var element = entry.element(of: set) else { continue }
            let next = sorted.index(after: index) < sorted.endIndex ? sorted[index + 1].key.first : nil
            let last = next.map(\.predecessor) ?? Datum.last(of: type)
            if let last, [last] != element.key { element.keyEnd = [last] }
            result.append(element)
        }
        return result
    }
}
