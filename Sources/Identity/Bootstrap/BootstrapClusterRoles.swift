extension BootstrapPolicy {
    /// The ClusterRoles that every cluster has. A line that begins at the margin names a role, with the labels
    /// `aggregate-to-…` that it carries (`+edit`) and those that it collects (`*edit`). The lines under it are its rules:
    /// verbs, API group, resources, and after `named` the only objects; or verbs, `url` and paths.
    /// The core group is `core`; `read`, `write` and `all` are `words`.
    static let clusterRoles = """
        cluster-admin
            * * *
            * url *
        admin *admin
        edit *edit +admin
        view *view +edit

        system:aggregate-to-admin +admin
            create authorization.k8s.io localsubjectaccessreviews
            all rbac.authorization.k8s.io roles,rolebindings
        system:aggregate-to-edit +edit
            read core pods/attach,pods/proxy,pods/exec,pods/portforward,secrets,services/proxy
            impersonate core serviceaccounts
            write core pods,pods/attach,pods/proxy,pods/exec,pods/portforward
            create core pods/eviction
            write core configmaps,events,persistentvolumeclaims,replicationcontrollers,replicationcontrollers/scale,\
        secrets,serviceaccounts,services,services/proxy
            create core serviceaccounts/token
            write apps daemonsets,deployments,deployments/rollback,deployments/scale,replicasets,replicasets/scale,\
        statefulsets,statefulsets/scale
            write autoscaling horizontalpodautoscalers
            write batch cronjobs,jobs
            write extensions daemonsets,deployments,deployments/rollback,deployments/scale,ingresses,networkpolicies,\
        replicasets,replicasets/scale,replicationcontrollers/scale
            write policy poddisruptionbudgets
            write networking.k8s.io ingresses,networkpolicies
            all coordination.k8s.io leases
            write resource.k8s.io resourceclaims,resourceclaimtemplates
        system:aggregate-to-view +view
            read core configmaps,endpoints,persistentvolumeclaims,persistentvolumeclaims/status,pods,\
        replicationcontrollers,replicationcontrollers/scale,serviceaccounts,services,services/status
            read core bindings,events,limitranges,namespaces/status,pods/log,pods/status,\
        replicationcontrollers/status,resourcequotas,resourcequotas/status
            read core namespaces
            read discovery.k8s.io endpointslices
            read apps controllerrevisions,daemonsets,daemonsets/status,deployments,deployments/scale,\
        deployments/status,replicasets,replicasets/scale,replicasets/status,statefulsets,statefulsets/scale,\
        statefulsets/status
            read autoscaling horizontalpodautoscalers,horizontalpodautoscalers/status
            read batch cronjobs,cronjobs/status,jobs,jobs/status
            read extensions daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,ingresses,\
        ingresses/status,networkpolicies,replicasets,replicasets/scale,replicasets/status,replicationcontrollers/scale
            read policy poddisruptionbudgets,poddisruptionbudgets/status
            read networking.k8s.io ingresses,ingresses/status,networkpolicies
            read resource.k8s.io resourceclaims,resourceclaims/status,resourceclaimtemplates

        system:discovery
            get url /api,/api/*,/apis,/apis/*,/healthz,/livez,/openapi,/openapi/*,/readyz,/version,/version/
        system:public-info-viewer
            get url /healthz,/livez,/readyz,/version,/version/
        system:basic-user
            create authorization.k8s.io selfsubjectaccessreviews,selfsubjectrulesreviews
            create authentication.k8s.io selfsubjectreviews
        system:monitoring
            get url /healthz,/healthz/*,/livez,/livez/*,/metrics,/metrics/slis,/readyz,/readyz/*
        system:cluster-trust-bundle-discovery
            read certificates.k8s.io clustertrustbundles
        system:service-account-issuer-discovery
            get url /.well-known/openid-configuration,/.well-known/openid-configuration/,/openid/v1/jwks,\
        /openid/v1/jwks/
        system:auth-delegator
            create authentication.k8s.io tokenreviews
            create authorization.k8s.io subjectaccessreviews
        system:heapster
            read core events,namespaces,nodes,pods
            read extensions deployments
        system:kube-aggregator
            read core endpoints,services
        system:kube-dns
            list,watch core endpoints,services
        system:persistent-volume-provisioner
            get,list,watch,create,delete core persistentvolumes
            get,list,watch,update core persistentvolumeclaims
            read storage.k8s.io storageclasses
            watch core events
            create,update,patch core,events.k8s.io events
        system:volume-scheduler
            get,list,watch,update,patch core persistentvolumes
            read storage.k8s.io storageclasses
            get,list,watch,update,patch core persistentvolumeclaims

        system:certificates.k8s.io:certificatesigningrequests:nodeclient
            create certificates.k8s.io certificatesigningrequests/nodeclient
        system:certificates.k8s.io:certificatesigningrequests:selfnodeclient
            create certificates.k8s.io certificatesigningrequests/selfnodeclient
        system:certificates.k8s.io:legacy-unknown-approver
            approve certificates.k8s.io signers named kubernetes.io/legacy-unknown
        system:certificates.k8s.io:kubelet-serving-approver
            approve certificates.k8s.io signers named kubernetes.io/kubelet-serving
        system:certificates.k8s.io:kube-apiserver-client-approver
            approve certificates.k8s.io signers named kubernetes.io/kube-apiserver-client
        system:certificates.k8s.io:kube-apiserver-client-kubelet-approver
            approve certificates.k8s.io signers named kubernetes.io/kube-apiserver-client-kubelet

        system:node
            create authentication.k8s.io tokenreviews
            create authorization.k8s.io localsubjectaccessreviews,subjectaccessreviews
            read core services
            create,get,list,watch core nodes
            update,patch core nodes/status
            update,patch core nodes
            create,update,patch core events
            read core pods
            create,delete core pods
            update,patch core pods/status
            create core pods/eviction
            read core configmaps,secrets
            get core persistentvolumeclaims,persistentvolumes
            get core endpoints
            create,get,list,watch certificates.k8s.io certificatesigningrequests
            get,create,update,patch,delete coordination.k8s.io leases
            get storage.k8s.io volumeattachments
            create core serviceaccounts/token
            get,update,patch core persistentvolumeclaims/status
            read storage.k8s.io csidrivers
            get,create,update,patch,delete storage.k8s.io csinodes
            read node.k8s.io runtimeclasses
            get resource.k8s.io resourceclaims
            deletecollection resource.k8s.io resourceslices
            get core serviceaccounts
        system:node-bootstrapper
            create,get,list,watch certificates.k8s.io certificatesigningrequests
        system:node-problem-detector
            get core nodes
            patch core nodes/status
            create,update,patch core,events.k8s.io events
        system:node-proxier
            list,watch core endpoints,services
            get,list,watch core nodes
            create,update,patch core,events.k8s.io events
            list,watch networking.k8s.io servicecidrs
            list,watch discovery.k8s.io endpointslices
        system:kubelet-api-admin
            read core nodes
            proxy core nodes
            * core nodes/log,nodes/metrics,nodes/proxy,nodes/stats
            * core nodes/configz,nodes/healthz,nodes/pods

        system:kube-controller-manager
            create,update,patch core,events.k8s.io events
            create coordination.k8s.io leases
            get,update coordination.k8s.io leases named kube-controller-manager
            create core secrets,serviceaccounts
            delete core secrets
            get core configmaps,namespaces,secrets,serviceaccounts
            update core secrets,serviceaccounts
            create authentication.k8s.io tokenreviews
            create authorization.k8s.io subjectaccessreviews
            list,watch * *
            create core serviceaccounts/token
        system:kube-scheduler
            create,update,patch core,events.k8s.io events
            create coordination.k8s.io leases
            get,update,list,watch coordination.k8s.io leases named kube-scheduler
            read core nodes
            get,list,watch,delete core pods
            create core bindings,pods/binding
            update,patch core pods/status
            read core replicationcontrollers,services
            read apps,extensions replicasets
            read apps statefulsets
            read policy poddisruptionbudgets
            read core persistentvolumeclaims,persistentvolumes
            create authentication.k8s.io tokenreviews
            create authorization.k8s.io subjectaccessreviews
            read storage.k8s.io csinodes
            read storage.k8s.io volumeattachments
            read core namespaces
            read storage.k8s.io csidrivers
            read storage.k8s.io csistoragecapacities
            read resource.k8s.io deviceclasses
            get,list,watch,update,patch resource.k8s.io resourceclaims
            get,list,watch,update,patch resource.k8s.io resourceclaims/status
            get,list,watch,update,patch core pods/finalizers
            read resource.k8s.io resourceslices
        """

    /// Who holds them: role, then subjects.
    static let clusterRoleBindings = """
        cluster-admin group:system:masters
        system:monitoring group:system:monitoring
        system:discovery group:system:authenticated
        system:basic-user group:system:authenticated
        system:public-info-viewer group:system:authenticated group:system:unauthenticated
        system:cluster-trust-bundle-discovery group:system:serviceaccounts
        system:service-account-issuer-discovery group:system:serviceaccounts
        system:kube-controller-manager user:system:kube-controller-manager
        system:kube-dns serviceaccount:kube-system/kube-dns
        system:kube-scheduler user:system:kube-scheduler
        system:volume-scheduler user:system:kube-scheduler
        system:node-proxier user:system:kube-proxy
        system:node
        """
}
