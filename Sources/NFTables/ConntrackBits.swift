/// Connection states as `ct state` sees them (NF_CT_STATE_BIT of the kernel).
package struct ConntrackState: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let invalid = ConntrackState(rawValue: 1)
    package static let established = ConntrackState(rawValue: 2)
    package static let related = ConntrackState(rawValue: 4)
    package static let new = ConntrackState(rawValue: 8)
    package static let untracked = ConntrackState(rawValue: 64)

    static let names: [(Self, String)] = [
        (.invalid, "invalid"), (.established, "established"), (.related, "related"), (.new, "new"),
        (.untracked, "untracked"),
    ]
}

/// Bits of `ct status` (IPS_* of linux/netfilter/nf_conntrack_common.h).
package struct ConntrackStatus: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let snat = ConntrackStatus(rawValue: 0x10)
    package static let dnat = ConntrackStatus(rawValue: 0x20)

    static let names: [(Self, String)] = [(.snat, "snat"), (.dnat, "dnat")]
}
