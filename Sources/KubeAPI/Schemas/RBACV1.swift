/// The schema of `rbac.authorization.k8s.io/v1`; `SchemaText` describes the notation.
enum RBACV1 {
    static let text = SchemaText(
        "rbac.authorization.k8s.io/v1", package: "io.k8s.api.rbac.v1", resources: resources, messages: [messages],
        descriptions: [descriptions])

    private static let resources = """
        clusterrolebindings ClusterRoleBinding
        clusterroles ClusterRole
        rolebindings RoleBinding namespaced
        roles Role namespaced
        """

    private static let messages = """
        AggregationRule
          clusterRoleSelectors 1 [LabelSelector]
        ClusterRole kind
          metadata 1 ObjectMeta always
          rules 2 [PolicyRule]
          aggregationRule 3 AggregationRule
        ClusterRoleBinding kind
          metadata 1 ObjectMeta always
          subjects 2 [Subject]
          roleRef 3 RoleRef required always
        PolicyRule
          verbs 1 [string] required
          apiGroups 2 [string]
          resources 3 [string]
          resourceNames 4 [string]
          nonResourceURLs 5 [string]
        Role kind
          metadata 1 ObjectMeta always
          rules 2 [PolicyRule]
        RoleBinding kind
          metadata 1 ObjectMeta always
          subjects 2 [Subject]
          roleRef 3 RoleRef required always
        RoleRef atomic
          apiGroup 1 string
          kind 2 string required
          name 3 string required
        Subject atomic
          kind 1 string required
          apiGroup 2 string
          name 3 string required
          namespace 4 string
        """
}
