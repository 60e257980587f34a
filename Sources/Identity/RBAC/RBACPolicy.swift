package import JSON
internal import KubeAPI

/// All roles and bindings of the cluster, indexed by subject: answers a request in time that does not grow with their
/// number. It belongs to the event loop, which hands it every change.
package final class RBACPolicy {
    private struct Key: Hashable {
        let namespace: String
        let name: String
    }

    /// A user by name, or a group; a ServiceAccount is the user of its name.
    private enum SubjectKey: Hashable {
        case user(String)
        case group(String)
    }

    /// A role's place, which bindings hold on to: a decision looks no role up. Nil rules when the role is absent.
    private final class RolePlace {
        var role: CompiledRole?
    }

    /// What a subject has been granted; an object, so that to look at it copies nothing.
    private final class Entry {
        let grant: Grant
        let place: RolePlace

        init(_ grant: Grant, _ place: RolePlace) {
            self.grant = grant
            self.place = place
        }
    }

    /// Roles, and ClusterRoles with an empty namespace.
    private var roles: [Key: RolePlace] = [:]
    private var bindings: [Key: RoleBinding] = [:]
    private var clusterGrants: [SubjectKey: [Entry]] = [:]
    private var namespaceGrants: [String: [SubjectKey: [Entry]]] = [:]

    package init() {}

    // MARK: What there is

    /// Takes a Role or ClusterRole (empty namespace) as it is now.
    package func setRole(namespace: String, name: String, rules: [PolicyRule]) {
        place(Key(namespace: namespace, name: name)).role = CompiledRole(rules)
    }

    package func removeRole(namespace: String, name: String) {
        let key = Key(namespace: namespace, name: name)
        roles[key]?.role = nil
        forgetPlace(key)
    }

    /// A place without a role goes when no binding holds on to it.
    private func forgetPlace(_ key: Key) {
        guard var place = roles.removeValue(forKey: key) else { return }
        if place.role != nil || !isKnownUniquelyReferenced(&place) { roles[key] = place }
    }

    private func place(_ key: Key) -> RolePlace {
        if let place = roles[key] { return place }
        let place = RolePlace()
        roles[key] = place
        return place
    }

    private static func key(of role: RoleReference, in namespace: String) -> Key {
        Key(namespace: role.kind == .clusterRole ? "" : namespace, name: role.name)
    }

    package func setBinding(_ binding: RoleBinding) {
        removeBinding(namespace: binding.namespace, name: binding.name)
        bindings[Key(namespace: binding.namespace, name: binding.name)] = binding
        let place = place(Self.key(of: binding.role, in: binding.namespace))
        for subject in binding.subjects {
            guard let key = key(of: subject, in: binding) else { continue }
            let grant = Grant(
                binding: binding.name, namespace: binding.namespace, role: binding.role, subject: subject)
            let entry = Entry(grant, place)
            if binding.namespace.isEmpty {
                clusterGrants[key, default: []].append(entry)
            } else {
                namespaceGrants[binding.namespace, default: [:]][key, default: []].append(entry)
            }
        }
    }

    package func removeBinding(namespace: String, name: String) {
        guard let binding = bindings.removeValue(forKey: Key(namespace: namespace, name: name)) else { return }
        for subject in binding.subjects {
            guard let key = key(of: subject, in: binding) else { continue }
            if namespace.isEmpty {
                clusterGrants[key] = Self.without(name, clusterGrants[key])
            } else {
                let left = Self.without(name, namespaceGrants[namespace]?[key])
                namespaceGrants[namespace]?[key] = left
            }
        }
        if namespaceGrants[namespace]?.isEmpty == true { namespaceGrants[namespace] = nil }
        forgetPlace(Self.key(of: binding.role, in: namespace))
    }

    private static func without(_ binding: String, _ entries: [Entry]?) -> [Entry]? {
        let left = entries?.filter { $0.grant.binding != binding } ?? []
        return left.isEmpty ? nil : left
    }

    /// Takes an object of one of RBAC's four resources as it is now, nil when it is gone; others are ignored.
    package func apply(resource: String, namespace: String, name: String, object: JSONValue?) {
        switch (resource, object) {
        case ("roles", let role?), ("clusterroles", let role?):
            setRole(namespace: namespace, name: name, rules: PolicyRule.list(role.member("rules")))
        case ("roles", nil), ("clusterroles", nil): removeRole(namespace: namespace, name: name)
        case ("rolebindings", let object?), ("clusterrolebindings", let object?):
            // One that refers to nothing grants nothing.
            if let binding = RoleBinding(json: object) {
                setBinding(binding)
            } else {
                removeBinding(namespace: namespace, name: name)
            }
        case ("rolebindings", nil), ("clusterrolebindings", nil): removeBinding(namespace: namespace, name: name)
        default: break
        }
    }

    private func key(of subject: RoleSubject, in binding: RoleBinding) -> SubjectKey? {
        switch subject.kind {
        case .user: return .user(subject.name)
        case .group: return .group(subject.name)
        case .serviceAccount:
            let namespace = subject.namespace.isEmpty ? binding.namespace : subject.namespace
            return namespace.isEmpty ? nil : .user(User.serviceAccountName(namespace: namespace, name: subject.name))
        }
    }

    // MARK: Questions

    package func decide(_ request: AccessRequest) -> Decision {
        let verb = VerbSet.Verb(request.verb)
        var allowing: Grant?
        var missing: [RoleReference] = []
        visitGrants(of: request.user, namespace: request.namespace) { entry in
            guard let role = entry.place.role else {
                missing.append(entry.grant.role)
                return true
            }
            if role.allows(request, verb) { allowing = entry.grant }
            return allowing == nil
        }
        if let allowing { return .allow(by: allowing) }
        return .noOpinion(missing.isEmpty ? "" : "RBAC: \(Self.sentence(missing))")
    }

    /// Everything that the user may do in the namespace (empty: at the cluster scope), and what could not be found.
    package func rules(of user: User, namespace: String) -> (rules: [PolicyRule], problem: String?) {
        var rules: [PolicyRule] = []
        var missing: [RoleReference] = []
        visitGrants(of: user, namespace: namespace) { entry in
            if let role = entry.place.role { rules += role.rules } else { missing.append(entry.grant.role) }
            return true
        }
        return (rules, missing.isEmpty ? nil : Self.sentence(missing))
    }

    /// The rules of the role that a binding in this namespace refers to; nil when there is none.
    package func rules(of role: RoleReference, namespace: String) -> [PolicyRule]? {
        roles[Self.key(of: role, in: namespace)]?.role?.rules
    }

    /// Cluster-wide grants before the namespace's, until the body says false.
    private func visitGrants(of user: User, namespace: String, _ body: (Entry) -> Bool) {
        guard Self.visit(clusterGrants, user, body), !namespace.isEmpty,
            let grants = namespaceGrants[namespace]
        else { return }
        _ = Self.visit(grants, user, body)
    }

    private static func visit(_ grants: [SubjectKey: [Entry]], _ user: User, _ body: (Entry) -> Bool) -> Bool {
        if let entries = grants[.user(user.name)] {
            for entry in entries where !body(entry) { return false }
        }
        for group in user.groups {
            guard let entries = grants[.group(group)] else { continue }
            for entry in entries where !body(entry) { return false }
        }
        return true
    }

    private static func sentence(_ missing: [RoleReference]) -> String {
        var seen: Set<RoleReference> = []
        let texts = missing.filter { seen.insert($0).inserted }.map { reference in
            "\(reference.kind.rawValue.lowercased()).rbac.authorization.k8s.io \(FieldCause.quoted(reference.name))"
                + " not found"
        }
        return texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
    }
}
