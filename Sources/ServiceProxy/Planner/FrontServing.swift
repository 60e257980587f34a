internal import NFTables
internal import NetTypes

/// Who knows what serves the fronts of all Services.
protocol FrontServing {
    associatedtype Ports: Sequence<PortKey>

    var node: NodeView { get }
    var owners: FrontOwners { get }
    /// Of all Services.
    var ports: Ports { get }
    func endpoints(of port: PortKey) -> [Endpoint]?
}

extension FrontServing {
    /// Whether any Service has a port for datagrams.
    func hasDatagrams(_ family: IPFamily) -> Bool {
        ports.contains { $0.name.transport == .udp && $0.family == family }
    }

    /// Whether it is a Service's front, whatever serves it.
    func owns(_ place: FrontPlace) -> Bool { owners.owner(of: place) != nil }

    /// Whether a front leads to the endpoint, or would if it were chosen.
    func serves(_ place: FrontPlace) -> Bool {
        owners.owner(of: place).flatMap(endpoints)?.contains { $0.destination == place.endpoint && $0.serves } ?? false
    }

    /// It came for a Service, and goes on to what does not serve it.
    func isStrange(_ entry: ConntrackEntry) -> Bool {
        let (address, port) = (entry.original.destination, entry.original.destinationPort)
        let endpoint = Destination(entry.reply.source, entry.reply.sourcePort)
        let place = FrontPlace(front: .address(address, entry.l4proto, port), endpoint: endpoint)
        if owns(place) { return !serves(place) }
        guard (node.nodePortAddresses ?? node.addresses).contains(address) else { return false }
        let nodePort = FrontPlace(front: .nodePort(address.family, entry.l4proto, port), endpoint: endpoint)
        return owns(nodePort) && !serves(nodePort)
    }
}
