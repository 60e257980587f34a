internal import NetTypes

extension IPTablesChain {
    /// What a rule of this chain means to a packet that it holds for; empty when it only leads on.
    func meaning(of rule: IPTablesRule) -> String {
        switch rule.target {
        case .chain(let target): leading(rule, to: target)
        case .mark(_, let mask):
            // Elsewhere it is the jump to it that says why.
            self == .markOthers && mask != 0 ? "not from a pod of this node: will get the node's address" : ""
        case .leave: self == .markOthers ? "from a pod of this node: keeps its address" : ""
        case .accept: ""
        case .masquerade: "marked: gets the node's address, so that answers come back this way"
        case .translate(let endpoint): "leads to \(endpoint)"
        case .drop, .reject: refusal(rule)
        }
    }

    private func leading(_ rule: IPTablesRule, to target: String) -> String {
        if self == .services || self == .nodePorts { return rule.comment.map { "Service \($0)" } ?? "" }
        if self == .firewall { return rule.comment.map { "Service \($0) has source ranges" } ?? "" }
        // How long ago that was, iptables tells nobody.
        if let seconds = rule.memorySeconds {
            return "the client goes where it went the last time, if that was in the last \(seconds) s"
        }
        guard target == IPTablesChain.mark.name else { return "" }
        return name.hasPrefix(Self.prefix + "SEP-")
            ? "an endpoint that reaches itself: will get the node's address"
            : "comes from outside or the node: will get the node's address"
    }

    private func refusal(_ rule: IPTablesRule) -> String {
        if let name = rule.comment { return "Service \(name) has no endpoint here for this client" }
        switch self {
        case .refuse, .clusterIPs:
            return rule.target == .reject
                ? "a ClusterIP, but no port of its Service" : "an address for Services that none has"
        case .input: return "an address of the loopback, from outside"
        case .forward: return "belongs to no connection"
        default: return "the client is in none of the Service's source ranges"
        }
    }
}

extension IPTablesRule {
    /// Of one that holds for clients that have been there before: how long before.
    var memorySeconds: UInt32? {
        for condition in conditions { if case .remembered(_, let seconds) = condition.test { return seconds } }
        return nil
    }
}
