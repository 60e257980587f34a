internal import KubeClient
internal import NFTables
internal import NetTypes
internal import ServiceProxy

/// Services of one port with so many endpoints each.
struct BenchCluster {
    let services: Int
    let endpoints: Int
    var transport = L4Protocol.tcp
    var affinitySeconds: UInt32?

    var node: NodeView {
        var node = NodeView("here")
        node.nodePortAddresses = []
        node.pods = .bridge("cni0")
        return node
    }

    func key(_ number: Int) -> ObjectKey { ObjectKey(namespace: "team-\(number % 50)", name: "service-\(number)") }

    func service(_ number: Int) -> ServiceObject {
        var service = ServiceObject()
        service.clusterIPs = [Self.address(10 << 24 | 96 << 16, number)]
        service.ports = [.init(80, named: "http", over: transport)]
        service.affinitySeconds = affinitySeconds
        return service
    }

    /// With `moved` its last endpoint is another one.
    func slice(_ number: Int, moved: Int = 0) -> EndpointSliceObject {
        var slice = EndpointSliceObject()
        slice.service = "service-\(number)"
        slice.ports = [.init(8080, named: "http", over: transport)]
        slice.endpoints = (0..<endpoints).map { place in
            var endpoint = EndpointSliceObject.Endpoint(Self.address(10 << 24 | 128 << 16, number * endpoints + place))
            endpoint.node = "there"
            return endpoint
        }
        if moved > 0 { slice.endpoints[endpoints - 1].address = Self.address(172 << 24 | 16 << 16, moved) }
        return slice
    }

    func fill(_ index: inout ServiceIndex) {
        for number in 0..<services {
            index.set(service: key(number), service(number))
            index.set(slice: key(number), slice(number))
        }
    }

    /// The layout with a chain and an anonymous map for each Service, as text for nft(8).
    var chains: String {
        var text = "table ip chains {\n"
        for number in 0..<services {
            let slots = slice(number).endpoints.enumerated().map { "\($0) : \($1.address) . 8080" }
            text += """
                chain service-\(number) {
                meta l4proto tcp dnat ip addr . port to numgen random mod \(endpoints) map { \(slots.joined(separator: ", ")) }
                }

                """
        }
        let dispatch = (0..<services).map { "\(service($0).clusterIPs[0]) . tcp . 80 : goto service-\($0)" }
        text += "map service-ips {\ntype ipv4_addr . inet_proto . inet_service : verdict\n"
        text += "elements = { \(dispatch.joined(separator: ",\n")) }\n}\n"
        text += "chain services {\ntype nat hook prerouting priority dstnat\n"
        return text + "ip daddr . meta l4proto . th dport vmap @service-ips\n}\n}\n"
    }

    private static func address(_ base: UInt32, _ number: Int) -> IPAddress {
        .v4(IPv4Address(rawValue: base + UInt32(number) + 1))
    }
}
