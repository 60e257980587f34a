package import JSON
package import KubeAPI

/// Keeps a kubelet to its own Node, its own pods and labels that steer nothing (the admission plugin NodeRestriction).
package struct NodeRestriction {
    package enum Operation: String, Hashable, Sendable {
        case create = "CREATE"
        case update = "UPDATE"
        case delete = "DELETE"
    }

    /// A write after authorisation, with the object as it would be stored and as it is.
    package struct Write {
        package var user: User
        package var operation: Operation
        package var resource: GroupResource
        package var subresource: String
        package var namespace: String
        /// Empty for a creation.
        package var name: String
        package var object: JSONValue?
        package var old: JSONValue?

        package init(
            user: User, operation: Operation, resource: GroupResource, subresource: String = "", namespace: String = "",
            name: String = "", object: JSONValue? = nil, old: JSONValue? = nil
        ) {
            self.user = user
            self.operation = operation
            self.resource = resource
            self.subresource = subresource
            self.namespace = namespace
            self.name = name
            self.object = object
            self.old = old
        }

        func forbidden(_ why: String) -> APIStatus {
            var name = name
            for field in ["name", "generateName"] where name.isEmpty {
                name = object?.member(at: "metadata", field)?.string ?? ""
            }
            return .forbidden(resource, name.isEmpty ? "Unknown" : name, why)
        }
    }

    /// Finds a stored object.
    package typealias Lookup = (_ resource: GroupResource, _ namespace: String, _ name: String) -> JSONValue?

    let lookup: Lookup
    let authorize: (AccessRequest) -> Decision

    package init(lookup: @escaping Lookup, authorize: @escaping (AccessRequest) -> Decision) {
        self.lookup = lookup
        self.authorize = authorize
    }

    static let leaseNamespace = "kube-node-lease"
    static let otherLeaseNamespace = "can only access leases in the \"\(leaseNamespace)\" system namespace"
    static let otherLease = "can only access node lease with the same name as the requesting node"
    static let otherCSINode = "can only access CSINode with the same name as the requesting node"

    /// Throws the 403 for what a node must not write. Writes of others pass.
    package func admit(_ write: Write) throws(APIStatus) {
        guard write.user.groups.contains(User.Group.nodes), write.user.name.hasPrefix("system:node:") else { return }
        guard let node = write.user.nodeName, !node.isEmpty else {
            throw write.forbidden("could not determine node from user \(FieldCause.quoted(write.user.name))")
        }
        switch (write.resource.group, write.resource.resource, write.subresource) {
        case ("", "pods", ""): try admitPod(write, node)
        case ("", "pods", "status"): try admitPodStatus(write, node)
        case ("", "pods", "eviction"): try admitEviction(write, node)
        case ("", "pods", let other):
            throw write.forbidden(
                "unexpected pod subresource \(FieldCause.quoted(other)), only 'status' and 'eviction' are allowed")
        case ("", "nodes", _): try admitNode(write, node)
        case ("", "persistentvolumeclaims", "status"): try admitClaimStatus(write, node)
        case ("", "persistentvolumeclaims", _): throw write.forbidden("may only update PVC status")
        case ("", "serviceaccounts", "token") where write.operation == .create: try admitToken(write, node)
        case ("coordination.k8s.io", "leases", _):
            if write.namespace != Self.leaseNamespace { throw write.forbidden(Self.otherLeaseNamespace) }
            if name(of: write) != node { throw write.forbidden(Self.otherLease) }
        case ("storage.k8s.io", "csinodes", _):
            if name(of: write) != node { throw write.forbidden(Self.otherCSINode) }
        case ("resource.k8s.io", "resourceslices", _): try admitResourceSlice(write, node)
        default: return
        }
    }

    private func name(of write: Write) -> String? {
        write.operation == .create ? write.object?.member(at: "metadata", "name")?.string : write.name
    }

    private func admitNode(_ write: Write, _ node: String) throws(APIStatus) {
        let quoted = FieldCause.quoted(node)
        let requested = (write.name.isEmpty ? name(of: write) : write.name) ?? ""
        if requested != node {
            throw write.forbidden("node \(quoted) is not allowed to modify node \(FieldCause.quoted(requested))")
        }
        switch write.operation {
        case .create:
            if Self.exists(write.object, "spec", "configSource") {
                throw write.forbidden("node \(quoted) is not allowed to create pods with a non-nil configSource")
            }
            let labels = NodeLabels.forbidden(from: nil, to: write.object)
            if !labels.isEmpty {
                throw write.forbidden(
                    "node \(quoted) is not allowed to set the following labels: \(labels.joined(separator: ", "))")
            }
        case .update:
            let source = write.object?.member(at: "spec", "configSource")
            if Self.exists(write.object, "spec", "configSource"),
                source != write.old?.member(at: "spec", "configSource")
            {
                throw write.forbidden(
                    "node \(quoted) is not allowed to update configSource to a new non-nil configSource")
            }
            if Self.list(write.object, "spec", "taints") != Self.list(write.old, "spec", "taints") {
                throw write.forbidden("node \(quoted) is not allowed to modify taints")
            }
            let labels = NodeLabels.forbidden(from: write.old, to: write.object)
            if !labels.isEmpty {
                throw write.forbidden("is not allowed to modify labels: \(labels.joined(separator: ", "))")
            }
        case .delete: return
        }
    }

    private func admitClaimStatus(_ write: Write, _ node: String) throws(APIStatus) {
        guard write.operation == .update else { throw unexpected(write) }
        func rest(_ claim: JSONValue?) -> JSONValue {
            var claim = claim ?? .null
            var status = claim.member("status") ?? .null
            for field in ["capacity", "conditions", "allocatedResources", "allocatedResourceStatuses"] {
                status.setMember(field, nil)
            }
            claim.setMember("status", status)
            var metadata = claim.member("metadata") ?? .null
            for field in ["resourceVersion", "managedFields"] { metadata.setMember(field, nil) }
            claim.setMember("metadata", metadata)
            return claim
        }
        if rest(write.old) != rest(write.object) {
            throw write.forbidden(
                "node \(FieldCause.quoted(node)) is not allowed to update fields other than status.capacity "
                    + "and status.conditions")
        }
    }

    private func admitResourceSlice(_ write: Write, _ node: String) throws(APIStatus) {
        let object = write.operation == .create ? write.object : write.old
        if object?.member(at: "spec", "nodeName")?.string == node { return }
        throw write.forbidden(
            write.operation == .delete
                ? "can only delete ResourceSlice with the same NodeName as the requesting node"
                : "can only create ResourceSlice with the same NodeName as the requesting node")
    }

    func unexpected(_ write: Write) -> APIStatus {
        write.forbidden("unexpected operation \(FieldCause.quoted(write.operation.rawValue))")
    }

    static func exists(_ object: JSONValue?, _ first: String, _ second: String) -> Bool {
        object?.member(at: first, second).map { !$0.isNull } ?? false
    }

    /// A list, where an absent one is an empty one.
    static func list(_ object: JSONValue?, _ first: String, _ second: String) -> [JSONValue] {
        object?.member(at: first, second)?.array ?? []
    }
}
