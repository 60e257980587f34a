internal import CNetlink

/// What a link does with packets that wait: at its root for those that leave, or at its ingress.
package struct QueueingDiscipline: Hashable, Sendable {
    package var interface: InterfaceIndex
    package var kind: Kind
    /// Major number in the high, minor in the low 16 bits, as tc(8) prints them.
    package var handle: UInt32
    package var parent: UInt32

    package enum Kind: Hashable, Sendable {
        /// Delays and drops what goes faster than the rate.
        case tokenBucket(TokenBucket)
        /// A place for filters on packets that arrive; it holds none back.
        case ingress
        /// Another one, by the kernel's name for it; can be read and deleted.
        case other(String)
    }

    package static let root: UInt32 = 0xFFFF_FFFF
    package static let ingressParent: UInt32 = 0xFFFF_FFF1
    package static let ingressHandle: UInt32 = 0xFFFF_0000

    /// A token bucket (or another) at the link's root.
    package init(_ kind: Kind, on interface: InterfaceIndex, handle: UInt32 = 0x0001_0000) {
        self.interface = interface
        self.kind = kind
        self.handle = kind == .ingress ? Self.ingressHandle : handle
        parent = kind == .ingress ? Self.ingressParent : Self.root
    }
}

/// A token bucket filter (tc-tbf(8)).
package struct TokenBucket: Hashable, Sendable {
    /// Bytes a second.
    package var rate: UInt64
    /// Bytes that may go at once after a pause. Less than one packet lets nothing through. From the kernel it comes
    /// rounded, as it keeps the time that the bytes take.
    package var burst: UInt32
    /// Bytes that may wait before packets are dropped.
    package var limit: UInt32

    package init(rate: UInt64, burst: UInt32, limit: UInt32) {
        self.rate = rate
        self.burst = burst
        self.limit = limit
    }

    /// With room for what comes in during this time, beyond the burst; cut off where the kernel's 32 bits end.
    package init(rate: UInt64, burst: UInt32, latencyMicroseconds: UInt64) {
        let (product, overflow) = rate.multipliedReportingOverflow(by: latencyMicroseconds)
        let waiting = overflow ? UInt64(UInt32.max) : product / 1_000_000
        self.init(rate: rate, burst: burst, limit: UInt32(clamping: min(waiting, UInt64(UInt32.max)) + UInt64(burst)))
    }
}

extension QueueingDiscipline: CustomStringConvertible {
    package var description: String { "\(kind.name) queueing on link \(interface)" }
}

extension QueueingDiscipline.Kind {
    var name: String {
        switch self {
        case .tokenBucket: "tbf"
        case .ingress: "ingress"
        case .other(let name): name
        }
    }
}

extension QueueingDiscipline {
    func encoded(_ verb: Verb) throws(NetlinkError) -> Message {
        var message = try Message(verb.type(new: RTM_NEWQDISC, delete: RTM_DELQDISC), flags: verb.flags)
        message.header(tcmsg(interface, handle: verb == .delete && kind != .ingress ? 0 : handle, parent: parent))
        message.put(TCA_KIND, kind.name)
        if verb != .delete, case .tokenBucket(let bucket) = kind {
            try message.nest(TCA_OPTIONS) { message in message.put(bucket) }
        }
        return message
    }

    /// Reads a whole RTM_NEWQDISC or RTM_DELQDISC message.
    init?(_ message: RawSpan) {
        guard let header: tcmsg = message.value(at: 16) else { return nil }
        var name = ""
        var bucket: TokenBucket?
        message.forEachAttribute(from: 36) { type, value in
            if type == Int(TCA_KIND) { name = value.text }
            if type == Int(TCA_OPTIONS), name == "tbf" { bucket = TokenBucket(value) }
        }
        let kind: Kind = bucket.map { .tokenBucket($0) } ?? (name == "ingress" ? .ingress : .other(name))
        self.init(kind, on: header.tcm_ifindex, handle: header.tcm_handle)
        handle = header.tcm_handle
        parent = header.tcm_parent
    }
}

extension tcmsg {
    init(_ interface: InterfaceIndex, handle: UInt32 = 0, parent: UInt32, info: UInt32 = 0) {
        self.init()
        tcm_ifindex = interface
        tcm_handle = handle
        tcm_parent = parent
        tcm_info = info
    }
}

/// The kernel counts time in steps of 64 ns here (PSCHED_SHIFT in net/pkt_sched.h; /proc/net/psched says the same).
private let nanosecondsPerTick: UInt64 = 64

extension Message {
    /// With a link layer given the kernel computes sending times itself and wants no rate table (since 3.9); with the
    /// burst in bytes it is exact (since 3.15), and the ticks beside it only serve older ones.
    fileprivate mutating func put(_ bucket: TokenBucket) {
        var options = tc_tbf_qopt()
        options.rate.linklayer = UInt8(TC_LINKLAYER_ETHERNET.rawValue)
        options.rate.rate = UInt32(clamping: bucket.rate)
        options.limit = bucket.limit
        options.buffer = UInt32(
            clamping: UInt64(bucket.burst) * 1_000_000_000 / max(bucket.rate, 1) / nanosecondsPerTick)
        put(TCA_TBF_PARMS, value: options)
        put(TCA_TBF_BURST, bucket.burst)
        if bucket.rate > UInt64(UInt32.max) { put(TCA_TBF_RATE64, bucket.rate) }
    }
}

extension TokenBucket {
    fileprivate init?(_ options: RawSpan) {
        var parameters: tc_tbf_qopt?
        var rate64: UInt64?
        options.forEachAttribute { type, value in
            if type == Int(TCA_TBF_PARMS) { parameters = value.value() }
            if type == Int(TCA_TBF_RATE64) { rate64 = value.u64 }
        }
        guard let parameters else { return nil }
        let rate = rate64 ?? UInt64(parameters.rate.rate)
        let time = UInt128(parameters.buffer) * UInt128(nanosecondsPerTick)
        let burst = (time * UInt128(rate) + 500_000_000) / 1_000_000_000
        self.init(rate: rate, burst: UInt32(clamping: burst), limit: parameters.limit)
    }
}
