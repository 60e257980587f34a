internal import CNftables

extension ElementList {
    /// The elements of one message; those whose key has not the set's length are left out. Of a set of intervals over one
    /// component these are the halves of elements (see `joined`).
    init(_ message: UnsafePointer<nlmsghdr>, of set: NFTSet) {
        self.init(set)
        guard let list = Attributes(of: message)[NFTA_SET_ELEM_LIST_ELEMENTS.rawValue] else { return }
        let types = ElementTypes(set)
        for entry in Attributes(in: list) { if let content = types.content(of: entry) { append(content) } }
    }

    /// With the halves of intervals put together again: sorted by key, an end closes the start before it, exclusively.
    var joined: ElementList {
        guard set.isInterval, !set.isConcatenation, let type = set.key.first else { return self }
        let entries = indices.map { place in
            withRecord(place) { (place: place, key: Array($0.key), isEnd: $0.isEnd) }
        }.sorted { a, b in a.key == b.key ? a.isEnd && !b.isEnd : a.key.lexicographicallyPrecedes(b.key) }
        var joined = ElementList(set)
        for (index, entry) in entries.enumerated() where !entry.isEnd {
            var element = self[entry.place]
            let next = index + 1 < entries.count ? key(0, at: entries[index + 1].place) : nil
            let last = next.map(\.predecessor) ?? Datum.last(of: type)
            if let last, [last] != element.key { element.keyEnd = [last] }
            joined.append(element)
        }
        return joined
    }
}

/// Reads the attributes of a set's elements.
private struct ElementTypes {
    let keyLength: Int
    let dataLength: Int
    let isVerdict: Bool
    let timeout: UInt64?

    init(_ set: NFTSet) {
        keyLength = set.key.totalLength
        timeout = set.timeout
        isVerdict = set.value == .verdict
        dataLength = if case .data(let types) = set.value { types.totalLength } else { 0 }
    }

    func content(of entry: UnsafePointer<nlattr>) -> ElementRecord.Content? {
        var content = ElementRecord.Content(key: UnsafeRawBufferPointer(start: nil, count: 0))
        for attribute in Attributes(in: entry) {
            switch UInt32(mnl_attr_get_type(attribute)) {
            case NFTA_SET_ELEM_KEY.rawValue: content.key = data(attribute, keyLength) ?? content.key
            case NFTA_SET_ELEM_KEY_END.rawValue: content.keyEnd = data(attribute, keyLength)
            case NFTA_SET_ELEM_DATA.rawValue: content.value = value(attribute)
            case NFTA_SET_ELEM_FLAGS.rawValue:
                content.isEnd = number32(attribute) & NFT_SET_ELEM_INTERVAL_END.rawValue != 0
            case NFTA_SET_ELEM_TIMEOUT.rawValue:
                let own = number64(attribute)
                content.timeout = own == timeout ? nil : own
            case NFTA_SET_ELEM_USERDATA.rawValue: content.comment = UserData.commentBytes(in: attribute.payload)
            default: break
            }
        }
        if content.key.count != keyLength { return nil }
        // A single key is its own end.
        if let end = content.keyEnd, end.elementsEqual(content.key) { content.keyEnd = nil }
        return content
    }

    private func data(_ attribute: UnsafePointer<nlattr>, _ length: Int) -> UnsafeRawBufferPointer? {
        guard let value = Attributes(in: attribute)[NFTA_DATA_VALUE.rawValue]?.payload, value.count == length else {
            return nil
        }
        return value
    }

    private func value(_ attribute: UnsafePointer<nlattr>) -> ElementRecord.Content.Value? {
        if dataLength > 0 { return data(attribute, dataLength).map { .data($0) } }
        guard isVerdict, let verdict = Attributes(in: attribute)[NFTA_DATA_VERDICT.rawValue] else { return nil }
        let parts = Attributes(in: verdict)
        guard let code = parts[NFTA_VERDICT_CODE.rawValue].map(number32) else { return nil }
        let chain = parts[NFTA_VERDICT_CHAIN.rawValue]?.payload ?? UnsafeRawBufferPointer(start: nil, count: 0)
        return .verdict(Int32(bitPattern: code), UnsafeRawBufferPointer(rebasing: chain.prefix { $0 != 0 }))
    }

    private func number32(_ attribute: UnsafePointer<nlattr>) -> UInt32 {
        attribute.payload.count < 4 ? 0 : UInt32(bigEndian: attribute.payload.loadUnaligned(as: UInt32.self))
    }

    private func number64(_ attribute: UnsafePointer<nlattr>) -> UInt64 {
        attribute.payload.count < 8 ? 0 : UInt64(bigEndian: attribute.payload.loadUnaligned(as: UInt64.self))
    }
}

extension UnsafePointer<nlattr> {
    /// What follows the head; of an attribute that has been found to lie inside its message.
    fileprivate var payload: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: UnsafeRawPointer(self) + MemoryLayout<nlattr>.size,
            count: Int(pointee.nla_len) - MemoryLayout<nlattr>.size)
    }
}
