package import KubeClient
package import NetTypes

/// Services and the slices that belong to them, and which of them have to be looked at again.
///
/// The objects are its own, or somebody else's, who tells of changes and lends them (`lent`): then there is one copy.
package struct ServiceIndex: Sendable {
    private var services: [ObjectKey: ServiceObject] = [:]
    private var slices: [ObjectKey: EndpointSliceObject] = [:]
    /// The names of each Service's slices, in order.
    private var names: [ObjectKey: [String]] = [:]
    private var changed: Set<ObjectKey> = []
    /// Services that have changed, as they were planned; nil for one that was not there.
    private var former: [ObjectKey: ServiceObject?] = [:]

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

    // MARK: Objects

    /// Nil for one that is gone.
    package mutating func set(service key: ObjectKey, _ service: ServiceObject?) {
        note(service: key, before: services.removeValue(forKey: key))
        services[key] = service
    }

    package mutating func set(slice key: ObjectKey, _ slice: EndpointSliceObject?) {
        note(slice: key, before: slices.removeValue(forKey: key), after: slice)
        slices[key] = slice
    }

    /// A Service that somebody else keeps has changed.
    package mutating func note(service key: ObjectKey, before: ServiceObject?) {
        if former.index(forKey: key) == nil { former[key] = .some(before) }
        changed.insert(key)
    }

    /// A slice that somebody else keeps has changed.
    package mutating func note(slice key: ObjectKey, before: EndpointSliceObject?, after: EndpointSliceObject?) {
        let owner = after.flatMap { $0.owner(key.namespace) }
        if let previous = before.flatMap({ $0.owner(key.namespace) }) {
            changed.insert(previous)
            if previous != owner {
                names[previous]?.removeAll { $0 == key.name }
                if names[previous]?.isEmpty == true { names[previous] = nil }
            }
        }
        guard let owner else { return }
        changed.insert(owner)
        var own = names[owner] ?? []
        if own.contains(key.name) { return }
        own.insert(key.name, at: own.firstIndex { $0 > key.name } ?? own.count)
        names[owner] = own
    }

    /// Runs the body with the objects of whoever keeps them.
    package mutating func lent<Result>(
        _ services: [ObjectKey: ServiceObject], _ slices: [ObjectKey: EndpointSliceObject],
        _ body: (inout ServiceIndex) throws -> Result
    ) rethrows -> Result {
        (self.services, self.slices) = (services, slices)
        defer { (self.services, self.slices) = ([:], [:]) }
        return try body(&self)
    }

    // MARK: Plans

    /// Tells the planner what has changed since the last time.
    package mutating func plan(with planner: inout some PortPlanner) {
        for key in changed { plan(key, with: &planner) }
        changed = []
        former = [:]
    }

    private mutating func plan(_ key: ObjectKey, with planner: inout some PortPlanner) {
        let after = services[key].map { ports(of: $0, key) } ?? []
        // Of a Service that has not changed itself no port goes.
        let before = former[key].flatMap(\.self).map { ports(of: $0, key).map(\.key) } ?? []
        for (key, port) in after {
            let endpoints = endpoints(of: key)
            planner.set(key, port, endpoints)
            listeners.set(key, port, endpoints)
        }
        for gone in before where !after.contains(where: { $0.key == gone }) {
            planner.set(gone, nil, [])
            listeners.set(gone, nil, [])
        }
    }

    /// Every port that is proxied, with what asks for its endpoints.
    func forEachPort(_ body: (PortKey, ServicePort, () -> [Endpoint]) -> Void) {
        for (key, service) in services {
            for (key, port) in ports(of: service, key) { body(key, port) { endpoints(of: key) } }
        }
    }

    /// None for a Service that is not proxied.
    private func ports(of service: ServiceObject, _ key: ObjectKey) -> [(key: PortKey, port: ServicePort)] {
        guard service.isProxied else { return [] }
        return families.flatMap { family in
            service.ports.compactMap { port in
                ServicePort(service, port, family, allowsExternalIPs: allowsExternalIPs).map { wanted in
                    let name = ServicePortName(key.namespace, key.name, port: port.name, port.transport)
                    return (PortKey(name, family), wanted)
                }
            }
        }
    }

    private func endpoints(of port: PortKey) -> [Endpoint] {
        let own = names[ObjectKey(namespace: port.name.namespace, name: port.name.service)] ?? []
        return Endpoint.merged(
            own.lazy.compactMap { slices[ObjectKey(namespace: port.name.namespace, name: $0)] }, for: port.name,
            port.family)
    }
}

extension EndpointSliceObject {
    /// The Service that it belongs to, if it does to one.
    fileprivate func owner(_ namespace: String) -> ObjectKey? {
        service.isEmpty ? nil : ObjectKey(namespace: namespace, name: service)
    }
}
