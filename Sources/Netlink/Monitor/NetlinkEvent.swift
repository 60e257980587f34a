internal import CNetlink
internal import NetTypes

/// Something that changed in the kernel's tables. It says where to look, not what to believe: by the time it is read
/// the object may have changed again.
package enum NetlinkEvent: Hashable, Sendable {
    /// A link that is new, or differs in some point.
    case linkChanged(Link)
    case linkRemoved(Link)
    /// A bridge port's settings or state changed, or it joined (the link as the bridge describes it, in part), or left.
    case portChanged(Link)
    case portRemoved(Link)
    case addressChanged(InterfaceAddress)
    case addressRemoved(InterfaceAddress)
    case routeChanged(Route)
    case routeRemoved(Route)
    case neighbourChanged(Neighbour)
    case neighbourRemoved(Neighbour)
    case forwardingChanged(ForwardingEntry)
    case forwardingRemoved(ForwardingEntry)
    case ruleChanged(RoutingRule)
    case ruleRemoved(RoutingRule)
    /// The kernel dropped events because they were not read in time, or one was too large: all that is known from
    /// events may be wrong, and everything must be read again.
    case overrun

    /// Reads a whole message; nil for those that say nothing of the above.
    init?(_ header: nlmsghdr, _ message: RawSpan) {
        let type = Int(header.nlmsg_type)
        guard let family: UInt8 = message.value(at: 16) else { return nil }
        let isBridge = CInt(family) == AF_BRIDGE
        let event: NetlinkEvent? =
            switch type {
            case Int(RTM_NEWLINK): Link(message).map { isBridge ? .portChanged($0) : .linkChanged($0) }
            case Int(RTM_DELLINK): Link(message).map { isBridge ? .portRemoved($0) : .linkRemoved($0) }
            case Int(RTM_NEWADDR): InterfaceAddress(message).map { .addressChanged($0) }
            case Int(RTM_DELADDR): InterfaceAddress(message).map { .addressRemoved($0) }
            case Int(RTM_NEWROUTE): Route(message).map { .routeChanged($0) }
            case Int(RTM_DELROUTE): Route(message).map { .routeRemoved($0) }
            case Int(RTM_NEWNEIGH) where isBridge: ForwardingEntry(message).map { .forwardingChanged($0) }
            case Int(RTM_DELNEIGH) where isBridge: ForwardingEntry(message).map { .forwardingRemoved($0) }
            case Int(RTM_NEWNEIGH): Neighbour(message).map { .neighbourChanged($0) }
            case Int(RTM_DELNEIGH): Neighbour(message).map { .neighbourRemoved($0) }
            case Int(RTM_NEWRULE): RoutingRule(message).map { .ruleChanged($0) }
            case Int(RTM_DELRULE): RoutingRule(message).map { .ruleRemoved($0) }
            default: nil
            }
        guard let event else { return nil }
        self = event
    }
}

/// What a monitor hears of (linux/rtnetlink.h, RTNLGRP_*).
package struct MonitorGroups: OptionSet, Hashable, Sendable {
    package var rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    private init(_ groups: rtnetlink_groups...) {
        rawValue = groups.reduce(0) { $0 | 1 << ($1.rawValue - 1) }
    }

    /// Links, and the ports of bridges.
    package static let links = MonitorGroups(RTNLGRP_LINK)
    /// Neighbours of both families, and forwarding entries of bridges and vxlans.
    package static let neighbours = MonitorGroups(RTNLGRP_NEIGH)
    package static let addresses = MonitorGroups(RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR)
    package static let routes = MonitorGroups(RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE)
    package static let rules = MonitorGroups(RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE)
    package static let all: MonitorGroups = [.links, .neighbours, .addresses, .routes, .rules]
}
