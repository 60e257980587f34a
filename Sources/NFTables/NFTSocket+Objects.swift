internal import CNftables
internal import Linux

/// What is there: one object by name at the cost of one lookup, or lists.
extension NFTSocket {
    /// The number of the ruleset's state; every commit of anybody makes a new one.
    package mutating func generation() throws(NFTError) -> UInt32 {
        let query = Query(
            subsystem: NFNL_SUBSYS_NFTABLES, type: NFT_MSG_GETGEN.rawValue, family: 0, isDump: false, operation: "get",
            object: "the ruleset's generation")
        let answers = try socket.ask(query) { message in
            Attributes(of: message)[NFTA_GEN_ID.rawValue].map { UInt32(bigEndian: mnl_attr_get_u32($0)) }
        }
        guard let generation = answers.first else { throw NFTError("get", "the ruleset's generation", .noEntry) }
        return generation
    }

    /// The table as it is, with its comment; nil when it is absent.
    package mutating func table(_ table: Table) throws(NFTError) -> Table? {
        try get(
            NFT_MSG_GETTABLE, table.family, "table \(table)", { table.encode(into: $0, definition: false) }, Table.init)
    }

    package mutating func chain(_ chain: Chain) throws(NFTError) -> Chain? {
        try get(NFT_MSG_GETCHAIN, chain.table.family, "chain \(chain)", { chain.encode(into: $0, definition: false) }) {
            Chain($0)
        }
    }

    package mutating func set(_ set: NFTSet) throws(NFTError) -> NFTSet? {
        try get(
            NFT_MSG_GETSET, set.table.family, "\(set.keyword) \(set)",
            { set.encode(into: $0, definition: false, id: 0) }, NFTSet.init)
    }

    /// The element with exactly that key; nil when it, or the set, is absent. In a set of intervals over one component
    /// it is the one that the key is in, without its end.
    package mutating func element(_ key: [Datum], in set: NFTSet) throws(NFTError) -> Element? {
        let wanted = ElementList(set, [Element(key)])
        return try get(
            NFT_MSG_GETSETELEM, set.table.family, "element \(set) { \(Element(key)) }",
            { message in
                set.encodeListHeader(into: message)
                let list = mnl_attr_nest_start(message, UInt16(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue))
                wanted.write(0, into: message, keyOnly: true)
                mnl_attr_nest_end(message, list)
            }, { ElementList($0, of: set).first })
    }

    /// The tables of a family, or of all.
    package mutating func tables(_ family: Family? = nil) throws(NFTError) -> [Table] {
        try dump(NFT_MSG_GETTABLE, family, "tables") { Table($0) }
    }

    /// The chains of a table; none for an absent one.
    package mutating func chains(in table: Table) throws(NFTError) -> [Chain] {
        try dump(NFT_MSG_GETCHAIN, table.family, "chains of table \(table)") { message in
            Chain(message).flatMap { $0.table.name == table.name ? $0 : nil }
        }
    }

    /// The named sets and maps, of types that this program can read; none for an absent table.
    package mutating func sets(in table: Table) throws(NFTError) -> [NFTSet] {
        do {
            return try dump(
                NFT_MSG_GETSET, table.family, "sets of table \(table)",
                { mnl_attr_put_strz($0, UInt16(NFTA_SET_TABLE.rawValue), table.name) }, NFTSet.init)
        } catch {
            if error.isNotFound { return [] }
            throw error
        }
    }

    /// The elements; an absent set is an error (`isNotFound`).
    package mutating func elements(of set: NFTSet) throws(NFTError) -> ElementList {
        try dump(
            NFT_MSG_GETSETELEM, set.table.family, "elements of \(set.keyword) \(set)",
            { set.encodeListHeader(into: $0) }, { ElementList($0, of: set) }
        ) { parts in
            let all = ElementList(set, joining: parts)
            return all.isDistinct ? all.joined : nil
        }
    }

    /// The rules of a chain in their order, or of all chains of a table; none for an absent one.
    package mutating func rules(in table: Table, chain: String? = nil) throws(NFTError) -> [InstalledRule] {
        try dump(
            NFT_MSG_GETRULE, table.family, "rules of table \(table)",
            { message in
                encodeRules(into: message, table, chain: chain)
            }
        ) { InstalledRule($0) }
    }

    package mutating func rules(of chain: Chain) throws(NFTError) -> [InstalledRule] {
        try rules(in: chain.table, chain: chain.name)
    }

    /// The one object that is named, or nil when it, or what it is in, is absent.
    mutating func get<Value>(
        _ type: nf_tables_msg_types, _ family: Family, _ object: String, _ fill: (Message) -> Void,
        _ decode: (UnsafePointer<nlmsghdr>) -> Value?
    ) throws(NFTError) -> Value? {
        let query = Query(
            subsystem: NFNL_SUBSYS_NFTABLES, type: type.rawValue, family: family.rawValue, isDump: false,
            operation: "get", object: object)
        do {
            return try socket.ask(query, fill, decode).first
        } catch {
            if error.isNotFound { return nil }
            throw error
        }
    }

    /// All objects of a kind, as they were at one moment.
    ///
    /// The kernel answers in parts and finds its place again by counting, so that a change in between shifts it: objects
    /// are told twice or not at all. It marks the answer only when the change was complete before the answer was; so
    /// the generation is compared too, behind the lock that every change holds from its beginning (`isStill`). A hash
    /// table that grows late shifts the place without any change; then as many are told twice as are not told, which
    /// `whole` sees, and makes nothing of them.
    mutating func dump<Value, Whole>(
        _ type: nf_tables_msg_types, _ family: Family?, _ object: String, _ fill: (Message) -> Void,
        _ decode: (UnsafePointer<nlmsghdr>) -> Value?, whole: ([Value]) -> Whole?
    ) throws(NFTError) -> Whole {
        let query = Query(
            subsystem: NFNL_SUBSYS_NFTABLES, type: type.rawValue, family: family?.rawValue ?? 0, isDump: true,
            operation: "list", object: object)
        for attempt in 0..<query.attempts {
            let generation = try generation()
            if let values = try socket.askOnce(query, fill, decode), try isStill(generation), let all = whole(values) {
                return all
            }
            query.pause(after: attempt)
        }
        throw query.unsettled
    }

    /// Objects of which none is ever told twice without a change.
    mutating func dump<Value>(
        _ type: nf_tables_msg_types, _ family: Family?, _ object: String, _ fill: (Message) -> Void = { _ in },
        _ decode: (UnsafePointer<nlmsghdr>) -> Value?
    ) throws(NFTError) -> [Value] {
        try dump(type, family, object, fill, decode) { $0 }
    }
}
