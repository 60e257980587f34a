/// Which node ports a write of a Service takes and gives back: a pure function of the Service before and after.
struct NodePortPlan: Hashable, Sendable {
    enum Target: Hashable, Sendable {
        /// The Service's ports at these places. Ports with the same number and different protocols share a node port.
        case ports([Int])
        case healthCheck
    }

    struct Claim: Hashable, Sendable {
        var target: Target
        /// The number that the client asks for; nil for any.
        var requested: Int?
    }

    private(set) var claims: [Claim] = []
    private(set) var releases: [Int] = []

    init(_ service: ServiceNetworking, old: ServiceNetworking?) {
        if service.needsNodePorts {
            if let old, old.needsNodePorts { claimNew(service, old) } else { claimAll(service) }
        }
        if service.needsHealthCheckNodePort && old?.needsHealthCheckNodePort != true {
            let number = service.healthCheckNodePort
            claims.append(Claim(target: .healthCheck, requested: number == 0 ? nil : number))
        }
        guard let old else { return }
        // An unchanged number is neither claimed nor released.
        var kept = Set(service.needsNodePorts ? service.ports.map(\.nodePort) : [])
        if service.needsHealthCheckNodePort { kept.insert(service.healthCheckNodePort) }
        releases = old.allNodePorts.filter { !kept.contains($0) }
        let held = Set(old.allNodePorts)
        claims.removeAll { claim in claim.requested.map(held.contains) ?? false }
    }

    /// Of a Service that had none: one number for all ports of the same number, the one that the client wrote for any of
    /// them, and one more for each other number that it wrote.
    private mutating func claimAll(_ service: ServiceNetworking) {
        var numbers: [Int: Int] = [:]
        for (index, port) in service.ports.enumerated() {
            if port.nodePort == 0 && !service.allocatesNodePorts { continue }
            if let claim = numbers[port.port] {
                if port.nodePort != 0 && port.nodePort != claims[claim].requested {
                    claims.append(Claim(target: .ports([index]), requested: port.nodePort))
                } else if case .ports(let places) = claims[claim].target {
                    claims[claim].target = .ports(places + [index])
                }
                continue
            }
            let wanted = service.ports.first { $0.port == port.port && $0.nodePort != 0 }?.nodePort
            numbers[port.port] = claims.count
            claims.append(Claim(target: .ports([index]), requested: wanted))
        }
    }

    /// Of a Service that has some: numbers that are new, and one for each port without.
    private mutating func claimNew(_ service: ServiceNetworking, _ old: ServiceNetworking) {
        var claimed: Set<Int> = []
        for (index, port) in service.ports.enumerated() {
            if port.nodePort == 0 {
                if service.allocatesNodePorts { claims.append(Claim(target: .ports([index]), requested: nil)) }
            } else if claimed.insert(port.nodePort).inserted {
                claims.append(Claim(target: .ports([index]), requested: port.nodePort))
            }
        }
    }
}

extension ServiceNetworking {
    /// Writes the number that was drawn for a claim.
    mutating func assign(_ number: Int, to target: NodePortPlan.Target) {
        switch target {
        case .ports(let places): for index in places { ports[index].nodePort = number }
        case .healthCheck: healthCheckNodePort = number
        }
    }
}
