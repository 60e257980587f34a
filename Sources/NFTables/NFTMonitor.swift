internal import CNftables
internal import Linux

/// Hears of changes to the nf_tables ruleset of the namespace of the thread that opens it.
///
/// Events say that something changed, not what is there now: read that again. After `.overrun` anything may have
/// changed.
package struct NFTMonitor: ~Copyable {
    private let socket: NetfilterSocket

    package enum Event: Hashable, Sendable {
        case changed(Change)
        /// A commit is done: its generation, and the thread that made it (the process, if it has only one) with its name.
        /// The changes that it made come before it.
        case committed(generation: UInt32, thread: Int32, name: String)
        /// Events were lost because they came faster than they were read.
        case overrun
    }

    package struct Change: Hashable, Sendable {
        package var kind: Kind
        package var isRemoval: Bool
        package var table: Table
        /// The chain of a chain or rule, the set of a set or element.
        package var name: String?

        package init(_ kind: Kind, isRemoval: Bool, _ table: Table, name: String? = nil) {
            self.kind = kind
            self.isRemoval = isRemoval
            self.table = table
            self.name = name
        }
    }

    package enum Kind: Hashable, Sendable { case table, chain, rule, set, element, other }

    /// `receiveSpace`: bytes of events that may wait to be read before an overrun.
    package init(receiveSpace: Int32 = 4 << 20) throws(NFTError) {
        socket = try NetfilterSocket(groups: [CInt(NFNLGRP_NFTABLES.rawValue)], receiveSpace: receiveSpace)
    }

    /// Readable when events wait; for epoll.
    package var descriptor: Int32 { socket.descriptor }

    /// All events that wait, without waiting for more.
    package func receive() throws(NFTError) -> [Event] {
        try socket.events(of: NFNL_SUBSYS_NFTABLES, "events of nf_tables", lost: .overrun) { Event($0) }
    }
}

extension NFTMonitor.Event {
    fileprivate init?(_ message: UnsafePointer<nlmsghdr>) {
        let attributes = Attributes(of: message)
        let type = UInt32(message.pointee.nlmsg_type & 0xFF)
        func text(_ type: UInt32) -> String? {
            attributes[type].flatMap { mnl_attr_get_str($0) }.map { String(cString: $0) }
        }
        func number(_ type: UInt32) -> UInt32 {
            attributes[type].map { UInt32(bigEndian: mnl_attr_get_u32($0)) } ?? 0
        }
        if type == NFT_MSG_NEWGEN.rawValue {
            self = .committed(
                generation: number(NFTA_GEN_ID.rawValue),
                thread: Int32(bitPattern: number(NFTA_GEN_PROC_PID.rawValue)),
                name: text(NFTA_GEN_PROC_NAME.rawValue) ?? "")
            return
        }
        // The name of the table is attribute 1 of every kind of object.
        let family = UnsafeRawPointer(message).load(fromByteOffset: MemoryLayout<nlmsghdr>.size, as: UInt8.self)
        guard let family = Family(rawValue: family), let table = text(NFTA_TABLE_NAME.rawValue) else { return nil }
        let kind: NFTMonitor.Kind
        var name: String?
        switch type {
        case NFT_MSG_NEWTABLE.rawValue, NFT_MSG_DELTABLE.rawValue: kind = .table
        case NFT_MSG_NEWCHAIN.rawValue, NFT_MSG_DELCHAIN.rawValue:
            (kind, name) = (.chain, text(NFTA_CHAIN_NAME.rawValue))
        case NFT_MSG_NEWRULE.rawValue, NFT_MSG_DELRULE.rawValue: (kind, name) = (.rule, text(NFTA_RULE_CHAIN.rawValue))
        case NFT_MSG_NEWSET.rawValue, NFT_MSG_DELSET.rawValue: (kind, name) = (.set, text(NFTA_SET_NAME.rawValue))
        case NFT_MSG_NEWSETELEM.rawValue, NFT_MSG_DELSETELEM.rawValue:
            (kind, name) = (.element, text(NFTA_SET_ELEM_LIST_SET.rawValue))
        default: kind = .other
        }
        let removals = [
            NFT_MSG_DELTABLE, NFT_MSG_DELCHAIN, NFT_MSG_DELRULE, NFT_MSG_DELSET, NFT_MSG_DELSETELEM, NFT_MSG_DELOBJ,
            NFT_MSG_DELFLOWTABLE,
        ]
        let isRemoval = removals.contains { $0.rawValue == type }
        self = .changed(.init(kind, isRemoval: isRemoval, Table(family, table), name: name))
    }
}
