internal import JSON

/// The server's authorizers in order: system:masters, the Node authorizer, RBAC, and for anonymous clients discovery,
/// which tells nothing of the cluster's objects. It belongs to the event loop.
package final class Authorizer {
    package let policy: RBACPolicy
    package let graph: NodeGraph
    private let nodes: NodeAuthorizer
    private let anonymousRules: CompiledRole

    /// With `anonymousDiscovery` false, anonymous clients have what RBAC gives `system:unauthenticated`: health and version.
    package init(anonymousDiscovery: Bool = true) {
        let discovery = BootstrapPolicy.items.first { $0.name == "system:discovery" && $0.resource == "clusterroles" }
        anonymousRules = CompiledRole(anonymousDiscovery ? PolicyRule.list(discovery?.object.member("rules")) : [])
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
        if request.user.isAnonymous && byRole.verdict == .noOpinion
            && anonymousRules.allows(request, VerbSet.Verb(request.verb))
        {
            return .allow
        }
        if byRole.verdict != .noOpinion || byNode.reason.isEmpty { return byRole }
        return byRole.reason.isEmpty ? byNode : .noOpinion("\(byNode.reason)\n\(byRole.reason)")
    }
}
