import Identity
import JSON
import Testing

/// By name, so that one lost and one too many are seen. The lists are written here once more on purpose.
@Suite("The names of the bootstrap policy")
struct BootstrapNamesTests {
    /// Those of the ServiceAccounts too.
    static let controllers = """
        attachdetach-controller certificate-controller clusterrole-aggregation-controller cronjob-controller
        daemon-set-controller deployment-controller device-taint-eviction-controller disruption-controller
        endpoint-controller endpointslice-controller endpointslicemirroring-controller ephemeral-volume-controller
        expand-controller generic-garbage-collector horizontal-pod-autoscaler job-controller
        kube-apiserver-serving-clustertrustbundle-publisher legacy-service-account-token-cleaner
        namespace-controller node-controller persistent-volume-binder pod-garbage-collector
        pv-protection-controller pvc-protection-controller replicaset-controller replication-controller
        resource-claim-controller resourcequota-controller root-ca-cert-publisher route-controller
        selinux-warning-controller service-account-controller service-cidrs-controller service-controller
        statefulset-controller ttl-after-finished-controller ttl-controller
        validatingadmissionpolicy-status-controller volumeattributesclass-protection-controller
        """
    static let clusterRoles = """
        admin cluster-admin edit view system:aggregate-to-admin system:aggregate-to-edit system:aggregate-to-view
        system:auth-delegator system:basic-user
        system:certificates.k8s.io:certificatesigningrequests:nodeclient
        system:certificates.k8s.io:certificatesigningrequests:selfnodeclient
        system:certificates.k8s.io:kube-apiserver-client-approver
        system:certificates.k8s.io:kube-apiserver-client-kubelet-approver
        system:certificates.k8s.io:kubelet-serving-approver
        system:certificates.k8s.io:legacy-unknown-approver
        system:cluster-trust-bundle-discovery system:discovery system:heapster system:kube-aggregator
        system:kube-controller-manager system:kube-dns system:kube-scheduler system:kubelet-api-admin
        system:monitoring system:node system:node-bootstrapper system:node-problem-detector system:node-proxier
        system:persistent-volume-provisioner system:public-info-viewer
        system:service-account-issuer-discovery system:volume-scheduler
        """
    static let clusterRoleBindings = """
        cluster-admin system:basic-user system:cluster-trust-bundle-discovery system:discovery
        system:kube-controller-manager system:kube-dns system:kube-scheduler system:monitoring system:node
        system:node-proxier system:public-info-viewer system:service-account-issuer-discovery
        system:volume-scheduler
        """
    static let roles = """
        kube-system/extension-apiserver-authentication-reader
        kube-system/system::leader-locking-kube-controller-manager
        kube-system/system::leader-locking-kube-scheduler
        kube-system/system:controller:bootstrap-signer kube-public/system:controller:bootstrap-signer
        kube-system/system:controller:cloud-provider kube-system/system:controller:token-cleaner
        """

    static func words(_ text: String) -> [String] { text.split(whereSeparator: \.isWhitespace).map(String.init) }

    static let ofControllers = words(controllers).map { "system:controller:\($0)" }

    @Test(
        "are upstream's",
        arguments: [
            ("clusterroles", words(clusterRoles) + ofControllers),
            ("clusterrolebindings", words(clusterRoleBindings) + ofControllers),
            ("roles", words(roles)),
            (
                "rolebindings",
                // Of all, this binding alone is not called as its role.
                words(roles).map {
                    $0.replacing("/extension-", with: "/system::extension-")
                }
            ),
        ])
    func names(resource: String, names: [String]) {
        let found = BootstrapPolicy.items.filter { $0.resource == resource }.map {
            $0.namespace.isEmpty ? $0.name : "\($0.namespace)/\($0.name)"
        }
        #expect(found.sorted() == names.sorted())
    }

    @Test("all ServiceAccounts may read bundles of trust, and one may publish the server's own")
    func bundles() throws {
        func item(_ resource: String, _ name: String) throws -> BootstrapPolicy.Item {
            try #require(BootstrapPolicy.items.first { $0.resource == resource && $0.name == name })
        }
        let (group, name) = ("certificates.k8s.io", "system:cluster-trust-bundle-discovery")
        let reading = PolicyRule.list(try item("clusterroles", name).object.member("rules"))
        #expect(
            reading == [
                PolicyRule(verbs: ["get", "list", "watch"], apiGroups: [group], resources: ["clustertrustbundles"])
            ])
        let subjects = try item("clusterrolebindings", name).object.member("subjects")?.array
        #expect(subjects?.compactMap { $0.member("name")?.string } == ["system:serviceaccounts"])
        let publisher = "system:controller:kube-apiserver-serving-clustertrustbundle-publisher"
        let publishing = PolicyRule.list(try item("clusterroles", publisher).object.member("rules"))
        #expect(
            publishing.prefix(2) == [
                PolicyRule(
                    verbs: ["attest"], apiGroups: [group], resources: ["signers"],
                    resourceNames: ["kubernetes.io/kube-apiserver-serving"]),
                PolicyRule(
                    verbs: ["create", "delete", "list", "update", "watch"], apiGroups: [group],
                    resources: ["clustertrustbundles"]),
            ])
    }
}
