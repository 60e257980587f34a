internal import NetTypes

/// The chains that are there once: what leads to those of the ports, and what surrounds it.
struct DispatchChains {
    let node: NodeView
    let family: IPFamily

    /// `shared` is what the ports have in them, `clusterIPs` all that there are.
    func rules(_ shared: IPTablesRules, clusterIPs: [IPAddress]) -> IPTablesRules {
        let networks = CIDR.union(node.serviceCIDRs.filter { $0.family == family })
        let inside = clusterIPs.filter { address in networks.contains { $0.contains(address) } }
        let outside = clusterIPs.filter { address in !networks.contains { $0.contains(address) } }
        let reject = IPTablesText.reject(family)
        // A port that no Service has is refused; an address that none has is passed over in silence.
        func refuse(_ addresses: [IPAddress]) -> [String] {
            addresses.map { "\(IPTablesText.destination($0)) \(reject)" }
        }
        let strays = networks.flatMap { network in
            ["-d \(network) \(IPTablesText.jump(.clusterIPs))", "-d \(network) -j DROP"]
        }
        let nodePortRefusals = shared[.refuseNodePorts] ?? []
        let isNew = "-m conntrack --ctstate NEW"
        let refusal =
            (nodePortRefusals.isEmpty ? [] : nodePortRules("\(isNew) ", .refuseNodePorts))
            + ["\(isNew) \(IPTablesText.jump(.refuse))"]
        return [
            .firewall: shared[.firewall] ?? [],
            .input: localnetGuard + refusal,
            .output: refusal,
            .forward: ["\(isNew) \(IPTablesText.jump(.refuse))"] + forwardRules,
            .refuse: (shared[.refuse] ?? []) + refuse(outside) + strays,
            .refuseNodePorts: nodePortRefusals,
            .clusterIPs: refuse(inside),
            .services: (shared[.services] ?? [])
                + (shared[.nodePorts] == nil ? [] : nodePortRules("", .nodePorts)),
            .nodePorts: shared[.nodePorts] ?? [],
            .mark: [IPTablesText.mark(node.mark)],
            .markOthers: markRules,
            // The mark goes: a packet that is wrapped (VXLAN) comes by here again.
            .postrouting: [
                "\(IPTablesText.isNotMarked(node.mark)) -j RETURN", IPTablesText.unmark(node.mark),
                "-j MASQUERADE --random-fully",
            ],
        ]
    }

    /// What is not sent by the node's own pods has to come back through it.
    private var markRules: [String] {
        let mark = IPTablesText.mark(node.mark)
        if node.masqueradesAll { return [mark] }
        return node.pods == .none ? [] : node.pods.iptablesTests(family).map { "\($0) -j RETURN" } + [mark]
    }

    private func nodePortRules(_ test: String, _ chain: IPTablesChain) -> [String] {
        let jump = IPTablesText.jump(chain)
        let loopback = family == .v4 ? "127.0.0.0/8" : "::1/128"
        // IPv6 has nothing like route_localnet.
        let servesLoopback = family == .v4 && node.servesLoopbackNodePorts
        guard let addresses = node.nodePortAddresses else {
            let isOther = servesLoopback ? "" : "! -d \(loopback) "
            return ["\(isOther)-m addrtype --dst-type LOCAL \(test)\(jump)"]
        }
        return addresses.filter { $0.family == family }.map { "\(IPTablesText.destination($0)) \(test)\(jump)" }
            + (servesLoopback ? ["-d \(loopback) \(test)\(jump)"] : [])
    }

    /// With route_localnet the kernel no longer drops what comes from outside for 127.0.0.0/8.
    private var localnetGuard: [String] {
        guard family == .v4, node.servesLoopbackNodePorts else { return [] }
        return ["! -s 127.0.0.0/8 -d 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP"]
    }

    /// As kube-proxy has them: where forwarding is denied by policy, these let Services through. Packets that connection
    /// tracking cannot place would pass untranslated, and the client would end its connection for them.
    private var forwardRules: [String] {
        (node.dropsInvalid ? ["-m conntrack --ctstate INVALID -j DROP"] : []) + [
            "\(IPTablesText.isMarked(node.mark)) -j ACCEPT", "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
        ]
    }
}
