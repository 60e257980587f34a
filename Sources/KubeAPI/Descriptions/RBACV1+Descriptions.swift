extension RBACV1 {
    static let descriptions = """
        AggregationRule: Roles whose rules make up this one.
          clusterRoleSelectors: Find the ClusterRoles by their labels; one is enough.
        ClusterRole: What may be done in the whole cluster, for bindings to refer to.
          rules: What may be done; written by the control plane when there is an aggregationRule.
          aggregationRule: Makes up the rules of other ClusterRoles.
        ClusterRoleBinding: Gives a ClusterRole to users, groups and service accounts, in the whole cluster.
          subjects: Who gets the role.
          roleRef: The role; cannot be changed.
        PolicyRule: Verbs, and the resources or paths that they are for.
          verbs: What may be done: get, list, watch, create, update, patch, delete and others; "*" for all.
          apiGroups: The groups of the resources; "" for the core group, "*" for all.
          resources: The resources, such as "pods" or "pods/log"; "*" for all.
          resourceNames: The names of the objects; all when empty.
          nonResourceURLs: Paths that belong to no resource, such as "/healthz"; a "*" at the end for all below. For
            ClusterRoles only.
        Role: What may be done in one namespace, for bindings to refer to.
          rules: What the role allows.
        RoleBinding: Gives a role to users, groups and service accounts, in one namespace.
          subjects: Who gets the role.
          roleRef: The role; cannot be changed.
        RoleRef: A role.
          apiGroup: The group of the role's kind: rbac.authorization.k8s.io.
          kind: Role or ClusterRole.
          name: The role's name.
        Subject: A user, a group or a service account.
          kind: User, Group or ServiceAccount.
          apiGroup: The group of the kind: rbac.authorization.k8s.io for users and groups, empty for service accounts.
          name: The name of the user, group or account.
          namespace: The account's namespace; empty for users and groups.
        """
}
