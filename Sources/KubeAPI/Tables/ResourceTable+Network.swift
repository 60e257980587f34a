internal import JSON

extension ResourceTable {
    /// Services and what is around them.
    static let network: Group = [
        (("", "Service"), service), (("networking.k8s.io", "Ingress"), ingress),
        (
            ("", "Endpoints"),
            ResourceTable("Name|Endpoints|Age") {
                [$0.name, .string(Cells.some(endpoints($0), absent: "<none>")), $0.age($1)]
            }
        ),
        (
            ("discovery.k8s.io", "EndpointSlice"),
            ResourceTable("Name|AddressType|Ports|Endpoints|Age") {
                let ports = $0.list("ports").map { $0.has("port") ? "\($0.count("port"))" : $0.text("name", or: "*") }
                let addresses = $0.list("endpoints").flatMap { $0.list("addresses").compactMap(\.string) }
                return [
                    $0.name, $0.cell("addressType"), .string(Cells.some(ports)), .string(Cells.some(addresses)),
                    $0.age($1),
                ]
            }
        ),
        (
            ("networking.k8s.io", "IngressClass"),
            ResourceTable("Name|Controller|Parameters|Age") {
                let parameters = $0.member(at: "spec", "parameters") ?? .null
                let group = parameters.text("apiGroup")
                let kind = parameters.text("kind") + (group.isEmpty ? "" : ".\(group)")
                let text = parameters.isNull ? "<none>" : "\(kind)/\(parameters.text("name"))"
                return [$0.name, $0.cell("spec", "controller"), .string(text), $0.age($1)]
            }
        ),
        (
            ("networking.k8s.io", "NetworkPolicy"),
            ResourceTable("Name|Pod-Selector|Age") {
                [$0.name, .string(Cells.selector($0.member(at: "spec", "podSelector") ?? [:])), $0.age($1)]
            }
        ),
        (
            ("networking.k8s.io", "ServiceCIDR"),
            ResourceTable("Name|CIDRs|Age") {
                [
                    $0.name, .string($0.list("spec", "cidrs").compactMap(\.string).joined(separator: ",")), $0.age($1),
                ]
            }
        ),
        (
            ("networking.k8s.io", "IPAddress"),
            ResourceTable("Name|ParentRef") { object, _ in [object.name, .string(parent(object))] }
        ),
    ]

    private static let service = ResourceTable(
        "Name|Type|Cluster-IP|External-IP|Port(s)|Age|Selector+"
    ) { service, now in
        let clusterIP = service.list("spec", "clusterIPs").first?.string ?? service.text("spec", "clusterIP")
        let ports = service.list("spec", "ports").map { port in
            let node = port.count("nodePort") > 0 ? ":\(port.count("nodePort"))" : ""
            return "\(port.count("port"))\(node)/\(port.text("protocol", or: "TCP"))"
        }
        return [
            service.name, service.cell("spec", "type"), .string(clusterIP.isEmpty ? "<none>" : clusterIP),
            .string(externalIP(service)), .string(Cells.joined(ports)), service.age(now),
            .string(Cells.labels(service.object(at: "spec", "selector"))),
        ]
    }

    private static func externalIP(_ service: JSONValue) -> String {
        let external = service.list("spec", "externalIPs").compactMap(\.string)
        switch service.text("spec", "type") {
        case "ClusterIP", "NodePort": return Cells.joined(external)
        case "LoadBalancer": return Cells.joined(ingressAddresses(service) + external, absent: "<pending>")
        case "ExternalName": return service.text("spec", "externalName")
        default: return "<unknown>"
        }
    }

    /// Addresses or names of the load balancer, each once.
    private static func ingressAddresses(_ object: JSONValue) -> [String] {
        let all = object.list("status", "loadBalancer", "ingress").map { $0.text("ip", or: $0.text("hostname")) }
        return Set(all).subtracting([""]).sorted()
    }

    private static let ingress = ResourceTable("Name|Class|Hosts|Address|Ports|Age") { object, now in
        let hosts = object.list("spec", "rules").map { $0.text("host") }.filter { !$0.isEmpty }
        return [
            object.name, .string(object.text("spec", "ingressClassName", or: "<none>")),
            .string(Cells.some(hosts, absent: "*")), .string(ingressAddresses(object).joined(separator: ",")),
            .string(object.list("spec", "tls").isEmpty ? "80" : "80, 443"), object.age(now),
        ]
    }

    private static func endpoints(_ object: JSONValue) -> [String] {
        object.list("subsets").flatMap { subset in
            let addresses = subset.list("addresses").map { $0.text("ip") }
            let ports = subset.list("ports").map { $0.count("port") }
            if ports.isEmpty { return addresses }
            return ports.flatMap { port in
                addresses.map { $0.utf8.contains(UInt8(ascii: ":")) ? "[\($0)]:\(port)" : "\($0):\(port)" }
            }
        }
    }

    private static func parent(_ object: JSONValue) -> String {
        guard let parent = object.member(at: "spec", "parentRef"), !parent.isNull else { return "<none>" }
        let resource = GroupResource(group: parent.text("group"), resource: parent.text("resource"))
        let namespace = parent.text("namespace")
        return lowercasedASCII(resource.description) + (namespace.isEmpty ? "" : "/\(namespace)")
            + "/\(parent.text("name"))"
    }
}
