/// What an update carries over from the stored Service, so that clients which do not know a field, or leave out what the
/// server assigned, change nothing by it.
extension ServiceNetworking {
    /// `clusterIP` and `clusterIPs` say the same thing twice; a client that knows only the first changes both.
    mutating func normalizeClusterIPs(old: ServiceNetworking?) {
        guard let old else {
            if !clusterIP.isEmpty && clusterIPs.isEmpty { clusterIPs = [clusterIP] }
            return
        }
        guard clusterIP != old.clusterIP, clusterIPs == old.clusterIPs else { return }
        clusterIPs = clusterIP.isEmpty ? [] : [clusterIP]
    }

    /// A change of the type takes away the fields that the new type has no use for, unless the client changed them as
    /// well: then it means them, and validation says why they cannot be.
    mutating func dropFieldsOfFormerType(old: ServiceNetworking) {
        if old.needsClusterIP && !needsClusterIP {
            if clusterIPs == old.clusterIPs {
                clusterIP = ""
                clusterIPs = []
            }
            if families == old.families { families = [] }
            if policy == old.policy { policy = nil }
        }
        if old.needsNodePorts && !needsNodePorts && ports.map(\.nodePort) == old.ports.map(\.nodePort) {
            for index in ports.indices { ports[index].nodePort = 0 }
        }
        if old.needsHealthCheckNodePort && !needsHealthCheckNodePort
            && healthCheckNodePort == old.healthCheckNodePort
        {
            healthCheckNodePort = 0
        }
        if old.type == .loadBalancer && type != .loadBalancer {
            if allocateLoadBalancerNodePorts == old.allocateLoadBalancerNodePorts {
                allocateLoadBalancerNodePorts = nil
            }
            if loadBalancerClass == old.loadBalancerClass { loadBalancerClass = nil }
        }
        if old.needsExternalTrafficPolicy && !needsExternalTrafficPolicy
            && externalTrafficPolicy == old.externalTrafficPolicy
        {
            externalTrafficPolicy = ""
        }
    }

    /// A replacement that leaves out assigned addresses and ports keeps them.
    mutating func keepAssigned(from old: ServiceNetworking) {
        if old.needsClusterIP && needsClusterIP {
            if clusterIP.isEmpty { clusterIP = old.clusterIP }
            if clusterIPs.isEmpty && clusterIP == old.clusterIP { clusterIPs = old.clusterIPs }
        }
        if old.needsNodePorts && needsNodePorts {
            // A number that the client gave to another port of the Service is not given twice.
            let moved = Set(ports.map(\.nodePort)).intersection(old.ports.map(\.nodePort))
            let former = Dictionary(old.ports.map { ($0.name, $0.nodePort) }, uniquingKeysWith: { $1 })
            for index in ports.indices where ports[index].nodePort == 0 {
                if let number = former[ports[index].name], !moved.contains(number) { ports[index].nodePort = number }
            }
        }
        if old.needsHealthCheckNodePort && needsHealthCheckNodePort && healthCheckNodePort == 0 {
            healthCheckNodePort = old.healthCheckNodePort
        }
    }
}
