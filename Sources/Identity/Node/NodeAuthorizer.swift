internal import JSON
internal import KubeAPI

/// What a kubelet may do: its own Node, its own pods, and what those pods refer to (upstream's Node authorization).
package struct NodeAuthorizer {
    private let graph: NodeGraph
    private let rules: CompiledRole

    package init(graph: NodeGraph) {
        self.graph = graph
        let role = BootstrapPolicy.items.first { $0.resource == "clusterroles" && $0.name == "system:node" }
        rules = CompiledRole(PolicyRule.list(role?.object.member("rules")))
    }

    /// No opinion about users that are no nodes.
    package func decide(_ request: AccessRequest) -> Decision {
        guard request.user.groups.contains(User.Group.nodes), request.user.name.hasPrefix("system:node:") else {
            return .noOpinion()
        }
        guard let node = request.user.nodeName, !node.isEmpty else {
            return .noOpinion("unknown node for user \(FieldCause.quoted(request.user.name))")
        }
        if request.target == .resource {
            switch (request.apiGroup, request.resource) {
            case ("", "secrets"): return read(request, .secret, node)
            case ("", "configmaps"): return read(request, .configMap, node)
            case ("", "persistentvolumeclaims") where request.subresource == "status":
                guard request.verb == "update" || request.verb == "patch" else {
                    return .noOpinion("can only get/update/patch this type")
                }
                return related(request, .persistentVolumeClaim, node)
            case ("", "persistentvolumeclaims"): return get(request, .persistentVolumeClaim, node)
            case ("", "persistentvolumes"): return get(request, .persistentVolume, node)
            case ("resource.k8s.io", "resourceclaims"): return get(request, .resourceClaim, node)
            case ("storage.k8s.io", "volumeattachments"): return get(request, .volumeAttachment, node)
            case ("", "serviceaccounts"): return serviceAccount(request, node)
            case ("coordination.k8s.io", "leases"): return lease(request, node)
            case ("storage.k8s.io", "csinodes"): return csiNode(request, node)
            case ("resource.k8s.io", "resourceslices"): return resourceSlice(request, node)
            case ("", "nodes"): return ownNode(request, node)
            case ("", "pods"): return pod(request, node)
            default: break
            }
        }
        return rules.allows(request, VerbSet.Verb(request.verb)) ? .allow : .noOpinion()
    }

    private func related(_ request: AccessRequest, _ kind: NodeGraph.Kind, _ node: String) -> Decision {
        if request.name.isEmpty { return .noOpinion("No Object name found") }
        return isRelated(request, kind, node)
    }

    private func isRelated(_ request: AccessRequest, _ kind: NodeGraph.Kind, _ node: String) -> Decision {
        let object = NodeGraph.Object(kind: kind, namespace: request.namespace, name: request.name)
        if graph.isRelated(object, to: node) { return .allow }
        return .noOpinion("no relationship found between node '\(node)' and this object")
    }

    private func get(_ request: AccessRequest, _ kind: NodeGraph.Kind, _ node: String) -> Decision {
        if request.verb != "get" { return .noOpinion("can only get individual resources of this type") }
        if !request.subresource.isEmpty { return .noOpinion("cannot get subresource") }
        return related(request, kind, node)
    }

    private func read(_ request: AccessRequest, _ kind: NodeGraph.Kind, _ node: String) -> Decision {
        if !request.isReadOnly { return .noOpinion("can only read resources of this type") }
        if !request.subresource.isEmpty { return .noOpinion("cannot read subresource") }
        if request.namespace.isEmpty { return .noOpinion("can only read namespaced object of this type") }
        return related(request, kind, node)
    }

    private func serviceAccount(_ request: AccessRequest, _ node: String) -> Decision {
        if request.verb == "get" { return get(request, .serviceAccount, node) }
        if request.verb != "create" || request.name.isEmpty {
            return .noOpinion("can only create tokens for individual service accounts")
        }
        if request.subresource != "token" { return .noOpinion("can only create token subresource of serviceaccount") }
        return isRelated(request, .serviceAccount, node)
    }

    private func lease(_ request: AccessRequest, _ node: String) -> Decision {
        guard Self.singleObjectVerbs.contains(request.verb) else {
            return .noOpinion("can only get, create, update, patch, or delete a node lease")
        }
        if request.namespace != NodeRestriction.leaseNamespace {
            return .noOpinion(NodeRestriction.otherLeaseNamespace)
        }
        // A creation's name is in its body: admission looks there.
        if request.verb != "create" && request.name != node { return .noOpinion(NodeRestriction.otherLease) }
        return .allow
    }

    private func csiNode(_ request: AccessRequest, _ node: String) -> Decision {
        guard Self.singleObjectVerbs.contains(request.verb) else {
            return .noOpinion("can only get, create, update, patch, or delete a CSINode")
        }
        if !request.subresource.isEmpty { return .noOpinion("cannot authorize CSINode subresources") }
        if request.verb != "create" && request.name != node { return .noOpinion(NodeRestriction.otherCSINode) }
        return .allow
    }

    private static let singleObjectVerbs = ["get", "create", "update", "patch", "delete"]

    private func resourceSlice(_ request: AccessRequest, _ node: String) -> Decision {
        if !request.subresource.isEmpty { return .noOpinion("cannot authorize ResourceSlice subresources") }
        switch request.verb {
        case "create": return .allow
        case "get", "update", "patch", "delete": return related(request, .resourceSlice, node)
        case "watch", "list", "deletecollection":
            if request.fieldRequirements["spec.nodeName"] == node || request.fieldRequirements["nodeName"] == node {
                return .allow
            }
            return .noOpinion("can only list/watch/deletecollection resourceslices with nodeName field selector")
        default:
            return .noOpinion(
                "only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, "
                    + "delete, deletecollection")
        }
    }

    private func ownNode(_ request: AccessRequest, _ node: String) -> Decision {
        switch (request.subresource, request.verb) {
        // Admission sees to it that it is its own.
        case ("", "create"), ("", "update"), ("", "patch"), ("status", "update"), ("status", "patch"): return .allow
        case ("", "get"), ("", "list"), ("", "watch"):
            let name = request.name.isEmpty ? request.fieldRequirements["metadata.name"] ?? "" : request.name
            if name == node { return .allow }
            if name.isEmpty { return .noOpinion("node '\(node)' cannot read all nodes, only its own Node object") }
            return .noOpinion("node '\(node)' cannot read '\(name)', only its own Node object")
        default: return .noOpinion()
        }
    }

    private func pod(_ request: AccessRequest, _ node: String) -> Decision {
        switch (request.subresource, request.verb) {
        case ("", "get"): return get(request, .pod, node)
        case ("", "list"), ("", "watch"):
            if request.fieldRequirements["spec.nodeName"] == node { return .allow }
            if !request.name.isEmpty { return related(request, .pod, node) }
            return .noOpinion("can only list/watch pods with spec.nodeName field selector")
        // Admission sees to it that they are mirror pods, and its own.
        case ("", "create"), ("", "delete"), ("status", "update"), ("status", "patch"), ("eviction", "create"):
            return .allow
        default: return .noOpinion()
        }
    }
}
