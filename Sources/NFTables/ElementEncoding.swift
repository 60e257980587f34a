internal import CNftables

extension ElementList {
    /// Adds an element to the list that the message has open; deletion goes by the key alone.
    ///
    /// Intervals over one component are two entries for the kernel, the second one the first key after the interval;
    /// over a concatenation they are one entry with both ends, inclusive.
    func write(_ index: Int, into message: Message, keyOnly: Bool) {
        withRecord(index) { record in
            let entry = mnl_attr_nest_start(message, UInt16(NFTA_LIST_ELEM.rawValue))
            message.putData(NFTA_SET_ELEM_KEY, record.key)
            if set.isInterval, set.isConcatenation {
                message.putData(NFTA_SET_ELEM_KEY_END, record.keyEnd ?? record.key)
            }
            if !keyOnly { record.writeValue(into: message) }
            mnl_attr_nest_end(message, entry)
        }
        guard let after = firstAfter(index) else { return }
        let entry = mnl_attr_nest_start(message, UInt16(NFTA_LIST_ELEM.rawValue))
        let flags = NFT_SET_ELEM_INTERVAL_END.rawValue.bigEndian
        mnl_attr_put_u32(message, UInt16(NFTA_SET_ELEM_FLAGS.rawValue), flags)
        after.bytes.withUnsafeBytes { message.putData(NFTA_SET_ELEM_KEY, $0) }
        mnl_attr_nest_end(message, entry)
    }

    /// Entries that the kernel sees for the element.
    func entries(_ index: Int) -> Int { firstAfter(index) == nil ? 1 : 2 }

    /// Of an interval over one component: the key that its end is told by; nil when there is none after it.
    private func firstAfter(_ index: Int) -> Datum? {
        guard set.isInterval, !set.isConcatenation else { return nil }
        let element = self[index]
        return (element.keyEnd ?? element.key).first?.successor
    }
}

extension ElementRecord {
    fileprivate func writeValue(into message: Message) {
        if let data {
            message.putData(NFTA_SET_ELEM_DATA, data)
        } else if let verdict {
            let value = mnl_attr_nest_start(message, UInt16(NFTA_SET_ELEM_DATA.rawValue))
            let nest = mnl_attr_nest_start(message, UInt16(NFTA_DATA_VERDICT.rawValue))
            mnl_attr_put_u32(message, UInt16(NFTA_VERDICT_CODE.rawValue), UInt32(bitPattern: verdict.code).bigEndian)
            if !verdict.chain.isEmpty {
                message.put(UInt16(NFTA_VERDICT_CHAIN.rawValue), head: [], verdict.chain)
            }
            mnl_attr_nest_end(message, nest)
            mnl_attr_nest_end(message, value)
        }
        if let timeout { mnl_attr_put_u64(message, UInt16(NFTA_SET_ELEM_TIMEOUT.rawValue), timeout.bigEndian) }
        if let comment {
            message.put(UInt16(NFTA_SET_ELEM_USERDATA.rawValue), head: UserData.commentHead(comment.count), comment)
        }
    }
}

extension Message {
    /// Registers, in an attribute of their own inside another.
    fileprivate func putData(_ type: nft_set_elem_attributes, _ bytes: UnsafeRawBufferPointer) {
        let nest = mnl_attr_nest_start(self, UInt16(type.rawValue))
        mnl_attr_put(self, UInt16(NFTA_DATA_VALUE.rawValue), bytes.count, bytes.baseAddress)
        mnl_attr_nest_end(self, nest)
    }

    /// A head, text, and the zero byte after it.
    fileprivate func put(_ type: UInt16, head: [UInt8], _ text: UnsafeRawBufferPointer) {
        withUnsafeTemporaryAllocation(byteCount: head.count + text.count + 1, alignment: 1) { bytes in
            bytes.copyBytes(from: head)
            UnsafeMutableRawBufferPointer(rebasing: bytes[head.count...]).copyMemory(from: text)
            bytes[bytes.count - 1] = 0
            mnl_attr_put(self, type, bytes.count, bytes.baseAddress)
        }
    }
}
