internal import NFTables
internal import NetTypes

/// What one family of one port of a Service needs: chains of its own, and rules in the chains that all share.
struct PortChains: Hashable, Sendable {
    /// Chains that nobody else has.
    private(set) var own: IPTablesRules = [:]
    /// Rules in shared chains.
    private(set) var shared: IPTablesRules = [:]
    /// Nil when another has it.
    private(set) var clusterIP: IPAddress?

    private let key: PortKey
    private let port: ServicePort
    private let selection: EndpointSelection
    private let node: NodeView
    private let services: IPTablesChain
    private let local: IPTablesChain
    private let external: IPTablesChain

    init(_ key: PortKey, _ port: ServicePort, _ selection: EndpointSelection, on node: NodeView) {
        self.key = key
        self.port = port
        self.selection = selection
        self.node = node
        clusterIP = port.clusterIP
        let text = "\(key.name)/\(key.name.transport)"
        services = IPTablesChain(.nat, IPTablesText.hashed("SVC", text))
        local = IPTablesChain(.nat, IPTablesText.hashed("SVL", text))
        external = IPTablesChain(.nat, IPTablesText.hashed("EXT", text))
        addClusterIP()
        if port.isExternal { addExternal() }
        if !port.sourceRanges.isEmpty { addFirewall(IPTablesText.hashed("FW", text)) }
        addPicks(text)
    }

    private var family: IPFamily { key.family }
    private var transport: L4Protocol { key.name.transport }

    private mutating func addClusterIP() {
        let front = IPTablesText.front(port.clusterIP, transport, port.port, "\(key.name)")
        if (port.isInternalLocal ? selection.local : selection.cluster).isEmpty {
            refuse(front, in: .refuse, silently: selection.hasAny)
        } else {
            lead(front, in: .services, to: port.isInternalLocal ? local : services)
        }
    }

    private mutating func addExternal() {
        var addresses: [IPAddress] = []
        for address in port.externalIPs + port.loadBalancerIPs
        where !addresses.contains(address) && address != port.clusterIP {
            addresses.append(address)
        }
        for address in addresses { addExternal(address, port.port, .services, .refuse) }
        if port.nodePort > 0 { addExternal(nil, port.nodePort, .nodePorts, .refuseNodePorts) }
        if !selection.hasAny { return }
        if !port.isExternalLocal {
            own[external] = [IPTablesText.jump(.mark), IPTablesText.jump(services)]
            return
        }
        var rules: [String] = []
        if !selection.cluster.isEmpty {
            // What pods and the node itself send may go anywhere, whatever the policy.
            rules = node.pods.iptablesTests(family).map { "\($0) \(IPTablesText.jump(services))" }
            let isOwn = "-m addrtype --src-type LOCAL"
            rules += ["\(isOwn) \(IPTablesText.jump(.mark))", "\(isOwn) \(IPTablesText.jump(services))"]
        }
        if !selection.local.isEmpty { rules.append(IPTablesText.jump(local)) }
        own[external] = rules
    }

    private mutating func addExternal(
        _ address: IPAddress?, _ number: UInt16, _ leading: IPTablesChain, _ refusing: IPTablesChain
    ) {
        let front = IPTablesText.front(address, transport, number, "\(key.name)")
        guard selection.hasAny else { return refuse(front, in: refusing, silently: false) }
        // What comes from outside finds no way, and must not be answered: another node may have one.
        if port.isExternalLocal, selection.local.isEmpty { refuse(front, in: refusing, silently: true) }
        lead(front, in: leading, to: external)
    }

    private mutating func addFirewall(_ name: String) {
        let chain = IPTablesChain(.mangle, name)
        // A node that may use the load balancer reaches it from that address too, once it has been translated.
        let isNodeAllowed = node.addresses.contains { own in port.sourceRanges.contains { $0.contains(own) } }
        let ranges = CIDR.union(port.sourceRanges + (isNodeAllowed ? port.loadBalancerIPs.map(CIDR.init(host:)) : []))
        own[chain] = ranges.map { "\(IPTablesText.source($0)) -j RETURN" } + ["-j DROP"]
        for address in port.loadBalancerIPs {
            lead(IPTablesText.front(address, transport, port.port, "\(key.name)"), in: .firewall, to: chain)
        }
    }

    private mutating func lead(_ front: String, in chain: IPTablesChain, to target: IPTablesChain) {
        shared[chain, default: []].append("\(front) \(IPTablesText.jump(target))")
    }

    private mutating func refuse(_ front: String, in chain: IPTablesChain, silently: Bool) {
        shared[chain, default: []].append("\(front) \(silently ? "-j DROP" : IPTablesText.reject(family))")
    }

    // MARK: Endpoints

    private mutating func addPicks(_ text: String) {
        let isLocal = port.isInternalLocal
        if !selection.cluster.isEmpty { own[services] = picks(selection.cluster, text, servesClusterIP: !isLocal) }
        if !selection.local.isEmpty { own[local] = picks(selection.local, text, servesClusterIP: isLocal) }
    }

    /// One after the other is asked whether it is the one: those without a share never are.
    private mutating func picks(_ endpoints: [Destination], _ text: String, servesClusterIP: Bool) -> [String] {
        var shares = endpoints.sorted().map { ($0, port.weights.share(of: $0.address)) }
        let isAnyServing = shares.contains { $0.1 > 0 }
        shares = isAnyServing ? shares.filter { $0.1 > 0 } : shares.map { ($0.0, 1) }
        let dice = dice(shares)
        let targets = zip(shares, dice).map { (target($0.0, text), $1) }
        // Only traffic to the ClusterIP: what comes by an external address has been marked, or must not be.
        var rules: [String] = []
        if servesClusterIP, node.masqueradesAll || node.pods != .none {
            let front = IPTablesText.front(port.clusterIP, transport, port.port)
            rules.append("\(front) \(IPTablesText.jump(.markOthers))")
        }
        if let seconds = port.affinitySeconds {
            for case (.chain(let chain), _) in targets {
                let test = IPTablesText.remembers(chain.name, seconds, family)
                rules.append("\(test) \(IPTablesText.jump(chain))")
            }
        }
        for (target, dice) in targets {
            switch target {
            case .chain(let chain): rules.append(dice + IPTablesText.jump(chain))
            case .endpoint(let endpoint):
                rules.append("-p \(transport) \(dice)\(IPTablesText.translate(endpoint))")
            }
        }
        return rules
    }

    /// For each whether it is the one, of those that are left; empty for the last, who takes all the others.
    private func dice(_ shares: [(Destination, Int)]) -> [String] {
        var rest = shares.reduce(0) { $0 + $1.1 }
        return shares.enumerated().map { place, entry in
            defer { rest -= entry.1 }
            let left = shares.count - place
            if left == 1 { return "" }
            switch port.scheduling {
            case .roundRobin where port.weights.isEmpty: return IPTablesText.turn(of: left) + " "
            // An endpoint asks the same of each client whatever the others are, and those behind it do not count it: so one
            // that comes or goes moves few clients of the others. Of an address of IPv6 xt_cluster looks at the first 32 bits
            // alone, which all clients of a cluster share.
            case .sourceHash
            where port.weights.isEmpty && shares.count <= IPTablesText.mostParts && family == .v4:
                return IPTablesText.hash(left, seed: IPTablesText.seed(entry.0)) + " "
            default: return IPTablesText.chance(entry.1, of: rest) + " "
            }
        }
    }

    private enum Target {
        case endpoint(Destination)
        case chain(IPTablesChain)
    }

    /// An endpoint gets a chain where there is more to do than to go there.
    private mutating func target(_ endpoint: Destination, _ text: String) -> Target {
        let isHere = selection.onNode.contains(endpoint)
        if !isHere, port.affinitySeconds == nil { return .endpoint(endpoint) }
        let chain = IPTablesChain(.nat, IPTablesText.hashed("SEP", "\(text)/\(endpoint)"))
        var rules: [String] = []
        // It meets itself: the answer has to come back through the node.
        if isHere { rules.append("\(IPTablesText.source(CIDR(host: endpoint.address))) \(IPTablesText.jump(.mark))") }
        let memory =
            port.affinitySeconds == nil ? "" : "\(IPTablesText.remember(chain.name, family)) "
        rules.append("-p \(transport) \(memory)\(IPTablesText.translate(endpoint))")
        own[chain] = rules
        return .chain(chain)
    }
}
