/// Who makes a request, as authentication found out (authentication.k8s.io UserInfo).
package struct User: Hashable, Sendable {
    package var name: String
    /// Empty when the means of authentication knows none.
    package var uid: String
    /// In the order in which authentication gave them.
    package var groups: [String]
    /// Keys in lower case.
    package var extra: [String: [String]]

    package init(name: String, uid: String = "", groups: [String] = [], extra: [String: [String]] = [:]) {
        self.name = name
        self.uid = uid
        self.groups = groups
        self.extra = extra
    }

    package static let anonymous = User(name: "system:anonymous", groups: [Group.unauthenticated])

    package var isAnonymous: Bool { name == "system:anonymous" }
    package var isMaster: Bool { groups.contains(Group.masters) }

    /// The names of groups that mean something to the server.
    package enum Group {
        /// Whose members may do everything, whatever the roles say.
        package static let masters = "system:masters"
        package static let authenticated = "system:authenticated"
        package static let unauthenticated = "system:unauthenticated"
        package static let nodes = "system:nodes"
        package static let serviceAccounts = "system:serviceaccounts"
        package static let bootstrappers = "system:bootstrappers"

        package static func serviceAccounts(in namespace: String) -> String { "\(serviceAccounts):\(namespace)" }
    }

    private static let nodePrefix = "system:node:"
    private static let serviceAccountPrefix = "system:serviceaccount:"

    /// The node that this user is: named `system:node:NAME` and a member of `system:nodes`; nil for everybody else.
    package var nodeName: String? {
        guard name.hasPrefix(Self.nodePrefix), groups.contains(Group.nodes) else { return nil }
        return String(name.dropFirst(Self.nodePrefix.count))
    }

    package static func serviceAccountName(namespace: String, name: String) -> String {
        "\(serviceAccountPrefix)\(namespace):\(name)"
    }

    /// The ServiceAccount that this user is: `system:serviceaccount:NAMESPACE:NAME`.
    package var serviceAccount: (namespace: String, name: String)? {
        guard name.hasPrefix(Self.serviceAccountPrefix) else { return nil }
        let parts = name.dropFirst(Self.serviceAccountPrefix.count).split(
            separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        return (String(parts[0]), String(parts[1]))
    }

    /// The user with the group of all who are authenticated, unless it is there.
    package var withAuthenticatedGroup: User {
        if groups.contains(Group.authenticated) || groups.contains(Group.unauthenticated) { return self }
        var user = self
        user.groups.append(Group.authenticated)
        return user
    }
}
