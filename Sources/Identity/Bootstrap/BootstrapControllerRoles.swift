extension BootstrapPolicy {
    /// The ClusterRoles `system:controller:NAME`, each bound to the ServiceAccount `kube-system/NAME`: what each of
    /// upstream's controllers may do. Lines as in `clusterRoles`; `events` is to write events.
    static let controllerRoles = """
        attachdetach-controller
            list,watch core persistentvolumeclaims,persistentvolumes
            read core nodes
            update,patch core nodes/status
            list,watch core pods
            events
            get,create,delete,list,watch storage.k8s.io volumeattachments
            read storage.k8s.io csidrivers
            read storage.k8s.io csinodes
        certificate-controller
            get,list,watch,delete certificates.k8s.io certificatesigningrequests
            update certificates.k8s.io certificatesigningrequests/approval,certificatesigningrequests/status
            approve certificates.k8s.io signers named kubernetes.io/kube-apiserver-client-kubelet
            sign certificates.k8s.io signers named kubernetes.io/kube-apiserver-client,\
        kubernetes.io/kube-apiserver-client-kubelet,kubernetes.io/kubelet-serving,kubernetes.io/legacy-unknown
            create authorization.k8s.io subjectaccessreviews
            events
        clusterrole-aggregation-controller
            escalate,get,list,watch,update,patch rbac.authorization.k8s.io clusterroles
        cronjob-controller
            get,list,watch,update batch cronjobs
            get,list,watch,create,update,delete,patch batch jobs
            update batch cronjobs/status
            update batch cronjobs/finalizers
            list,watch,delete core pods
            events
        daemon-set-controller
            read apps,extensions daemonsets
            update apps,extensions daemonsets/status
            update apps,extensions daemonsets/finalizers
            list,watch core nodes
            list,watch,create,delete,patch core pods
            create core pods/binding
            get,list,watch,create,delete,update,patch apps controllerrevisions
            events
        deployment-controller
            get,list,watch,update apps,extensions deployments
            update apps,extensions deployments/status
            update apps,extensions deployments/finalizers
            get,list,watch,create,update,patch,delete apps,extensions replicasets
            get,list,watch,update core pods
            events
        device-taint-eviction-controller
            get,list,watch,delete core pods
            update,patch core pods/status
            read resource.k8s.io resourceclaims
            read resource.k8s.io resourceslices
            read resource.k8s.io deviceclasses
            events
        disruption-controller
            read apps,extensions deployments
            read apps,extensions replicasets
            read core replicationcontrollers
            read policy poddisruptionbudgets
            read apps statefulsets
            update policy poddisruptionbudgets/status
            update,patch core pods/status
            get * */scale
            events
        endpoint-controller
            read core pods,services
            get,list,watch,create,update,delete core endpoints
            create core endpoints/restricted
            events
        endpointslice-controller
            read core nodes,pods,services
            update core services/finalizers
            get,list,watch,create,update,delete discovery.k8s.io endpointslices
            events
        endpointslicemirroring-controller
            read core endpoints,services
            update core services/finalizers
            update core endpoints/finalizers
            get,list,watch,create,update,delete discovery.k8s.io endpointslices
            events
        ephemeral-volume-controller
            read core pods
            update core pods/finalizers
            get,list,watch,create core persistentvolumeclaims
            events
        expand-controller
            get,list,watch,update,patch core persistentvolumes
            update,patch core persistentvolumeclaims/status
            read core persistentvolumeclaims
            events
        generic-garbage-collector
            get,list,watch,patch,update,delete * *
            events
        horizontal-pod-autoscaler
            read autoscaling horizontalpodautoscalers
            update autoscaling horizontalpodautoscalers/status
            get,update * */scale
            list,watch core pods
            list,watch metrics.k8s.io pods
            read custom.metrics.k8s.io *
            read external.metrics.k8s.io *
            events
        job-controller
            get,list,watch,update,patch batch jobs
            update batch jobs/status
            update batch jobs/finalizers
            list,watch,create,delete,patch core pods
            events
        kube-apiserver-serving-clustertrustbundle-publisher
            attest certificates.k8s.io signers named kubernetes.io/kube-apiserver-serving
            create,delete,list,update,watch certificates.k8s.io clustertrustbundles
            events
        legacy-service-account-token-cleaner
            get core configmaps named kube-apiserver-legacy-service-account-token-tracking
            delete,patch core secrets
        namespace-controller
            get,list,watch,delete core namespaces
            update core namespaces/finalize,namespaces/status
            get,list,watch,delete,deletecollection * *
        node-controller
            get,list,watch,update,delete,patch core nodes
            update,patch core nodes/status
            update,patch core pods/status
            get,list,watch,delete core pods
            read coordination.k8s.io leases
            events
        persistent-volume-binder
            get,list,watch,update,create,delete core persistentvolumes
            update core persistentvolumes/status
            get,list,watch,update core persistentvolumeclaims
            update core persistentvolumeclaims/status
            get,list,watch,create,delete core pods
            read storage.k8s.io storageclasses
            list,watch core nodes
            events
            watch core events
        pod-garbage-collector
            list,watch,delete core pods
            read core nodes
            patch core pods/status
        pv-protection-controller
            get,list,watch,update core persistentvolumes
            events
        pvc-protection-controller
            get,list,watch,update core persistentvolumeclaims
            update core persistentvolumeclaims/status
            read core pods
            events
        replicaset-controller
            get,list,watch,update apps,extensions replicasets
            update apps,extensions replicasets/status
            update apps,extensions replicasets/finalizers
            list,watch,patch,create,delete core pods
            events
        replication-controller
            get,list,watch,update core replicationcontrollers
            update core replicationcontrollers/status
            update core replicationcontrollers/finalizers
            list,watch,patch,create,delete core pods
            events
        resource-claim-controller
            read core pods
            update core pods/finalizers
            get,list,watch,create,delete resource.k8s.io resourceclaims
            update,patch resource.k8s.io resourceclaims,resourceclaims/status
            update,patch core pods/status
            events
            update,patch resource.k8s.io resourceclaims/binding
        resourcequota-controller
            list,watch * *
            update core resourcequotas/status
            events
        root-ca-cert-publisher
            create,update core configmaps
            events
        route-controller
            list,watch core nodes
            patch core nodes/status
            events
        selinux-warning-controller
            events
            read core persistentvolumes
            read core persistentvolumeclaims
            read core pods
            read storage.k8s.io csidrivers
        service-account-controller
            create core serviceaccounts
            events
        service-cidrs-controller
            get,list,watch,update,patch networking.k8s.io servicecidrs
            update,patch networking.k8s.io servicecidrs/finalizers
            update,patch networking.k8s.io servicecidrs/status
            read networking.k8s.io ipaddresses
            events
        service-controller
            read core services
            update,patch core services/status
            list,watch core nodes
            events
        statefulset-controller
            list,watch core pods
            read apps statefulsets
            update apps statefulsets/status
            update apps statefulsets/finalizers
            get,create,delete,update,patch core pods
            get,create,delete,update,patch,list,watch apps controllerrevisions
            get,list,watch,create core persistentvolumeclaims
            update,delete core persistentvolumeclaims
            update core pods/finalizers
            events
        ttl-after-finished-controller
            get,list,watch,delete batch jobs
            events
        ttl-controller
            update,patch,list,watch core nodes
            events
        validatingadmissionpolicy-status-controller
            read admissionregistration.k8s.io validatingadmissionpolicies
            get,update,patch admissionregistration.k8s.io validatingadmissionpolicies/status
            events
        volumeattributesclass-protection-controller
            read core persistentvolumeclaims
            read core persistentvolumes
            get,list,watch,update storage.k8s.io volumeattributesclasses
            events
        """

    /// Roles in a namespace: `NAMESPACE/NAME`, then rules as above.
    static let namespacedRoles = """
        kube-system/extension-apiserver-authentication-reader
            read core configmaps named extension-apiserver-authentication
        kube-system/system::leader-locking-kube-controller-manager
            get,watch,list,create,update coordination.k8s.io leases
            get,watch,list,create,update coordination.k8s.io leasecandidates
        kube-system/system::leader-locking-kube-scheduler
            get,watch,list,create,update coordination.k8s.io leases
            get,watch,list,create,update coordination.k8s.io leasecandidates
        kube-system/system:controller:bootstrap-signer
            read core secrets
        kube-system/system:controller:cloud-provider
            get,list,watch,create core configmaps
        kube-system/system:controller:token-cleaner
            get,list,watch,delete core secrets
            events
        kube-public/system:controller:bootstrap-signer
            read core configmaps
            update core configmaps named cluster-info
            events
        """

    /// `NAMESPACE/NAME`, the role's name, subjects.
    static let namespacedRoleBindings = """
        kube-system/system::extension-apiserver-authentication-reader extension-apiserver-authentication-reader \
        user:system:kube-controller-manager user:system:kube-scheduler
        kube-system/system::leader-locking-kube-controller-manager system::leader-locking-kube-controller-manager \
        user:system:kube-controller-manager serviceaccount:kube-system/kube-controller-manager \
        serviceaccount:kube-system/leader-election-controller
        kube-system/system::leader-locking-kube-scheduler system::leader-locking-kube-scheduler \
        user:system:kube-scheduler serviceaccount:kube-system/kube-scheduler
        kube-system/system:controller:bootstrap-signer system:controller:bootstrap-signer \
        serviceaccount:kube-system/bootstrap-signer
        kube-system/system:controller:cloud-provider system:controller:cloud-provider \
        serviceaccount:kube-system/cloud-provider
        kube-system/system:controller:token-cleaner system:controller:token-cleaner \
        serviceaccount:kube-system/token-cleaner
        kube-public/system:controller:bootstrap-signer system:controller:bootstrap-signer \
        serviceaccount:kube-system/bootstrap-signer
        """
}
