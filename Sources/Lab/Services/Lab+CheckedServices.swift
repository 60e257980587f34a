internal import JSON
internal import KubeAPI
internal import KubeClient
internal import Linux
internal import NetTypes
internal import Netlink

/// Services in the cluster for as long as a check lasts.
extension Lab {
    /// The first nodes: by these the outside comes in.
    var entryNodes: [String] { Array(nodes.prefix(3)) }

    /// Leads the nodes' shares of the Services' own networks, and to the first node the ClusterIPs, from the outside.
    func routeServices() throws {
        var socket = try NetlinkSocket(in: NetworkNamespace(path: paths.namespace("outside")))
        let eth0 = try socket.link("eth0").index
        for family in configuration.family.families {
            for (number, node) in entryNodes.enumerated() {
                let gateway = underlayAddress(of: node, family)
                var networks = Addresses.ServiceNetwork.allCases.map {
                    Addresses.share($0, of: number + 1, family)
                }
                if number == 0 { networks.append(family == .v4 ? Addresses.services4 : Addresses.services6) }
                for network in networks {
                    try socket.run(.route(.replace, Route(network, via: gateway, dev: eth0)))
                }
            }
        }
    }

    func addresses(of service: CheckedService, _ network: Addresses.ServiceNetwork) -> [IPAddress] {
        entryNodes.indices.flatMap { node in
            configuration.family.families.map { Addresses.service(service.number, network, by: node + 1, $0) }
        }
    }

    /// Makes the Services and calls the body with what the cluster has given them, when all nodes have them. They are
    /// taken away on all paths; what a killed check left is taken away first.
    func withCheckedServices<Result>(_ body: ([CheckedService]) throws -> Result) throws -> Result {
        try removeCheckedServices()
        do {
            let services = try checkedServices().map(make)
            try waitForMarker(services, by: pods.suffix(1))
            let result = try body(services)
            try removeCheckedServices()
            return result
        } catch {
            try? removeCheckedServices()
            throw error
        }
    }

    private func make(_ service: CheckedService) throws -> CheckedService {
        var made = service
        let object = service.object(externalIPs: addresses(of: service, .external))
        let answer = try JSONValue.parse(request(.create(CheckedService.services, object)))
        made.clusterIPs = (answer["spec"]?["clusterIPs"]?.array ?? []).compactMap {
            $0.string.flatMap { IPAddress($0) }
        }
        for port in answer["spec"]?["ports"]?.array ?? [] {
            if let transport = port["name"]?.string.flatMap(Transport.init(rawValue:)),
                let number = port["nodePort"]?.int.flatMap(UInt16.init(exactly:))
            {
                made.nodePorts[transport] = number
            }
        }
        if service.kind == .loadBalancer {
            let status = CheckedService.status(loadBalancerIPs: addresses(of: service, .loadBalancer))
            try request(.patch(CheckedService.services, service.objectName, subresource: "status", .merge, status))
        }
        if service.hasSelector {
            try makePods(of: service)
        } else {
            for family in configuration.family.families {
                try request(.create(CheckedService.slices, service.slice(family, service.endpoints)))
            }
        }
        return made
    }

    /// Returns when the cluster has made slices of them.
    private func makePods(of service: CheckedService) throws {
        for pod in service.endpoints {
            try request(.create(CheckedService.pods, service.podObject(pod)))
            let status = CheckedService.podStatus(pod)
            try request(
                .patch(CheckedService.pods, "check-\(pod.name)", subresource: "status", .strategicMerge, status))
        }
        let selector = APIRequest.Parameter("labelSelector", "kubernetes.io/service-name=\(service.objectName)")
        let count = service.endpoints.count * configuration.family.families.count
        try eventually("the cluster has found the pods of \(service.name)") {
            let list = APIRequest("GET", CheckedService.slices.path(), query: [selector])
            let slices = try JSONValue.parse(request(list))["items"]?.array ?? []
            let endpoints = slices.flatMap { $0["endpoints"]?.array ?? [] }
            return endpoints.count { $0["conditions"]?["ready"]?.bool == true } == count
        }
    }

    /// Gives a Service other endpoints.
    func setEndpoints(of service: CheckedService, _ endpoints: some Collection<Pod>) throws {
        for family in configuration.family.families {
            try request(
                .update(
                    CheckedService.slices, service.sliceName(family), service.slice(family, Array(endpoints))))
        }
    }

    /// Waits until a datagram to the marker is answered by the pod, or refused if there is none, on every node: the node
    /// then has all that the cluster was told before the marker's slices, because they come in that order. (A connection of
    /// TCP that the own host refuses hears of it only when it tries again, after a second.)
    func waitForMarker(_ services: [CheckedService], by pods: some Collection<Pod>) throws {
        guard let marker = services.first(where: { $0.name == CheckedService.marker }) else { return }
        for family in configuration.family.families {
            guard let target = marker.clusterIP(family) else { continue }
            for node in nodes {
                var probe = Probe(from: try namespace(of: node), to: target)
                probe.port = CheckedService.port
                probe.patience = .milliseconds(50)
                try eventually("\(node) has the Services") {
                    switch probe.visit(.udp) {
                    case .answered(let answer): pods.first.map { $0.address(family) == answer.server } ?? false
                    case .refused: pods.isEmpty
                    default: false
                    }
                }
            }
        }
    }

    func removeCheckedServices() throws {
        let selector = APIRequest.Parameter("labelSelector", CheckedService.label)
        for resource in [CheckedService.services, CheckedService.slices, CheckedService.pods] {
            let now = APIRequest.Parameter("gracePeriodSeconds", "0")
            try request(APIRequest("DELETE", resource.path(), query: [selector, now]))
        }
    }
}
