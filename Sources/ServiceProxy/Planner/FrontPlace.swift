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

    /// `key` is that of a map of endpoints, without the slot.
    init?(_ key: some Collection<Datum>, _ value: Element.Value?) {
        guard case .data(let data)? = value, data.count == 2, let address = data[0].ipAddress,
            case .port(let endpointPort) = data[1]
        else { return nil }
        let front = Array(key)
        guard front.count >= 2, case .port(let port) = front[front.count - 1],
            case .l4proto(let transport) = front[front.count - 2]
        else { return nil }
        self.init(
            address: front.count == 3 ? front[0].ipAddress : nil, transport, port,
            Destination(address, endpointPort))
    }
}

extension ElementChanges {
    /// Endpoints that a front had and has no longer.
    var gonePlaces: Set<FrontPlace> {
        func places(_ elements: [Place: Element]) -> Set<FrontPlace> {
            Set(elements.compactMap { FrontPlace($0.key.dropLast(), $1.value) })
        }
        let gone = places(removed)
        return gone.isEmpty ? [] : gone.subtracting(places(added))
    }

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
