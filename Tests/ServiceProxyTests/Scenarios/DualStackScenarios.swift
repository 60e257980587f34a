import NetTypes
import ServiceProxy

extension Scenario {
    /// What only a node of both families can show.
    static let dualStack: [Scenario] = [
        Scenario(
            name: "endpoints of one family serve that one, and the other is refused",
            services: ["web": .both()], slices: [.of([("10.30.1.11", "here")])].dual.suffix(1),
            node: Scenario.node.dual,
            flows: [
                .rejected(.otherPod, clusterIP, 80), .rejected(.outside, externalIP, 80),
                .rejected(.outside, nodeAddress, 30_080),
                Flow.reaches(.otherPod, clusterIP, 80, ["10.30.1.11"]).v6,
                Flow.reaches(.outside, externalIP, 80, ["10.30.1.11"], masqueraded: true).v6,
                Flow.reaches(.outside, nodeAddress, 30_080, ["10.30.1.11"], masqueraded: true).v6,
            ]),
        Scenario(
            name: "each family has its own endpoints",
            services: ["web": .both()],
            slices: [.of([("10.30.1.11", "here")])] + [.of([("10.30.2.11", "there")])].dual.suffix(1),
            node: Scenario.node.dual,
            flows: [
                .reaches(.otherPod, clusterIP, 80, ["10.30.1.11"]),
                Flow.reaches(.otherPod, clusterIP, 80, ["10.30.2.11"]).v6,
                .reaches(.outside, loadBalancerIP, 80, ["10.30.1.11"], masqueraded: true),
                Flow.reaches(.outside, loadBalancerIP, 80, ["10.30.2.11"], masqueraded: true).v6,
            ]),
        Scenario(
            name: "a Service of IPv6 alone leaves IPv4 to another, on the same node port too",
            services: [
                "web": .both { $0.clusterIPs.removeFirst() },
                "other": .clusterIP { $0.ports = [.init(80, nodePort: 30_080)] },
            ],
            slices: [.of([("10.30.1.11", "here")])].dual.suffix(1) + [.of([("10.30.2.11", "there")], for: "other")],
            node: Scenario.node.dual,
            flows: [
                .reaches(.otherPod, clusterIP, 80, ["10.30.2.11"]),
                Flow.reaches(.otherPod, clusterIP, 80, ["10.30.1.11"]).v6,
                .reaches(.outside, nodeAddress, 30_080, ["10.30.2.11"], masqueraded: true),
                Flow.reaches(.outside, nodeAddress, 30_080, ["10.30.1.11"], masqueraded: true).v6,
            ]),
        Scenario(
            name: "source ranges of one family say nothing of the other, as in kube-proxy",
            services: ["web": .both { $0.sourceRanges = [CIDR("192.168.40.0/24")].compactMap(\.self) }],
            slices: [.of([("10.30.1.11", "here")])].dual, node: Scenario.node.dual,
            flows: [
                .dropped(.outside, loadBalancerIP, 80),
                Flow.reaches(.outside, loadBalancerIP, 80, ["10.30.1.11"], masqueraded: true).v6,
            ]),
    ]

    /// As dual stack shows both families at once.
    static let realTable = table.map(\.dual) + dualStack
}

extension ServiceObject {
    /// Reached in every way that there is, by both families.
    fileprivate static func both(_ change: (inout ServiceObject) -> Void = { _ in }) -> ServiceObject {
        let dual = Scenario(name: "", services: ["web": .everywhere()]).dual
        var service = dual.services["web"] ?? .everywhere()
        change(&service)
        return service
    }
}

extension [EndpointSliceObject] {
    /// First those of IPv4, then those of IPv6.
    fileprivate var dual: [EndpointSliceObject] { Scenario(name: "", slices: self).dual.slices }
}

extension NodeView {
    fileprivate var dual: NodeView { Scenario(name: "", node: self).dual.node }
}
