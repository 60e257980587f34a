package import NFTables
package import NetTypes

/// An endpoint of a front, in whatever slot. The front of a node port has no address.
package struct FrontPlace: Hashable, Sendable {
    package var address: IPAddress?
    package var transport: L4Protocol
    package var port: UInt16
    package var endpoint: Destination

    package init(address: IPAddress?, _ transport: L4Protocol, _ port: UInt16, _ endpoint: Destination) {
        self.address = address
        self.transport = transport
        self.port = port
        self.endpoint = endpoint
    }

    init(_ front: Front, _ endpoint: Destination) {
        self.init(address: front.address, front.transport, front.port, endpoint)
    }

    var front: Front {
        address.map { .address($0, transport, port) } ?? .nodePort(endpoint.address.family, transport, port)
    }
}

extension ElementChanges {
    /// Addresses and ports that lead somewhere now, and did not before.
    var newFronts: [(address: IPAddress, transport: L4Protocol, port: UInt16)] {
        added.keys.compactMap { place in
            guard place.set == .services, removed[place] == nil, place.key.count == 3,
                let address = place.key[0].ipAddress, case .l4proto(let transport) = place.key[1],
                case .port(let port) = place.key[2]
            else { return nil }
            return (address, transport, port)
        }
    }
}
