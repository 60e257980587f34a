package import NetTypes

/// What one family of one port of a Service asks for.
package struct ServicePort: Hashable, Sendable {
    package var clusterIP: IPAddress
    package var port: UInt16
    /// 0 for none.
    package var nodePort: UInt16 = 0
    package var externalIPs: [IPAddress] = []
    package var loadBalancerIPs: [IPAddress] = []
    /// Who may use the load balancer's addresses; empty for everybody.
    package var sourceRanges: [CIDR] = []
    package var isInternalLocal = false
    package var isExternalLocal = false
    package var affinitySeconds: UInt32?
    package var scheduling = Scheduling.random
    package var weights: [Weight] = []
    /// For how long connections to an endpoint that is gone go on; nil for as long as they like.
    package var drainSeconds: UInt32?
    /// Where load balancers ask whether this node has endpoints; 0 for nowhere.
    package var healthCheckNodePort: UInt16 = 0

    package init(_ clusterIP: IPAddress, _ port: UInt16) {
        self.clusterIP = clusterIP
        self.port = port
    }

    /// Nil when the Service is not proxied, or has no address of the family.
    package init?(
        _ service: ServiceObject, _ port: ServiceObject.Port, _ family: IPFamily, allowsExternalIPs: Bool = true
    ) {
        guard service.isProxied, let clusterIP = service.clusterIPs.first(where: { $0.family == family }) else {
            return nil
        }
        self.init(clusterIP, port.number)
        nodePort = port.nodePort
        if allowsExternalIPs { externalIPs = service.externalIPs.filter { $0.family == family } }
        loadBalancerIPs = service.loadBalancerIPs.filter { $0.family == family }
        sourceRanges = service.sourceRanges.filter { $0.family == family }
        if sourceRanges.contains(where: { $0.prefixLength == 0 }) { sourceRanges = [] }
        isInternalLocal = service.isInternalLocal
        isExternalLocal = service.isExternalLocal
        affinitySeconds = service.affinitySeconds
        drainSeconds = service.drainSeconds
        if isExternalLocal { healthCheckNodePort = service.healthCheckNodePort }
        scheduling = service.scheduling
        weights = service.weights.filter { $0.network.family == family }
    }

    package var isExternal: Bool { nodePort > 0 || !externalIPs.isEmpty || !loadBalancerIPs.isEmpty }
    /// A slot for each endpoint is not enough: which one is in a slot, or in how many one is, matters.
    package var needsTable: Bool { scheduling == .sourceHash || !weights.isEmpty }
    /// External traffic of pods and of the node goes to any endpoint, whatever the policy.
    package var usesClusterEndpoints: Bool { !isInternalLocal || isExternal }
    package var usesLocalEndpoints: Bool { isInternalLocal || isExternalLocal && isExternal }
}
