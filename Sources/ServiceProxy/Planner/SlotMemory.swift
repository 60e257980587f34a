package import NFTables
internal import NetTypes

/// In which slots a table holds endpoints, so that who takes it over leaves them there.
package struct SlotMemory: Sendable {
    private var slots: [NFTSetKey: [Destination]] = [:]

    private struct NFTSetKey: Hashable, Sendable {
        var set: ProxySet
        var key: [Datum]
    }

    package init() {}

    /// Takes what a map holds; elements that are not of its kind are passed over.
    package mutating func take(_ elements: [Element], of set: ProxySet) {
        var found: [[Datum]: [(UInt32, Destination)]] = [:]
        for element in elements {
            guard case .mark(let slot)? = element.key.last, case .data(let value)? = element.value, value.count == 2,
                let address = value[0].ipAddress, case .port(let port) = value[1]
            else { continue }
            found[Array(element.key.dropLast()), default: []].append((slot, Destination(address, port)))
        }
        for (key, slots) in found {
            self.slots[NFTSetKey(set: set, key: key)] = slots.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// The slots of a port's endpoints, anywhere and on the node.
    mutating func take(_ transport: L4Protocol, _ port: ServicePort) -> ([Destination], [Destination]) {
        if slots.isEmpty { return ([], []) }
        let transport = Datum.l4proto(transport)
        func order(_ front: ProxySet, _ nodePort: ProxySet, _ addresses: [IPAddress]) -> [Destination] {
            for address in addresses {
                let key = NFTSetKey(set: front, key: [.address(address), transport, .port(port.port)])
                if let order = slots[key] { return order }
            }
            return slots[NFTSetKey(set: nodePort, key: [transport, .port(port.nodePort)])] ?? []
        }
        let external = port.externalIPs + port.loadBalancerIPs
        let own = slots[NFTSetKey(set: .endpoints, key: [.address(port.clusterIP), transport, .port(port.port)])] ?? []
        let local = order(.localEndpoints, .nodePortLocalEndpoints, external)
        if port.isInternalLocal { return (order(.endpoints, .nodePortEndpoints, external), own) }
        return (own, local)
    }
}
