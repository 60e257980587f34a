extension Transcript {
    static let access = Transcript(
        "access",
        #"""
        > reconciled.yaml
        | apiVersion: rbac.authorization.k8s.io/v1
        | kind: Role
        | metadata: {name: reader, namespace: access}
        | rules: [{apiGroups: [""], resources: [pods, secrets], verbs: [get]}]
        | ---
        | apiVersion: rbac.authorization.k8s.io/v1
        | kind: RoleBinding
        | metadata: {name: reading, namespace: access}
        | roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
        | subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: access-carol}]
        $ kubectl create role reader --verb=get --resource=pods
        role.rbac.authorization.k8s.io/reader created
        $ kubectl create rolebinding bobs --role=reader --user=access-bob --serviceaccount=access:default
        rolebinding.rbac.authorization.k8s.io/bobs created
        $ kubectl create clusterrole access-logs --verb=get --non-resource-url=/logs/*
        clusterrole.rbac.authorization.k8s.io/access-logs created
        $ kubectl create clusterrole access-sum --aggregation-rule=access.example.org/sum=yes
        clusterrole.rbac.authorization.k8s.io/access-sum created
        $ kubectl create clusterrolebinding access-logs --clusterrole=access-logs --user=access-bob
        clusterrolebinding.rbac.authorization.k8s.io/access-logs created
        $ kubectl get rolebindings -o wide
        NAME   ROLE          AGE   USERS        GROUPS   SERVICEACCOUNTS
        bobs   Role/reader   ...   access-bob            access/default
        $ kubectl auth can-i get pods
        yes
        $ kubectl auth can-i '*' '*'
        yes
        $ kubectl auth can-i get pods --as=access-bob
        yes
        $ kubectl auth can-i delete pods --as=access-bob
        no
        [1]
        $ kubectl auth can-i get pods --as=access-alice -q
        [1]
        $ kubectl auth can-i get /logs/today --as=access-bob
        yes
        $ kubectl auth can-i --list --as=access-bob
        Resources...Non-Resource URLs...Resource Names...Verbs
        selfsubjectreviews.authentication.k8s.io...[create]
        ...
                  ...[/logs/*]...[get]
        ...
        pods...[]...[]...[get]
        $ kubectl get secrets --as=access-bob
        ! Error from server (Forbidden): secrets is forbidden: User "access-bob" cannot list resource "secrets" in API group "" in the namespace "access"
        [1]
        $ kubectl get pods nothing --as=access-bob
        ! Error from server (NotFound): pods "nothing" not found
        [1]
        $ kubectl create rolebinding mine --clusterrole=admin --user=access-bob --as=access-bob
        ! error: failed to create rolebinding: rolebindings.rbac.authorization.k8s.io is forbidden: User "access-bob" cannot create resource "rolebindings" in API group "rbac.authorization.k8s.io" in the namespace "access"
        [1]
        $ kubectl auth reconcile -f reconciled.yaml
        role.rbac.authorization.k8s.io/reader reconciled
        rolebinding.rbac.authorization.k8s.io/reading reconciled
        ! 	reconciliation required update
        ! 	missing rules added:
        ! 		{Verbs:[get] APIGroups:[] Resources:[secrets] ResourceNames:[] NonResourceURLs:[]}
        ! ...
        $ kubectl auth reconcile -f reconciled.yaml
        role.rbac.authorization.k8s.io/reader reconciled
        rolebinding.rbac.authorization.k8s.io/reading reconciled
        $ kubectl auth can-i get secrets --as=access-carol
        yes
        $ kubectl set subject rolebinding reading --user=access-dave
        rolebinding.rbac.authorization.k8s.io/reading subjects updated
        $ kubectl describe role reader
        Name:         reader
        Labels:       <none>
        Annotations:  <none>
        PolicyRule:
          Resources  Non-Resource URLs  Resource Names  Verbs
          ---------  -----------------  --------------  -----
          pods       []                 []              [get]
          secrets    []                 []              [get]
        // from 1.28: there was no such command before
        $ kubectl auth whoami
        ATTRIBUTE...VALUE
        Username...kubernetes-admin
        Groups...[system:masters system:authenticated]
        ...
        // from 1.28: as above
        $ kubectl auth whoami --as=access-bob --as-group=crew
        ATTRIBUTE   VALUE
        Username    access-bob
        Groups      [crew system:authenticated]
        // from 1.24: TokenRequest has no command before
        $ kubectl get pods --token="$(kubectl create token default)" --server="$URL" --certificate-authority="$PKI/ca.crt" --kubeconfig=/dev/null -n access
        ! Error from server (Forbidden): pods is forbidden: User "system:serviceaccount:access:default" cannot list resource "pods" in API group "" in the namespace "access"
        [1]
        """#)

    static let certificates = Transcript(
        "certificates",
        #"""
        > request.sh
        | openssl req -new -newkey rsa:2048 -nodes -keyout key -subj "/CN=$1/O=crew" -out csr 2>/dev/null
        | cat <<END
        | apiVersion: certificates.k8s.io/v1
        | kind: CertificateSigningRequest
        | metadata: {name: $1}
        | spec:
        |   request: $(base64 -w0 csr)
        |   signerName: kubernetes.io/kube-apiserver-client
        |   usages: [client auth]
        | END
        $ sh request.sh certificates-ann | kubectl create -f -
        certificatesigningrequest.certificates.k8s.io/certificates-ann created
        $ kubectl get csr certificates-ann
        NAME               AGE   SIGNERNAME                            REQUESTOR          REQUESTEDDURATION   CONDITION
        certificates-ann   ...   kubernetes.io/kube-apiserver-client   kubernetes-admin   <none>              Pending
        $ kubectl certificate approve certificates-ann
        certificatesigningrequest.certificates.k8s.io/certificates-ann approved
        $ kubectl get csr certificates-ann --no-headers
        certificates-ann   ...   kubernetes.io/kube-apiserver-client   kubernetes-admin   <none>   Approved...
        $ kubectl certificate deny certificates-ann
        ! error: certificate signing request "certificates-ann" is already Approved
        [1]
        $ sh request.sh certificates-eve | kubectl create -f -
        certificatesigningrequest.certificates.k8s.io/certificates-eve created
        $ kubectl certificate deny certificates-eve
        certificatesigningrequest.certificates.k8s.io/certificates-eve denied
        $ kubectl describe csr certificates-eve | grep -E '^(Status|Requesting| +Common)'
        Requesting User: ...kubernetes-admin
        Status: ...Denied
        ...Common Name: ...certificates-eve
        $ kubectl certificate approve certificates-nobody
        ! Error from server (NotFound): certificatesigningrequests.certificates.k8s.io "certificates-nobody" not found
        [1]
        """#)
}
