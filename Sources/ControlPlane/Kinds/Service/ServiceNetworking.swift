internal import NetTypes

enum ServiceType: String, Sendable {
    case clusterIP = "ClusterIP"
    case nodePort = "NodePort"
    case loadBalancer = "LoadBalancer"
    case externalName = "ExternalName"
}

enum IPFamilyPolicy: String, Sendable, CaseIterable {
    case preferDualStack = "PreferDualStack"
    case requireDualStack = "RequireDualStack"
    case singleStack = "SingleStack"
}

extension IPFamily {
    /// "IPv4" or "IPv6", as the API writes families.
    init?(apiName: String) {
        switch apiName {
        case "IPv4": self = .v4
        case "IPv6": self = .v6
        default: return nil
        }
    }

    var apiName: String { self == .v4 ? "IPv4" : "IPv6" }
    var other: IPFamily { self == .v4 ? .v6 : .v4 }
}

/// The part of a Service's spec that the server itself fills in: addresses, families and node ports.
struct ServiceNetworking: Hashable, Sendable {
    struct Port: Hashable, Sendable {
        var name: String
        /// "TCP", "UDP" or "SCTP".
        var transport: String
        var port: Int
        /// 0 when none is asked for or assigned.
        var nodePort: Int

        init(name: String = "", transport: String = "TCP", port: Int, nodePort: Int = 0) {
            self.name = name
            self.transport = transport
            self.port = port
            self.nodePort = nodePort
        }
    }

    /// "None" as a cluster IP: the Service is headless.
    static let none = "None"

    var type: ServiceType
    var clusterIP: String
    var clusterIPs: [String]
    /// API names; checked before they are used.
    var families: [String]
    /// As written; nil when it is to be inferred.
    var policy: String?
    var hasSelector: Bool
    var ports: [Port]
    var healthCheckNodePort: Int
    var externalTrafficPolicy: String
    /// Whether a LoadBalancer gets node ports; nil means that it does.
    var allocateLoadBalancerNodePorts: Bool?
    var loadBalancerClass: String?

    init(
        type: ServiceType = .clusterIP, clusterIP: String = "", clusterIPs: [String] = [], families: [String] = [],
        policy: IPFamilyPolicy? = nil, hasSelector: Bool = true, ports: [Port] = [], healthCheckNodePort: Int = 0,
        externalTrafficPolicy: String = "", allocateLoadBalancerNodePorts: Bool? = nil,
        loadBalancerClass: String? = nil
    ) {
        self.type = type
        self.clusterIP = clusterIP
        self.clusterIPs = clusterIPs
        self.families = families
        self.policy = policy?.rawValue
        self.hasSelector = hasSelector
        self.ports = ports
        self.healthCheckNodePort = healthCheckNodePort
        self.externalTrafficPolicy = externalTrafficPolicy
        self.allocateLoadBalancerNodePorts = allocateLoadBalancerNodePorts
        self.loadBalancerClass = loadBalancerClass
    }

    var isHeadless: Bool { clusterIP == Self.none || clusterIPs == [Self.none] }
    var needsClusterIP: Bool { type != .externalName }
    var needsNodePorts: Bool { type == .nodePort || type == .loadBalancer }
    var allocatesNodePorts: Bool {
        type == .nodePort || (type == .loadBalancer && allocateLoadBalancerNodePorts != false)
    }
    var needsExternalTrafficPolicy: Bool { needsNodePorts }
    /// A load balancer asks each node for its own endpoints' health.
    var needsHealthCheckNodePort: Bool { type == .loadBalancer && externalTrafficPolicy == "Local" }

    /// Every node port in use, the health check's too.
    var allNodePorts: [Int] {
        var numbers = Set(ports.map(\.nodePort))
        if needsHealthCheckNodePort { numbers.insert(healthCheckNodePort) }
        numbers.remove(0)
        return numbers.sorted()
    }

    /// Every address in use; none for headless and ExternalName Services.
    var addresses: [IPAddress] {
        needsClusterIP && !isHeadless ? clusterIPs.compactMap { IPAddress($0) } : []
    }
}
