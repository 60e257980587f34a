internal import CNetlink

/// One change of the kernel's tables, as a value: it can be compared, printed, and run alone or with thousands more.
package enum NetlinkRequest: Hashable, Sendable {
    case createLink(NewLink)
    /// With `kind` the settings of that kind are changed as well, as far as the kernel allows on a living link.
    case changeLink(LinkReference, LinkAttributes, kind: LinkKind? = nil)
    /// Free text of at most 255 bytes; ignored by the kernel at creation.
    case setAlias(LinkReference, String)
    case renameLink(InterfaceIndex, to: String)
    case deleteLink(LinkReference)
    /// All links of a group at once; one wait of the kernel's instead of one a link.
    case deleteLinkGroup(UInt32)
    /// The link must be a port of a bridge when this runs.
    case changePort(LinkReference, BridgePort)
    /// `onBridge`: of the bridge's own end, not of a port.
    case addVLAN(InterfaceIndex, BridgeVLAN, onBridge: Bool = false)
    case deleteVLAN(InterfaceIndex, BridgeVLAN, onBridge: Bool = false)
    case address(Verb, InterfaceAddress)
    case route(Verb, Route)
    case rule(Verb, RoutingRule)
    case neighbour(Verb, Neighbour)
    case forwarding(Verb, ForwardingEntry)
    case queueing(Verb, QueueingDiscipline)
    case redirect(Verb, PacketRedirect)

    func encoded() throws(NetlinkError) -> Message {
        switch self {
        case .createLink(let link): return try .creating(link)
        case .changeLink(let link, let attributes, let kind): return try .changing(link, attributes, kind)
        case .setAlias(let link, let alias):
            var message = try Message.link(RTM_NEWLINK, link)
            message.put(IFLA_IFALIAS, alias)
            return message
        case .renameLink(let index, let name):
            var message = try Message.link(RTM_NEWLINK, .index(index))
            message.put(IFLA_IFNAME, name)
            return message
        case .deleteLink(let link): return try .link(RTM_DELLINK, link)
        case .deleteLinkGroup(let group):
            var message = try Message.link(RTM_DELLINK, nil)
            message.put(IFLA_GROUP, group)
            return message
        case .changePort(let link, let port): return try .changing(link, port)
        case .addVLAN(let index, let vlan, let onBridge):
            return try .vlan(RTM_SETLINK, index, vlan, onBridge: onBridge)
        case .deleteVLAN(let index, let vlan, let onBridge):
            return try .vlan(RTM_DELLINK, index, vlan, onBridge: onBridge)
        case .address(let verb, let address): return try address.encoded(verb)
        case .route(let verb, let route): return try route.encoded(verb)
        case .rule(let verb, let rule): return try rule.encoded(verb)
        case .neighbour(let verb, let neighbour): return try neighbour.encoded(verb)
        case .forwarding(let verb, let entry): return try entry.encoded(verb)
        case .queueing(let verb, let queueing): return try queueing.encoded(verb)
        case .redirect(let verb, let redirect): return try redirect.encoded(verb)
        }
    }
}

extension NetlinkRequest: CustomStringConvertible {
    /// The verb, for logs and errors.
    package var operation: String {
        switch self {
        case .createLink: "create"
        case .changeLink, .changePort, .setAlias: "change"
        case .renameLink: "rename"
        case .deleteLink, .deleteLinkGroup: "delete"
        case .addVLAN: "add"
        case .deleteVLAN: "delete"
        case .address(let verb, _), .route(let verb, _), .rule(let verb, _), .neighbour(let verb, _),
            .forwarding(let verb, _),
            .queueing(let verb, _), .redirect(let verb, _):
            verb.rawValue
        }
    }

    /// What the verb is for, with what names it.
    package var object: String {
        switch self {
        case .createLink(let link): "\(link.kind.name) link \(link.name)"
        case .changeLink(let link, _, _): "\(link)"
        case .setAlias(let link, _): "alias of \(link)"
        case .renameLink(let index, let name): "link \(index) to \(name)"
        case .deleteLink(let link): "\(link)"
        case .deleteLinkGroup(let group): "links of group \(group)"
        case .changePort(let link, _): "bridge port \(link)"
        case .addVLAN(let index, let vlan, _), .deleteVLAN(let index, let vlan, _): "\(vlan) on link \(index)"
        case .address(_, let address): "\(address)"
        case .route(_, let route): "\(route)"
        case .rule(_, let rule): "\(rule)"
        case .neighbour(_, let neighbour): "\(neighbour)"
        case .forwarding(_, let entry): "\(entry)"
        case .queueing(_, let queueing): "\(queueing)"
        case .redirect(_, let redirect): "\(redirect)"
        }
    }

    package var description: String { "\(operation) \(object)" }
}
