internal import NFTables
internal import NetTypes

/// A front led to an endpoint that serves no longer, or is led elsewhere itself: what is left of connections there.
package struct LostPlace: Hashable, Sendable {
    package var place: FrontPlace
    /// For how long its connections may go on, if its Service says so. Otherwise those of streams are left to themselves,
    /// which end, and those of datagrams are cut at once, which do not.
    package var drainSeconds: UInt32?

    /// Of a port as it was and as it is, nil for one that is not there. An endpoint that is about to end keeps what it has.
    static func between(
        _ transport: L4Protocol, _ before: ServicePort?, _ old: [Endpoint], _ after: ServicePort?, _ new: [Endpoint]
    ) -> [LostPlace] {
        guard let before else { return [] }
        let drainSeconds = (after ?? before).drainSeconds
        if transport != .udp, drainSeconds == nil { return [] }
        let kept = after.map { $0.places(transport, new) } ?? []
        return before.places(transport, old).subtracting(kept).map { LostPlace(place: $0, drainSeconds: drainSeconds) }
    }
}

extension ServicePort {
    /// Each front with each endpoint that may have connections.
    fileprivate func places(_ transport: L4Protocol, _ endpoints: [Endpoint]) -> Set<FrontPlace> {
        let fronts = fronts(transport)
        let serving = endpoints.filter(\.serves).map(\.destination)
        return Set(fronts.flatMap { front in serving.map { FrontPlace(front: front, endpoint: $0) } })
    }
}

extension FrontPlace {
    /// Connections of clients to the endpoint by this front.
    var flows: ConntrackFilter {
        ConntrackFilter(
            endpoint.address.family, front.transport, originalDestination: front.address,
            originalDestinationPort: front.port, replySource: endpoint.address, replySourcePort: endpoint.port)
    }
}
