package import KubeClient
package import NFTables
internal import NetTypes

/// On which ports the node itself has to listen for Services, beside what the kernel does: those where load balancers ask
/// whether it has endpoints, and node ports on the loopback address, which rules cannot lead elsewhere.
package struct NodeListeners: PortPlanner {
    package struct HealthCheck: Hashable, Sendable {
        package var service: ObjectKey
        /// Endpoints on this node, told by their addresses, that are ready.
        package var readyHere: Int
    }

    private struct Claim: Equatable, Sendable {
        var port: ServicePort
        var readyHere: Set<IPAddress>
    }

    private let node: String
    private var claims: [PortKey: Claim] = [:]
    /// Another number after each change.
    package private(set) var revision = 0

    package init(node: String) { self.node = node }

    package mutating func set(_ key: PortKey, _ port: ServicePort?, _ endpoints: [Endpoint]) {
        guard let port, port.healthCheckNodePort > 0 || isLoopbackPort(key, port) else {
            if !claims.isEmpty, claims.removeValue(forKey: key) != nil { revision += 1 }
            return
        }
        let here = port.healthCheckNodePort > 0 ? endpoints.filter { $0.isReady && $0.node == node && node != "" } : []
        let claim = Claim(port: port, readyHere: Set(here.map(\.destination.address)))
        if claims.updateValue(claim, forKey: key) != claim { revision += 1 }
    }

    /// There is nothing to relay SCTP with, and ::1 leads to no node port in kube-proxy either.
    private func isLoopbackPort(_ key: PortKey, _ port: ServicePort) -> Bool {
        key.family == .v4 && key.name.transport != .sctp && port.nodePort > 0
    }

    /// What is asked at each port. Of two Services that claim the same one the first by name has it.
    package var healthChecks: [UInt16: HealthCheck] {
        var ready: [ObjectKey: Set<IPAddress>] = [:]
        var ports: [UInt16: ObjectKey] = [:]
        for (key, claim) in claims where claim.port.healthCheckNodePort > 0 {
            let service = ObjectKey(namespace: key.name.namespace, name: key.name.service)
            ready[service, default: []].formUnion(claim.readyHere)
            let owner = ports[claim.port.healthCheckNodePort] ?? service
            ports[claim.port.healthCheckNodePort] = min(owner, service)
        }
        return ports.mapValues { HealthCheck(service: $0, readyHere: ready[$0]?.count ?? 0) }
    }

    /// Node ports that have to be served on the loopback address, and the ClusterIP and port of each.
    package func loopbackPorts(_ transport: L4Protocol) -> [UInt16: Destination] {
        claims.reduce(into: [:]) { ports, claim in
            guard claim.key.name.transport == transport, isLoopbackPort(claim.key, claim.value.port) else { return }
            ports[claim.value.port.nodePort] = Destination(claim.value.port.clusterIP, claim.value.port.port)
        }
    }
}
