internal import NetTypes

/// A Service that `lab check --services` makes, and where it leads.
struct CheckedService: Sendable {
    enum Kind: Sendable {
        case clusterIP
        /// Reached in every way that there is.
        case loadBalancer
        /// Nobody is to serve it, external addresses or not.
        case headless
    }

    let name: String
    let kind: Kind
    let endpoints: [Pod]
    var isInternalLocal = false
    var isExternalLocal = false
    /// Who may use the load balancer's addresses; empty for everybody.
    var sourceRanges: [CIDR] = []
    var affinitySeconds: Int?
    /// A selector says which pods the endpoints are, and the cluster makes the slices.
    var hasSelector = false
    /// The endpoints are about to end: they serve because there is no other.
    var isTerminating = false
    /// Its place in the nodes' shares of the Services' own networks.
    var number = 0

    // Given by the cluster.
    var clusterIPs: [IPAddress] = []
    var nodePorts: [Transport: UInt16] = [:]

    static let port: UInt16 = 80

    init(_ name: String, _ kind: Kind, _ endpoints: [Pod], _ change: (inout Self) -> Void = { _ in }) {
        self.name = name
        self.kind = kind
        self.endpoints = endpoints
        change(&self)
    }

    func clusterIP(_ family: IPFamily) -> IPAddress? { clusterIPs.first { $0.family == family } }

    /// By what the nodes are told that something was done: who is behind it changes with what has to be known.
    static let marker = "marker"
    static let everyone = "all"
    static let brief = "brief"
    static let briefSeconds = 1
}

extension Lab {
    /// One of each kind. Those that keep to a node have endpoints on every node that has pods but the last, so that both
    /// sides of the policy are seen.
    func checkedServices() -> [CheckedService] {
        let hosts = nodes.filter { node in pods.contains { $0.node == node } }
        let some = hosts.count > 1 ? pods.filter { $0.node != hosts.last } : pods
        let outside = configuration.family.families.compactMap { underlayAddress(of: "outside", $0) }
        let guests = outside + pods[0].addresses.map(\.address)
        let services = [
            CheckedService(CheckedService.everyone, .loadBalancer, pods),
            CheckedService("selected", .clusterIP, pods) { $0.hasSelector = true },
            CheckedService("local", .loadBalancer, some) { $0.isExternalLocal = true },
            CheckedService("inner", .clusterIP, some) { $0.isInternalLocal = true },
            CheckedService("guarded", .loadBalancer, pods) { $0.sourceRanges = guests.map { CIDR(host: $0) } },
            CheckedService("sticky", .loadBalancer, pods) { $0.affinitySeconds = 10_800 },
            CheckedService("ending", .clusterIP, some) { $0.isTerminating = true },
            CheckedService("empty", .loadBalancer, []),
            CheckedService("headless", .headless, pods),
            CheckedService(CheckedService.brief, .clusterIP, pods) {
                $0.affinitySeconds = CheckedService.briefSeconds
            },
            // Last, and so what the nodes hear of last.
            CheckedService(CheckedService.marker, .clusterIP, Array(pods.suffix(1))),
        ]
        return services.enumerated().map { number, service in
            var service = service
            service.number = number + 1
            return service
        }
    }
}
