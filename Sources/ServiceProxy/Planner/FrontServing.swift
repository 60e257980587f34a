internal import NFTables
internal import NetTypes

/// Who knows what serves the fronts of all Services.
protocol FrontServing {
    var node: NodeView { get }

    /// Whether any Service has a port for datagrams.
    func hasDatagrams(_ family: IPFamily) -> Bool
    /// Whether it is a Service's front, whatever serves it.
    func owns(_ place: FrontPlace) -> Bool
    /// Whether a front leads to the endpoint, or would if it were chosen.
    func serves(_ place: FrontPlace) -> Bool
}

extension FrontServing {
    /// It came for a Service, and goes on to what does not serve it.
    func isStrange(_ entry: ConntrackEntry) -> Bool {
        let (front, port) = (entry.original.destination, entry.original.destinationPort)
        let endpoint = Destination(entry.reply.source, entry.reply.sourcePort)
        let place = FrontPlace(address: front, entry.l4proto, port, endpoint)
        if owns(place) { return !serves(place) }
        guard (node.nodePortAddresses ?? node.addresses).contains(front) else { return false }
        let nodePort = FrontPlace(address: nil, entry.l4proto, port, endpoint)
        return owns(nodePort) && !serves(nodePort)
    }
}
