internal import Linux
internal import NetTypes
internal import Netlink

/// What a picture of a lab shows, as text.
package struct DiagramModel: Sendable {
    package struct Node: Sendable {
        package var name: String
        package var underlay: [String]
        package var subnets: [String]
        package var pods: [(name: String, addresses: [String])]
        package var tunnels: [(name: String, details: [String])]

        package init(
            name: String, underlay: [String], subnets: [String], pods: [(name: String, addresses: [String])],
            tunnels: [(name: String, details: [String])]
        ) {
            self.name = name
            self.underlay = underlay
            self.subnets = subnets
            self.pods = pods
            self.tunnels = tunnels
        }
    }

    package var title: String
    package var subtitle: String
    package var underlay: String
    package var nodes: [Node]
    /// The host of the cluster's state, and its addresses.
    package var controlName = "etcd"
    package var etcd: String
    package var outside: String

    package init(title: String, subtitle: String, underlay: String, nodes: [Node], etcd: String, outside: String) {
        self.title = title
        self.subtitle = subtitle
        self.underlay = underlay
        self.nodes = nodes
        self.etcd = etcd
        self.outside = outside
    }
}

extension DiagramModel {
    /// Reads the lab, and its nodes' tunnel devices from the kernel.
    package init(_ lab: Lab) throws {
        let configuration = lab.configuration
        let families = configuration.family.families
        func underlay(_ host: String) -> [String] {
            families.compactMap { lab.underlayAddress(of: host, $0).map { "\($0)" } }
        }
        func network(_ v4: CIDR, _ v6: CIDR) -> String {
            families.map { "\($0 == .v4 ? v4 : v6)" }.joined(separator: " and ")
        }
        let way =
            configuration.backend == .vxlan
            ? "VXLAN between the nodes" : "plain routes between the nodes (host-gw)"
        self.init(
            title: "One flat pod network", subtitle: "\(network(Addresses.pods4, Addresses.pods6)), \(way), no NAT",
            underlay: "underlay \(network(Addresses.underlay4, Addresses.underlay6)) · MTU \(configuration.mtu)",
            nodes: try lab.nodes.map { node in
                Node(
                    name: node, underlay: underlay(node), subnets: lab.subnets(of: node).map { "\($0)" },
                    pods: lab.pods.filter { $0.node == node }.map { pod in
                        (pod.name, pod.addresses.map { "\($0.address)" })
                    }, tunnels: try Self.tunnels(lab.namespace(of: node)))
            },
            etcd: underlay(lab.control).joined(separator: "  "), outside: underlay("outside").joined(separator: "  "))
        controlName = configuration.store == .leases ? "etcd" : "poplin server"
    }

    private static func tunnels(_ namespace: String) throws -> [(name: String, details: [String])] {
        var socket = try NetlinkSocket(in: NetworkNamespace(path: namespace))
        var tunnels: [(name: String, details: [String])] = []
        for link in try socket.links(kind: "vxlan") {
            guard case .vxlan(let settings) = link.kind else { continue }
            let addresses = try socket.addresses(on: link.index).map(\.address.address).filter { !$0.isLinkLocal }
            tunnels.append(
                (
                    name: "\(link.name) · VNI \(settings.id) · MTU \(link.mtu)",
                    details: addresses.map { "\($0)" } + (link.mac.map { ["\($0)"] } ?? [])
                ))
        }
        return tunnels
    }
}
