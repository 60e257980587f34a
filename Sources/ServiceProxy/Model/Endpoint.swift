package import NetTypes

/// Where a connection to a Service ends: address and port.
package struct Destination: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var address: IPAddress
    package var port: UInt16

    package init(_ address: IPAddress, _ port: UInt16) {
        self.address = address
        self.port = port
    }

    package var description: String { address.family == .v4 ? "\(address):\(port)" : "[\(address)]:\(port)" }

    package static func < (a: Self, b: Self) -> Bool { (a.address, a.port) < (b.address, b.port) }
}

/// One that may serve a port of a Service, with all that decides whether it does.
package struct Endpoint: Hashable, Sendable {
    package var destination: Destination
    package var isReady = true
    package var isServing = true
    package var isTerminating = false
    /// The node that it is on; empty when that is not known.
    package var node = ""
    /// For clients in which zones, and on which nodes, it is meant; empty when nobody has said.
    package var zones: [String] = []
    package var nodes: [String] = []

    /// It may have connections, and new ones if there is no better one.
    package var serves: Bool { isReady || isServing }

    package init(_ destination: Destination) { self.destination = destination }

    package init(_ endpoint: EndpointSliceObject.Endpoint, port: UInt16) {
        destination = Destination(endpoint.address, port)
        isReady = endpoint.isReady
        isServing = endpoint.isServing
        isTerminating = endpoint.isTerminating
        node = endpoint.node
        zones = endpoint.zones
        nodes = endpoint.nodes
    }
}

extension Endpoint {
    /// All that the slices of a Service say about one of its ports. Of two that are the same but for their condition, the
    /// one that is not terminating counts.
    package static func merged(
        _ slices: some Sequence<EndpointSliceObject>, for name: ServicePortName, _ family: IPFamily
    ) -> [Endpoint] {
        var merged: [Endpoint] = []
        var places: [Destination: Int] = [:]
        for slice in slices {
            guard let port = slice.ports.first(where: { $0.name == name.port && $0.transport == name.transport }) else {
                continue
            }
            merged.reserveCapacity(merged.count + slice.endpoints.count)
            for endpoint in slice.endpoints where endpoint.address.family == family {
                let endpoint = Endpoint(endpoint, port: port.number)
                if let place = places[endpoint.destination] {
                    if merged[place].isTerminating, !endpoint.isTerminating { merged[place] = endpoint }
                } else {
                    places[endpoint.destination] = merged.count
                    merged.append(endpoint)
                }
            }
        }
        return merged
    }
}
