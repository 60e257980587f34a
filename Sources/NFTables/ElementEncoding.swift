internal import CNftables

/// Writes elements into messages. One libnftnl element is used again and again, so that a hundred thousand elements
/// cost no allocation each.
struct ElementWriter: ~Copyable {
    private let raw = allocated(nftnl_set_elem_alloc())
    private let set: NFTSet
    private let changing = [
        NFTNL_SET_ELEM_FLAGS, NFTNL_SET_ELEM_KEY_END, NFTNL_SET_ELEM_DATA, NFTNL_SET_ELEM_VERDICT,
        NFTNL_SET_ELEM_CHAIN, NFTNL_SET_ELEM_TIMEOUT, NFTNL_SET_ELEM_USERDATA,
    ].map { UInt16($0) }
    private let scratch = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 8)

    init(_ set: NFTSet) { self.set = set }

    deinit {
        nftnl_set_elem_free(raw)
        scratch.deallocate()
    }

    /// Adds the element to the list that the message has open; deletion goes by the key alone.
    ///
    /// Intervals over one component are two entries for the kernel, the second one the first key after the interval;
    /// over a concatenation they are one entry with both ends, inclusive.
    func write(_ element: Element, into message: Message, keyOnly: Bool) {
        let end = element.keyEnd ?? element.key
        put(element.key, NFTNL_SET_ELEM_KEY)
        if set.isInterval && set.isConcatenation { put(end, NFTNL_SET_ELEM_KEY_END) }
        if !keyOnly { putValue(of: element) }
        nftnl_set_elem_nlmsg_build(message, raw, 1)
        clear()
        guard set.isInterval, !set.isConcatenation, let after = end.first?.successor else { return }
        put([after], NFTNL_SET_ELEM_KEY)
        nftnl_set_elem_set_u32(raw, UInt16(NFTNL_SET_ELEM_FLAGS), NFT_SET_ELEM_INTERVAL_END.rawValue)
        nftnl_set_elem_nlmsg_build(message, raw, 1)
        clear()
    }

    /// Entries that the kernel sees for the element.
    static func entries(of element: Element, in set: NFTSet) -> Int {
        guard set.isInterval, !set.isConcatenation else { return 1 }
        return (element.keyEnd ?? element.key).first?.successor == nil ? 1 : 2
    }

    private func putValue(of element: Element) {
        switch element.value {
        case .data(let data): put(data, NFTNL_SET_ELEM_DATA)
        case .verdict(let verdict):
            nftnl_set_elem_set_u32(raw, UInt16(NFTNL_SET_ELEM_VERDICT), UInt32(bitPattern: verdict.code))
            if let chain = verdict.chain { nftnl_set_elem_set_str(raw, UInt16(NFTNL_SET_ELEM_CHAIN), chain) }
        case nil: break
        }
        if let timeout = element.timeout { nftnl_set_elem_set_u64(raw, UInt16(NFTNL_SET_ELEM_TIMEOUT), timeout) }
        if let comment = element.comment {
            let data = UserData(comment: comment).bytes
            nftnl_set_elem_set(raw, UInt16(NFTNL_SET_ELEM_USERDATA), data, UInt32(data.count))
        }
    }

    private func put(_ values: [Datum], _ attribute: Int) {
        var length = 0
        for value in values where length + value.type.paddedLength <= 64 {
            if values.count > 1 { scratch.storeBytes(of: 0, toByteOffset: length, as: UInt32.self) }
            // The tail of a component that is longer than one word and no multiple of it is padding too.
            let padded = value.type.paddedLength
            if padded > 4 { scratch.storeBytes(of: 0, toByteOffset: length + padded - 4, as: UInt32.self) }
            value.write(to: scratch + length)
            length += values.count > 1 ? padded : value.type.length
        }
        nftnl_set_elem_set(raw, UInt16(attribute), scratch, UInt32(length))
    }

    private func clear() {
        for attribute in changing { nftnl_set_elem_unset(raw, attribute) }
    }
}
