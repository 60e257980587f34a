internal import NetTypes
package import Netlink

extension Change {
    /// The change in the kernel's words; nil for an entry that has no such words (`RouteTarget.other` cannot be wanted).
    package var request: NetlinkRequest? {
        switch self {
        case .put(let key, let entry): Self.request(.replace, key, entry)
        case .remove(let key, let entry): Self.request(.delete, key, entry)
        }
    }

    private static func request(_ verb: Verb, _ key: EntryKey, _ entry: Entry) -> NetlinkRequest? {
        switch (key, entry) {
        case (.neighbour(let device, let address), .neighbour(let mac)):
            return .neighbour(verb, Neighbour(address, mac: mac, on: device))
        case (.fdb(let device, let mac), .fdb(let destination)):
            return .forwarding(verb, ForwardingEntry(mac, to: destination, on: device))
        case (.route(let destination), .route(.via(let gateway, let device, let isOnLink))):
            // Gateway and device name the one to remove, which may be flannel's without our tag.
            let mark: RouteProtocol = verb == .delete ? .unspecified : .poplin
            return .route(
                verb, Route(destination, via: gateway, dev: device, protocolNumber: mark, isOnLink: isOnLink))
        case (.blackhole(let destination), .route(.blackhole)):
            return .route(
                verb, Route(destination, type: .blackhole, protocolNumber: .poplin, priority: blackholePriority))
        case (.route(let destination), .route):
            // Of a route that we do not know the shape of, the destination and the tag are enough to remove it.
            var route = Route(destination, protocolNumber: .poplin)
            route.scope = destination.family == .v4 ? .nowhere : .universe
            return verb == .delete ? .route(.delete, route) : nil
        default: return nil
        }
    }
}
