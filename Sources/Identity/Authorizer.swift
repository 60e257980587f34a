/// The server's authorizers in order: system:masters, the Node authorizer, RBAC. It belongs to the event loop.
package final class Authorizer {
    package let policy: RBACPolicy
    package let graph: NodeGraph
    private let nodes: NodeAuthorizer

    package init() {
        policy = RBACPolicy()
        graph = NodeGraph()
        nodes = NodeAuthorizer(graph: graph)
    }

    /// The first authorizer that allows or denies decides; when none does, the reasons of all are the answer's.
    package func decide(_ request: AccessRequest) -> Decision {
        if request.user.isMaster { return .allow }
        let byNode = nodes.decide(request)
        if byNode.verdict != .noOpinion { return byNode }
        let byRole = policy.decide(request)
        if byRole.verdict != .noOpinion || byNode.reason.isEmpty { return byRole }
        return byRole.reason.isEmpty ? byNode : .noOpinion("\(byNode.reason)\n\(byRole.reason)")
    }
}
