internal import CNftables

/// A transaction as the bytes of one netlink datagram: begin, a message or more for each change, end.
struct Batch: ~Copyable {
    /// Where a message comes from, to say of which object an error is.
    struct Origin {
        var change: Int
        /// Of elements: the first one in the message.
        var firstElement = 0
    }

    private var buffer: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var count = 0
    private(set) var origins: [Origin] = []
    private var starts: [Int] = []
    private let firstSequence: UInt32
    private let hasDestroy: Bool

    /// Room for the largest message, whose attributes have 16-bit lengths; libnftnl does not check for it.
    private static let headroom = 128 << 10
    private static let elementListLimit = 60_000

    init(sequence: UInt32, hasDestroy: Bool, expecting generation: UInt32?) {
        capacity = 2 * Self.headroom
        buffer = .allocate(byteCount: capacity, alignment: 16)
        firstSequence = sequence
        self.hasDestroy = hasDestroy
        let begin = MessageHeader.batchBegin(sequence).write(at: buffer)
        if let generation { mnl_attr_put_u32(begin, UInt16(NFNL_BATCH_GENID.rawValue), generation.bigEndian) }
        count = Int(begin.pointee.nlmsg_len)
    }

    deinit { buffer.deallocate() }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: buffer, count: count) }

    mutating func add(_ transaction: Transaction) {
        for (index, change) in transaction.changes.enumerated() { add(change, Origin(change: index)) }
        let sequence = firstSequence &+ UInt32(origins.count) &+ 1
        count += Int(MessageHeader.batchEnd(sequence).write(at: buffer + count).pointee.nlmsg_len)
    }

    /// The origin of the message with that sequence number; nil for the batch's own begin and end.
    func origin(_ sequence: UInt32) -> Origin? {
        let index = Int(sequence &- firstSequence) - 1
        return origins.indices.contains(index) ? origins[index] : nil
    }

    /// Which entry of the element list of that message holds the byte; nil when the byte is elsewhere.
    func entry(_ sequence: UInt32, at offset: Int) -> Int? {
        let index = Int(sequence &- firstSequence) - 1
        guard starts.indices.contains(index) else { return nil }
        let message = buffer + starts[index]
        let length = Int(message.assumingMemoryBound(to: nlmsghdr.self).pointee.nlmsg_len)
        // The header of netlink, then that of netfilter.
        var position = 20
        while position + 4 <= length {
            let attribute = (message + position).assumingMemoryBound(to: nlattr.self)
            let size = (Int(attribute.pointee.nla_len) + 3) & ~3
            if size < 4 { return nil }
            if UInt32(mnl_attr_get_type(attribute)) == NFTA_SET_ELEM_LIST_ELEMENTS.rawValue, offset > position {
                return entry(message, from: position + 4, to: min(position + size, length), at: offset)
            }
            position += size
        }
        return nil
    }

    private func entry(_ message: UnsafeMutableRawPointer, from start: Int, to end: Int, at offset: Int) -> Int? {
        var position = start
        var index = 0
        while position + 4 <= end {
            let size = (Int((message + position).assumingMemoryBound(to: nlattr.self).pointee.nla_len) + 3) & ~3
            if size < 4 { return nil }
            if offset < position + size { return index }
            position += size
            index += 1
        }
        return nil
    }

    private mutating func add(_ change: Transaction.Change, _ origin: Origin) {
        switch change {
        case .object(let verb, .elements(let elements)): add(elements, verb, origin)
        case .object(let verb, let object): add(object, verb, origin)
        case .rule(let placement, let rule): add(rule, placement, origin)
        case .deleteRule(let handle, let chain):
            message(NFT_MSG_DELRULE, chain.table.family, 0, origin) {
                encodeRules(into: $0, chain.table, chain: chain.name, handle: handle)
            }
        case .flushTable(let table):
            message(NFT_MSG_DELRULE, table.family, 0, origin) { encodeRules(into: $0, table) }
        case .flushChain(let chain):
            message(NFT_MSG_DELRULE, chain.table.family, 0, origin) {
                encodeRules(into: $0, chain.table, chain: chain.name)
            }
        case .flushSet(let set):
            message(NFT_MSG_DELSETELEM, set.table.family, 0, origin) { set.encodeListHeader(into: $0) }
        }
    }

    private mutating func add(_ object: Transaction.Object, _ verb: Transaction.Verb, _ origin: Origin) {
        let types: (new: nf_tables_msg_types, delete: nf_tables_msg_types, destroy: UInt32, family: Family)
        switch object {
        case .table(let table): types = (NFT_MSG_NEWTABLE, NFT_MSG_DELTABLE, Destroy.table, table.family)
        case .chain(let chain): types = (NFT_MSG_NEWCHAIN, NFT_MSG_DELCHAIN, Destroy.chain, chain.table.family)
        case .set(let set): types = (NFT_MSG_NEWSET, NFT_MSG_DELSET, Destroy.set, set.table.family)
        // They have messages of their own.
        case .elements: return
        }
        let id = UInt32(origins.count + 1)
        switch verb {
        case .add, .create:
            let flags = NLM_F_CREATE | (verb == .create ? NLM_F_EXCL : 0)
            message(types.new, types.family, flags, origin) { object.encode(into: $0, definition: true, id: id) }
        case .destroy where hasDestroy:
            message(nf_tables_msg_types(types.destroy), types.family, 0, origin) {
                object.encode(into: $0, definition: false, id: id)
            }
        case .destroy:
            // Older kernels: made if absent, so that it can be deleted. Chains without their hook, which may differ.
            let isSet = if case .set = object { true } else { false }
            message(types.new, types.family, NLM_F_CREATE, origin) {
                object.encode(into: $0, definition: isSet, id: id)
            }
            message(types.delete, types.family, 0, origin) { object.encode(into: $0, definition: false, id: id) }
        case .delete:
            message(types.delete, types.family, 0, origin) { object.encode(into: $0, definition: false, id: id) }
        }
    }

    private mutating func add(_ rule: Rule, _ placement: Transaction.Placement, _ origin: Origin) {
        let flags =
            switch placement {
            case .last, .after: NLM_F_CREATE | NLM_F_APPEND
            case .first, .before: NLM_F_CREATE
            case .replacing: NLM_F_REPLACE
            }
        message(NFT_MSG_NEWRULE, rule.chain.table.family, flags, origin) { rule.encode(into: $0, placement) }
    }

    /// Elements, in as many messages as they need.
    private mutating func add(_ elements: ElementList, _ verb: Transaction.Verb, _ origin: Origin) {
        let set = elements.set
        let isNew = verb == .add || verb == .create
        let type =
            switch verb {
            case .add, .create: NFT_MSG_NEWSETELEM
            case .delete: NFT_MSG_DELSETELEM
            case .destroy: nf_tables_msg_types(Destroy.element)
            }
        let flags = isNew ? NLM_F_CREATE | (verb == .create ? NLM_F_EXCL : 0) : 0
        var index = 0
        while index < elements.count {
            let first = index
            message(type, set.table.family, flags, Origin(change: origin.change, firstElement: first)) { message in
                set.encodeListHeader(into: message)
                let list = mnl_attr_nest_start(message, UInt16(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue))
                while index < elements.count && message.pointee.nlmsg_len < Self.elementListLimit {
                    elements.write(index, into: message, keyOnly: !isNew)
                    index += 1
                }
                mnl_attr_nest_end(message, list)
            }
        }
    }

    private mutating func message(
        _ type: nf_tables_msg_types, _ family: Family, _ flags: CInt, _ origin: Origin, _ fill: (Message) -> Void
    ) {
        reserve()
        origins.append(origin)
        starts.append(count)
        let header = MessageHeader(
            NFNL_SUBSYS_NFTABLES, type.rawValue, family: family.rawValue, flags: flags,
            sequence: firstSequence &+ UInt32(origins.count))
        let message = header.write(at: buffer + count)
        fill(message)
        count += (Int(message.pointee.nlmsg_len) + 3) & ~3
    }

    private mutating func reserve() {
        if capacity - count >= Self.headroom { return }
        capacity *= 2
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        larger.copyMemory(from: buffer, byteCount: count)
        buffer.deallocate()
        buffer = larger
    }
}

/// NFT_MSG_DESTROY*, in the kernel from 6.3 on and not yet in the headers of Debian 12.
enum Destroy {
    static let table: UInt32 = 26
    static let chain: UInt32 = 27
    static let set: UInt32 = 29
    static let element: UInt32 = 30
}

extension Transaction.Object {
    fileprivate func encode(into message: Message, definition: Bool, id: UInt32) {
        switch self {
        case .table(let table): table.encode(into: message, definition: definition)
        case .chain(let chain): chain.encode(into: message, definition: definition)
        case .set(let set): set.encode(into: message, definition: definition, id: id)
        case .elements: break
        }
    }
}

extension NFTSet {
    /// Says to which set the elements that follow belong.
    func encodeListHeader(into message: Message) {
        mnl_attr_put_strz(message, UInt16(NFTA_SET_ELEM_LIST_TABLE.rawValue), table.name)
        mnl_attr_put_strz(message, UInt16(NFTA_SET_ELEM_LIST_SET.rawValue), name)
    }
}
