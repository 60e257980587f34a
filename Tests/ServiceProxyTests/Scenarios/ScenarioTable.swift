import NFTables
import NetTypes
import ServiceProxy

extension Scenario {
    private static let here = [("10.30.1.11", "here"), ("10.30.1.12", "here")]
    private static let there = [("10.30.2.11", "there")]
    private static let all = ["10.30.1.11", "10.30.1.12", "10.30.2.11"]
    private static let local = ["10.30.1.11", "10.30.1.12"]

    static let table: [Scenario] = [
        Scenario(
            name: "a ClusterIP leads to all endpoints, with the client's own address for pods of the node",
            services: ["web": .clusterIP()], slices: [.of(here), .of(there)],
            flows: [
                .reaches(.otherPod, clusterIP, 80, all),
                .reaches(.node, clusterIP, 80, all, masqueraded: true),
                .reaches(.outside, clusterIP, 80, all, masqueraded: true),
                .reaches(.remotePod, clusterIP, 80, all, masqueraded: true),
                .rejected(.otherPod, clusterIP, 81),
                .rejected(.otherPod, clusterIP, 80, .udp),
                .dropped(.otherPod, address("10.96.0.99"), 80),
            ]),
        Scenario(
            name: "a pod that reaches itself comes back as the node",
            services: ["web": .clusterIP()], slices: [.of([("10.30.1.11", "here")])],
            flows: [
                .reaches(.pod, clusterIP, 80, ["10.30.1.11"], masqueraded: true),
                .reaches(.otherPod, clusterIP, 80, ["10.30.1.11"]),
            ]),
        Scenario(
            name: "one port of three protocols",
            services: [
                "web": .clusterIP {
                    $0.ports = [
                        .init(53, named: "t"), .init(53, named: "u", over: .udp), .init(53, named: "s", over: .sctp),
                    ]
                }
            ],
            slices: [
                named("t", .tcp, 5301, here), named("u", .udp, 5302, here), named("s", .sctp, 5303, there),
            ],
            flows: [
                .reaches(.otherPod, clusterIP, 53, over: .tcp, local, at: 5301),
                .reaches(.otherPod, clusterIP, 53, over: .udp, local, at: 5302),
                .reaches(.otherPod, clusterIP, 53, over: .sctp, ["10.30.2.11"], at: 5303),
            ]),
        Scenario(
            name: "without an endpoint everybody is told at once",
            services: ["web": .everywhere()],
            flows: [.pod, .node, .outside].flatMap { (client: Client) -> [Flow] in
                [
                    .rejected(client, clusterIP, 80), .rejected(client, externalIP, 80),
                    .rejected(client, loadBalancerIP, 80), .rejected(client, nodeAddress, 30_080),
                ]
            }),
        Scenario(
            name: "from outside to any endpoint: through this node and back",
            services: ["web": .everywhere()], slices: [.of(here), .of(there)],
            flows: [.otherPod, .node, .outside].flatMap { (client: Client) -> [Flow] in
                [
                    .reaches(client, externalIP, 80, all, masqueraded: true),
                    .reaches(client, loadBalancerIP, 80, all, masqueraded: true),
                    .reaches(client, nodeAddress, 30_080, all, masqueraded: true),
                ]
            }),
        Scenario(
            name: "externalTrafficPolicy Local: from outside to endpoints here, with the client's address",
            services: ["web": .everywhere { $0.isExternalLocal = true }], slices: [.of(here), .of(there)],
            flows: [externalIP, loadBalancerIP].flatMap { (front: IPAddress) -> [Flow] in
                [
                    .reaches(.outside, front, 80, local),
                    .reaches(.otherPod, front, 80, all),
                    .reaches(.node, front, 80, all, masqueraded: true),
                ]
            } + [
                .reaches(.outside, nodeAddress, 30_080, local),
                .reaches(.otherPod, nodeAddress, 30_080, all),
                .reaches(.node, nodeAddress, 30_080, all, masqueraded: true),
                .reaches(.otherPod, clusterIP, 80, all),
            ]),
        Scenario(
            name: "externalTrafficPolicy Local without an endpoint here: silence outside, all endpoints inside",
            services: ["web": .everywhere { $0.isExternalLocal = true }], slices: [.of(there)],
            flows: [
                .dropped(.outside, externalIP, 80), .dropped(.outside, loadBalancerIP, 80),
                .dropped(.outside, nodeAddress, 30_080),
                .reaches(.otherPod, externalIP, 80, ["10.30.2.11"]),
                .reaches(.otherPod, nodeAddress, 30_080, ["10.30.2.11"]),
                .reaches(.node, loadBalancerIP, 80, ["10.30.2.11"], masqueraded: true),
            ]),
        Scenario(
            name: "internalTrafficPolicy Local stays on the node, and outside it does not matter",
            services: ["web": .everywhere { $0.isInternalLocal = true }], slices: [.of(here), .of(there)],
            flows: [
                .reaches(.otherPod, clusterIP, 80, local),
                .reaches(.outside, nodeAddress, 30_080, all, masqueraded: true),
            ]),
        Scenario(
            name: "internalTrafficPolicy Local without an endpoint here drops",
            services: ["web": .clusterIP { $0.isInternalLocal = true }], slices: [.of(there)],
            flows: [.dropped(.otherPod, clusterIP, 80), .dropped(.node, clusterIP, 80)]),
        Scenario(
            name: "source ranges guard the load balancer's address and nothing else",
            services: [
                "web": .everywhere {
                    $0.sourceRanges = [CIDR("192.168.40.0/24"), CIDR("192.168.30.9/32")].compactMap(\.self)
                }
            ], slices: [.of(here)],
            flows: [
                .reaches(.outside, loadBalancerIP, 80, local, masqueraded: true),
                .dropped(.otherPod, loadBalancerIP, 80),
                .dropped(.node, loadBalancerIP, 80),
                .dropped(.remotePod, loadBalancerIP, 80),
                .reaches(.remotePod, nodeAddress, 30_080, local, masqueraded: true),
                .reaches(.otherPod, externalIP, 80, local, masqueraded: true),
                .reaches(.otherPod, clusterIP, 80, local),
            ]),
        Scenario(
            name: "a node within the source ranges reaches the load balancer's address",
            services: [
                "web": .everywhere { $0.sourceRanges = [CIDR("192.168.30.0/29")].compactMap(\.self) }
            ], slices: [.of(here)],
            flows: [
                .reaches(.node, loadBalancerIP, 80, local, masqueraded: true),
                .dropped(.outside, loadBalancerIP, 80),
            ]),
        Scenario(
            name: "endpoints about to end serve when there is no other",
            services: ["web": .clusterIP()],
            slices: [
                .of(here) {
                    $0.isReady = false
                    $0.isTerminating = true
                },
                .of(there) {
                    $0.isReady = false
                    $0.isServing = false
                    $0.isTerminating = true
                },
            ],
            flows: [.reaches(.otherPod, clusterIP, 80, local)]),
        Scenario(
            name: "an endpoint that is ready is preferred to those about to end",
            services: ["web": .clusterIP()],
            slices: [
                .of(here) {
                    $0.isReady = false
                    $0.isTerminating = true
                }, .of(there),
            ],
            flows: [.reaches(.otherPod, clusterIP, 80, ["10.30.2.11"])]),
        Scenario(
            name: "hints for this zone keep traffic in it",
            services: ["web": .clusterIP()],
            slices: [.of(here) { $0.zones = ["zone-a"] }, .of(there) { $0.zones = ["zone-b"] }],
            flows: [.reaches(.otherPod, clusterIP, 80, local)]),
        Scenario(
            name: "hints that not all endpoints have do not count",
            services: ["web": .clusterIP()], slices: [.of(here) { $0.zones = ["zone-b"] }, .of(there)],
            flows: [.reaches(.otherPod, clusterIP, 80, all)]),
        Scenario(
            name: "hints for this node come before those for its zone",
            services: ["web": .clusterIP()],
            slices: [
                .of([("10.30.1.11", "here")]) {
                    $0.zones = ["zone-a"]
                    $0.nodes = ["here"]
                },
                .of([("10.30.1.12", "here")]) {
                    $0.zones = ["zone-a"]
                    $0.nodes = ["there"]
                },
            ],
            flows: [.reaches(.otherPod, clusterIP, 80, ["10.30.1.11"])]),
        Scenario(
            name: "masqueradeAll masks pods too",
            services: ["web": .clusterIP()], slices: [.of(there)],
            node: {
                var node = Scenario.node
                node.masqueradesAll = true
                return node
            }(),
            flows: [
                .reaches(.otherPod, clusterIP, 80, ["10.30.2.11"], masqueraded: true),
                .reaches(.outside, clusterIP, 80, ["10.30.2.11"], masqueraded: true),
            ]),
        Scenario(
            name: "without pod detection nobody is masqueraded on the way to a ClusterIP",
            services: ["web": .everywhere { $0.isExternalLocal = true }], slices: [.of(here), .of(there)],
            node: {
                var node = Scenario.node
                node.pods = .none
                return node
            }(),
            flows: [
                .reaches(.otherPod, clusterIP, 80, all), .reaches(.outside, clusterIP, 80, all),
                .reaches(.otherPod, loadBalancerIP, 80, local),
            ]),
        Scenario(
            name: "pods are told by the prefix of their interfaces",
            services: ["web": .clusterIP()], slices: [.of(there)],
            node: {
                var node = Scenario.node
                node.pods = .interfacePrefix("veth-")
                return node
            }(),
            flows: [
                .reaches(.otherPod, clusterIP, 80, ["10.30.2.11"]),
                .reaches(.outside, clusterIP, 80, ["10.30.2.11"], masqueraded: true),
            ]),
        Scenario(
            name: "node ports on every address of the node",
            services: ["web": .everywhere()], slices: [.of(there)],
            node: {
                var node = Scenario.node
                node.nodePortAddresses = nil
                return node
            }(),
            flows: [
                .reaches(.outside, nodeAddress, 30_080, ["10.30.2.11"], masqueraded: true),
                .reaches(.otherPod, address("10.30.1.1"), 30_080, ["10.30.2.11"], masqueraded: true),
            ]),
        Scenario(
            name: "an external address that is another's ClusterIP stays with that",
            services: [
                "another": .clusterIP {
                    $0.clusterIPs = [address("10.96.0.11")]
                    $0.externalIPs = [clusterIP]
                },
                "web": .clusterIP(),
            ], slices: [.of(here), .of(there, for: "another")],
            flows: [
                .reaches(.otherPod, clusterIP, 80, local),
                .reaches(.otherPod, address("10.96.0.11"), 80, ["10.30.2.11"]),
            ]),
        Scenario(
            name: "SCTP comes in by every way, and is refused where nobody serves it",
            services: [
                "web": .everywhere { $0.ports = [.init(80, over: .sctp, nodePort: 30_080)] },
                "none": .clusterIP {
                    $0.clusterIPs = [address("10.96.0.11")]
                    $0.ports = [.init(80, over: .sctp, nodePort: 30_081)]
                },
            ],
            slices: [named("", .sctp, 5303, here), named("", .sctp, 5303, there)],
            flows: [
                .reaches(.otherPod, clusterIP, 80, over: .sctp, all, at: 5303),
                .rejected(.otherPod, clusterIP, 81, .sctp), .rejected(.otherPod, clusterIP, 80),
            ]
                + [(.node, clusterIP), (.outside, clusterIP), (.outside, externalIP), (.outside, loadBalancerIP)].map {
                    (client: Client, front: IPAddress) in
                    .reaches(client, front, 80, over: .sctp, all, at: 5303, masqueraded: true)
                } + [
                    .reaches(.outside, nodeAddress, 30_080, over: .sctp, all, at: 5303, masqueraded: true),
                    .reaches(.otherPod, nodeAddress, 30_080, over: .sctp, all, at: 5303, masqueraded: true),
                ]
                + [Client.otherPod, .node, .outside].flatMap { client in
                    [
                        .rejected(client, address("10.96.0.11"), 80, .sctp),
                        .rejected(client, nodeAddress, 30_081, .sctp),
                    ]
                }),
    ]

    private static func named(
        _ name: String, _ transport: L4Protocol, _ port: UInt16, _ endpoints: [(String, String)]
    ) -> EndpointSliceObject {
        var slice = EndpointSliceObject.of(endpoints.map { ($0.0, $0.1) })
        slice.ports = [.init(port, named: name, over: transport)]
        return slice
    }
}
