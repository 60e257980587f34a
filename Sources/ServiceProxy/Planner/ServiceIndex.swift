package import KubeClient
package import NetTypes

/// Services and the slices that belong to them, and which of them have to be looked at again.
package struct ServiceIndex: Sendable {
    private var services: [ObjectKey: ServiceObject] = [:]
    private var slices: [ObjectKey: [ObjectKey: EndpointSliceObject]] = [:]
    /// Which Service a slice belongs to: its label may change.
    private var owners: [ObjectKey: ObjectKey] = [:]
    /// What each Service has in the planner.
    private var planned: [ObjectKey: [PortKey]] = [:]
    private var changed: Set<ObjectKey> = []

    private let families: [IPFamily]
    private let allowsExternalIPs: Bool
    /// Is told all that planners are told.
    package var listeners: NodeListeners

    package init(families: [IPFamily] = IPFamily.allCases, node: String = "", allowsExternalIPs: Bool = true) {
        self.families = families
        self.allowsExternalIPs = allowsExternalIPs
        listeners = NodeListeners(node: node)
    }

    package var serviceCount: Int { services.count }

    /// Nil for one that is gone.
    package mutating func set(service key: ObjectKey, _ service: ServiceObject?) {
        services[key] = service
        changed.insert(key)
    }

    package mutating func set(slice key: ObjectKey, _ slice: EndpointSliceObject?) {
        let owner = slice.flatMap { $0.service.isEmpty ? nil : ObjectKey(namespace: key.namespace, name: $0.service) }
        if let previous = owners[key], previous != owner {
            slices[previous]?[key] = nil
            if slices[previous]?.isEmpty == true { slices[previous] = nil }
            changed.insert(previous)
        }
        owners[key] = owner
        guard let owner, let slice else { return }
        slices[owner, default: [:]][key] = slice
        changed.insert(owner)
    }

    /// Tells the planner what has changed since the last time.
    package mutating func plan(with planner: inout some PortPlanner) {
        for key in changed { plan(key, with: &planner) }
        changed = []
    }

    private mutating func plan(_ key: ObjectKey, with planner: inout some PortPlanner) {
        let before = planned.removeValue(forKey: key) ?? []
        var after: [PortKey] = []
        if let service = services[key], service.isProxied {
            let own = (slices[key] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
            for family in families {
                for port in service.ports {
                    guard
                        let wanted = ServicePort(service, port, family, allowsExternalIPs: allowsExternalIPs)
                    else { continue }
                    let name = ServicePortName(key.namespace, key.name, port: port.name, port.transport)
                    let endpoints = Endpoint.merged(own, for: name, family)
                    after.append(PortKey(name, family))
                    planner.set(PortKey(name, family), wanted, endpoints)
                    listeners.set(PortKey(name, family), wanted, endpoints)
                }
            }
        }
        for gone in before where !after.contains(gone) {
            planner.set(gone, nil, [])
            listeners.set(gone, nil, [])
        }
        if !after.isEmpty { planned[key] = after }
    }

    /// Every port that is proxied, with what asks for its endpoints.
    func forEachPort(_ body: (ServicePortName, IPFamily, ServicePort, () -> [Endpoint]) -> Void) {
        for (key, service) in services where service.isProxied {
            for family in families {
                for port in service.ports {
                    guard
                        let wanted = ServicePort(service, port, family, allowsExternalIPs: allowsExternalIPs)
                    else { continue }
                    let name = ServicePortName(key.namespace, key.name, port: port.name, port.transport)
                    body(name, family, wanted) { Endpoint.merged((slices[key] ?? [:]).values, for: name, family) }
                }
            }
        }
    }
}
