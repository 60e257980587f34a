package import NFTables
package import NetTypes

/// The elements that a container's port mappings are, decided before anything is touched.
package struct HostPortPlan: Hashable, Sendable {
    package private(set) var elements: [OwnedElement] = []
    private let config: PortMapConfig
    /// Addresses with a port to map whose callers the container may not see as they are.
    private var masqueraded: [CIDR] = []

    /// The addresses are the container's first of each family, with the length of their network's prefix.
    package init(_ config: PortMapConfig, addresses: [CIDR], label: String) throws(CNIError) {
        self.config = config
        var targets: [OwnedElement] = []
        var sources: [OwnedElement] = []
        var places: [OwnedElement: Element] = [:]
        for address in addresses {
            for mapping in config.mappings where mapping.applies(to: address.family) {
                let element = Self.target(mapping, address.address, label)
                let port = OwnedElement(Element(element.element.key), in: element.set)
                // One mapping, as most containers have, collides with nothing.
                if config.mappings.count > 1, let same = places.updateValue(element.element, forKey: port) {
                    if same == element.element { continue }
                    throw CNIError(
                        .invalidConfig, "portMappings: host port \(mapping) leads to two places",
                        details: "\(same) and \(element.element)")
                }
                targets.append(element)
                if config.snat { sources.append(Self.source(mapping, address, config, label)) }
            }
        }
        elements = targets + sources
        if sources.isEmpty { return }
        masqueraded = addresses.filter { address in config.mappings.contains { $0.applies(to: address.family) } }
    }

    /// What the elements need in the kernel, beginning with the table.
    package var layouts: [Transaction] {
        if elements.isEmpty { return [] }
        if masqueraded.isEmpty { return [HostPortTable.layout] }
        return [HostPortTable.layout, HostPortTable.layout(markBit: config.markBit)]
            + masqueraded.map { HostPortTable.layout(for: $0.network, config) }
    }

    /// Whether 127.0.0.1 leads into the container, which needs `route_localnet` on the way to it.
    package var needsLocalnet: Bool { masqueraded.contains { $0.family == .v4 } }

    private static func key(_ mapping: PortMapping) -> [Datum] {
        (mapping.boundAddress.map { [.address($0)] } ?? []) + [.l4proto(mapping.protocol), .port(mapping.hostPort)]
    }

    private static func target(_ mapping: PortMapping, _ address: IPAddress, _ label: String) -> OwnedElement {
        OwnedElement(
            Element(key(mapping), [.address(address), .port(mapping.containerPort)], comment: label),
            in: HostPortTable.targets(address.family, isBound: mapping.boundAddress != nil))
    }

    private static func source(_ mapping: PortMapping, _ address: CIDR, _ config: PortMapConfig, _ label: String)
        -> OwnedElement
    {
        let chain = HostPortTable.sourceChain(address.network, config)
        return OwnedElement(
            Element(key(mapping), .jump(chain.name), comment: label),
            in: HostPortTable.sources(address.family, isBound: mapping.boundAddress != nil))
    }
}
