package import JSON
internal import KubeAPI

/// Which role a binding grants. A RoleBinding may name a ClusterRole, and grants it in its own namespace.
package struct RoleReference: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case role = "Role"
        case clusterRole = "ClusterRole"
    }

    package var kind: Kind
    package var name: String

    package init(kind: Kind, name: String) {
        self.kind = kind
        self.name = name
    }

    /// Nil when it is of no kind that there is.
    package init?(json: JSONValue?) {
        guard let kind = json?.member("kind")?.string.flatMap(Kind.init(rawValue:)),
            let name = json?.member("name")?.string
        else { return nil }
        self.init(kind: kind, name: name)
    }
}

/// To whom a binding grants its role.
package struct RoleSubject: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case user = "User"
        case group = "Group"
        case serviceAccount = "ServiceAccount"
    }

    package var kind: Kind
    package var name: String
    /// Of a ServiceAccount; empty means the binding's.
    package var namespace: String

    package init(kind: Kind, name: String, namespace: String = "") {
        self.kind = kind
        self.name = name
        self.namespace = namespace
    }

    package init?(json: JSONValue) {
        guard let kind = json.member("kind")?.string.flatMap(Kind.init(rawValue:)),
            let name = json.member("name")?.string
        else { return nil }
        self.init(kind: kind, name: name, namespace: json.member("namespace")?.string ?? "")
    }

    package var json: JSONValue {
        kind == .serviceAccount
            ? ["kind": "ServiceAccount", "name": .string(name), "namespace": .string(namespace)]
            : [
                "kind": .string(kind.rawValue), "apiGroup": "rbac.authorization.k8s.io", "name": .string(name),
            ]
    }
}

/// A RoleBinding, or a ClusterRoleBinding when the namespace is empty.
package struct RoleBinding: Hashable, Sendable {
    package var name: String
    package var namespace: String
    package var role: RoleReference
    package var subjects: [RoleSubject]

    package init(name: String, namespace: String = "", role: RoleReference, subjects: [RoleSubject]) {
        self.name = name
        self.namespace = namespace
        self.role = role
        self.subjects = subjects
    }

    /// Nil when the object has no name or refers to no role.
    package init?(json: JSONValue) {
        guard let name = json.member(at: "metadata", "name")?.string,
            let role = RoleReference(json: json.member("roleRef"))
        else { return nil }
        self.init(
            name: name, namespace: json.member(at: "metadata", "namespace")?.string ?? "", role: role,
            subjects: json.member("subjects")?.array?.compactMap { RoleSubject(json: $0) } ?? [])
    }
}

/// The binding that allowed something, and the subject of it that the user matched.
struct Grant: Hashable, Sendable, CustomStringConvertible {
    let binding: String
    let namespace: String
    let role: RoleReference
    let subject: RoleSubject

    /// Upstream's words in reviews and audit: `ClusterRoleBinding "b" of ClusterRole "r" to Group "g"`.
    var description: String {
        let kind = namespace.isEmpty ? "ClusterRoleBinding" : "RoleBinding"
        let name = namespace.isEmpty ? binding : "\(binding)/\(namespace)"
        var who = subject.name
        if subject.kind == .serviceAccount {
            who += "/" + (subject.namespace.isEmpty ? namespace : subject.namespace)
        }
        return "\(kind) \(FieldCause.quoted(name)) of \(role.kind.rawValue) \(FieldCause.quoted(role.name))"
            + " to \(subject.kind.rawValue) \(FieldCause.quoted(who))"
    }
}
