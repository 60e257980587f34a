internal import NFTables
internal import NetTypes

/// An endpoint of a front, in whatever slot.
package struct FrontPlace: Hashable, Sendable {
    var front: Front
    var endpoint: Destination
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
