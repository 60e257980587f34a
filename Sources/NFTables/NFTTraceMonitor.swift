internal import CNftables
internal import Linux

/// Hears what becomes of packets that a rule has marked with `trace`, in the namespace of the thread that opens it.
package struct NFTTraceMonitor: ~Copyable {
    private let socket: NetfilterSocket

    package enum Event: Hashable, Sendable {
        case step(NFTTraceStep)
        /// Events were lost because they came faster than they were read.
        case overrun
    }

    package init() throws(NFTError) {
        socket = try NetfilterSocket(groups: [CInt(NFNLGRP_NFTRACE.rawValue)], receiveSpace: 1 << 20)
    }

    /// Readable when events wait; for epoll.
    package var descriptor: Int32 { socket.descriptor }

    /// All events that wait, without waiting for more.
    package func receive() throws(NFTError) -> [Event] {
        try socket.events(of: NFNL_SUBSYS_NFTABLES, "traces of nf_tables", lost: .overrun) {
            NFTTraceStep($0).map { .step($0) }
        }
    }
}

/// What a rule, or the end of a chain, did with a packet.
package struct NFTTraceStep: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case rule(handle: UInt64)
        /// The chain ended, and its caller goes on.
        case end
        /// The base chain ended, and its policy decided.
        case policy
    }

    /// The same for one packet, and not for many others.
    package var packet: UInt32
    package var table: Table
    package var chain: String
    package var kind: Kind
    /// Nil for one that is not of nf_tables' own, such as to queue the packet.
    package var verdict: Verdict?
}

extension NFTTraceStep {
    init?(_ message: UnsafePointer<nlmsghdr>) {
        guard UInt32(message.pointee.nlmsg_type & 0xFF) == NFT_MSG_TRACE.rawValue else { return nil }
        let attributes = Attributes(of: message)
        func text(_ type: nft_trace_attributes) -> String? {
            attributes[type.rawValue].flatMap { mnl_attr_get_str($0) }.map { String(cString: $0) }
        }
        func number(_ type: nft_trace_attributes) -> UInt32? {
            attributes[type.rawValue].map { UInt32(bigEndian: mnl_attr_get_u32($0)) }
        }
        let family = UnsafeRawPointer(message).load(fromByteOffset: MemoryLayout<nlmsghdr>.size, as: UInt8.self)
        guard let family = Family(rawValue: family), let table = text(NFTA_TRACE_TABLE),
            let chain = text(NFTA_TRACE_CHAIN), let type = number(NFTA_TRACE_TYPE)
        else { return nil }
        packet = number(NFTA_TRACE_ID) ?? 0
        self.table = Table(family, table)
        self.chain = chain
        if let handle = attributes[NFTA_TRACE_RULE_HANDLE.rawValue] {
            kind = .rule(handle: UInt64(bigEndian: mnl_attr_get_u64(handle)))
        } else {
            kind = type == NFT_TRACETYPE_POLICY.rawValue ? .policy : .end
        }
        if let policy = number(NFTA_TRACE_POLICY) {
            verdict = Verdict(code: Int32(bitPattern: policy), chain: nil)
        } else if let nest = attributes[NFTA_TRACE_VERDICT.rawValue] {
            let parts = Attributes(in: nest)
            let code = parts[NFTA_VERDICT_CODE.rawValue].map {
                Int32(bitPattern: UInt32(bigEndian: mnl_attr_get_u32($0)))
            }
            let target = parts[NFTA_VERDICT_CHAIN.rawValue].flatMap { mnl_attr_get_str($0) }.map { String(cString: $0) }
            verdict = code.flatMap { Verdict(code: $0, chain: target) }
        }
    }
}
