extension Transcript {
    static let get = Transcript(
        "get",
        #"""
        > maps.yaml
        | apiVersion: v1
        | kind: List
        | items:
        | - {apiVersion: v1, kind: ConfigMap, metadata: {name: b, labels: {tier: front}}, data: {num: "1"}}
        | - {apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {tier: back, app: web}}, data: {num: "2", m: "3"}}
        | - {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}
        $ kubectl create -f maps.yaml
        configmap/b created
        configmap/a created
        configmap/c created
        $ kubectl get configmaps
        NAME               DATA   AGE
        a                  2      ...
        b                  1      ...
        c                  0      ...
        kube-root-ca.crt   1      ...
        $ kubectl get configmap a b --no-headers -o wide
        a...2...
        b...1...
        $ kubectl get configmap a -o yaml
        apiVersion: v1
        data:
          m: "3"
          num: "2"
        kind: ConfigMap
        metadata:
          creationTimestamp: "..."
          labels:
            app: web
            tier: back
        ...
          name: a
          namespace: get
          resourceVersion: "..."
          uid: ...
        $ kubectl get configmap a -o json | grep '"num"'
                "num": "2"
        $ kubectl get configmaps -o name -l tier
        configmap/a
        configmap/b
        $ kubectl get configmaps -o name -l 'tier in (back, middle),app!=other'
        configmap/a
        $ kubectl get configmaps -o name -l '!tier'
        configmap/c
        configmap/kube-root-ca.crt
        $ kubectl get configmaps -l 'tier in'
        ! Error from server (BadRequest): Unable to find "/v1, Resource=configmaps" that match label selector "tier in", field selector "": unable to parse requirement: found '' expected: '('
        [1]
        $ kubectl get configmaps --field-selector=metadata.name=c -o name
        configmap/c
        $ kubectl get pods --field-selector=foo=bar
        ! Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "", field selector "foo=bar": field label not supported: foo
        [1]
        $ kubectl get configmaps --field-selector=data.num=1
        ! Error from server (BadRequest): Unable to find "/v1, Resource=configmaps" that match label selector "", field selector "data.num=1": "data.num" is not a known field selector: only "metadata.name", "metadata.namespace"
        [1]
        $ kubectl get configmaps -l tier --show-labels -L app
        NAME   DATA   AGE   APP   LABELS
        a      2      ...   web   app=web,tier=back
        b      1      ...         tier=front
        $ kubectl get configmaps -l tier --sort-by=.data.num -o custom-columns=NAME:.metadata.name,M:.data.m
        NAME   M
        b      <none>
        a      3
        $ kubectl get configmaps -l tier -o jsonpath='{range .items[*]}{.metadata.name}={.data.num}{"\n"}{end}'
        a=2
        b=1
        $ kubectl get configmap a -o go-template='{{range $k, $v := .data}}{{$k}}{{$v}} {{end}}{{"\n"}}'
        m3 num2 
        $ kubectl get configmaps --chunk-size=1 -o name
        configmap/a
        configmap/b
        configmap/c
        configmap/kube-root-ca.crt
        $ kubectl get configmaps -A -l tier --chunk-size=1
        NAMESPACE   NAME   DATA   AGE
        get         a      2      ...
        get         b      1      ...
        $ kubectl get configmap a nothing
        NAME   DATA   AGE
        a      2      ...
        ! Error from server (NotFound): configmaps "nothing" not found
        [1]
        $ kubectl get configmap/a serviceaccount/default
        NAME          DATA   AGE
        configmap/a   2      ...

        NAME                     AGE
        serviceaccount/default   ...
        $ kubectl get configmap nothing --ignore-not-found
        $ kubectl get configmap nothing
        ! Error from server (NotFound): configmaps "nothing" not found
        [1]
        $ kubectl get configmaps --server-print=false -l app
        NAME   AGE
        a      ...
        $ kubectl get nothing
        ! error: the server doesn't have a resource type "nothing"
        [1]
        $ kubectl get pods
        ! No resources found in get namespace.
        // from 1.21: they were always shown before
        $ kubectl get configmap b -o yaml --show-managed-fields | grep -A2 f:
              f:data:
                .: {}
                f:num: {}
              f:metadata:
                f:labels:
                  .: {}
                  f:tier: {}
            manager: kubectl-create
            operation: Update
        $ kubectl create deployment web --image=x --replicas=2
        deployment.apps/web created
        $ kubectl get all
        NAME                  READY   UP-TO-DATE   AVAILABLE   AGE
        deployment.apps/web   0/2     0            0           ...
        $ kubectl get deployment web -o wide
        NAME   READY   UP-TO-DATE   AVAILABLE   AGE   CONTAINERS   IMAGES   SELECTOR
        web    0/2     0            0           ...   x            x        app=web
        $ kubectl get deployment web -o yaml | tail -1
        status: {}
        // from 1.24: subresources could not be read before
        $ kubectl get deployment web --subresource=scale
        NAME   DESIRED   AVAILABLE   AGE
        web    2         0           ...
        // from 1.24: as above
        $ kubectl get deployment web --subresource=status -o name
        deployment.apps/web
        // from 1.24: as above
        $ kubectl get deployment web --subresource=nothing
        ! Error from server (NotFound): the server could not find the requested resource...
        [1]
        """#)

    static let watch = Transcript(
        "watch",
        #"""
        > lib.sh
        | # Waits until a pattern is in a file.
        | await() { n=0; until grep -q "$1" "$2" 2>/dev/null; do n=$((n+1)); [ $n -lt 600 ] || exit 9; sleep 0.05; done; }
        > table.sh
        | . ./lib.sh
        | kubectl create configmap old >/dev/null
        | kubectl get configmaps -w --output-watch-events --field-selector=metadata.name!=kube-root-ca.crt >table & watcher=$!
        | await old table
        | kubectl create configmap new --from-literal=a=b >/dev/null
        | kubectl label configmap new a=b >/dev/null
        | kubectl delete configmap new >/dev/null
        | await 'DELETED.*new.*s$' table
        | kill $watcher
        | cat table
        > only.sh
        | . ./lib.sh
        | kubectl get configmaps --watch-only -o name -l a=b -v=6 >only 2>only.log & watcher=$!
        | await 'watch=true' only.log
        | kubectl create configmap seen >/dev/null
        | kubectl label configmap seen a=b >/dev/null
        | kubectl label configmap seen a=c --overwrite >/dev/null
        | kubectl label configmap seen a=b --overwrite >/dev/null
        | await seen only
        | kill $watcher
        | sort -u only
        > one.sh
        | . ./lib.sh
        | kubectl get configmap old -w -o jsonpath='{.metadata.labels.step}/{"\n"}' -v=6 >one 2>one.log & watcher=$!
        | await / one
        | await 'watch=true' one.log
        | kubectl label configmap old step=first >/dev/null
        | await first one
        | kill $watcher
        | cat one
        > gone.sh
        | . ./lib.sh
        | kubectl wait configmap old --for=delete --timeout=30s -v=6 >gone 2>gone.log & waiter=$!
        | await 'watch=true' gone.log
        | kubectl delete configmap old >/dev/null
        | wait $waiter && cat gone
        $ sh table.sh
        EVENT      NAME   DATA   AGE
        ADDED      old    0      ...
        ADDED      new    1      ...
        MODIFIED   new    1      ...
        DELETED    new    1      ...
        $ sh only.sh
        configmap/seen
        $ sh one.sh
        /
        first/
        $ sh gone.sh
        configmap/old condition met
        // from 1.24: it failed when there was nothing to wait for
        $ kubectl wait configmap nothing --for=delete --timeout=1s
        $ kubectl wait configmap kube-root-ca.crt --for=delete --timeout=1s
        ! ...
        ! error: timed out waiting for the condition on configmaps/kube-root-ca.crt
        [1]
        // from 1.31: a creation could not be waited for before
        $ kubectl wait configmap kube-root-ca.crt --for=create --timeout=10s
        configmap/kube-root-ca.crt condition met
        """#)

    static let discovery = Transcript(
        "discovery",
        #"""
        $ kubectl api-versions | grep -v example.org
        admissionregistration.k8s.io/v1
        apiextensions.k8s.io/v1
        apiregistration.k8s.io/v1
        apps/v1
        authentication.k8s.io/v1
        authorization.k8s.io/v1
        autoscaling/v1
        autoscaling/v2
        batch/v1
        certificates.k8s.io/v1
        coordination.k8s.io/v1
        discovery.k8s.io/v1
        events.k8s.io/v1
        flowcontrol.apiserver.k8s.io/v1
        networking.k8s.io/v1
        node.k8s.io/v1
        policy/v1
        rbac.authorization.k8s.io/v1
        resource.k8s.io/v1
        scheduling.k8s.io/v1
        storage.k8s.io/v1
        v1
        $ kubectl api-resources --api-group=apps --no-headers
        controllerrevisions...apps/v1   true...ControllerRevision
        daemonsets...ds...apps/v1   true...DaemonSet
        deployments...deploy...apps/v1   true...Deployment
        replicasets...rs...apps/v1   true...ReplicaSet
        statefulsets...sts...apps/v1   true...StatefulSet
        $ kubectl api-resources --namespaced=false --verbs=list -o name --api-group=rbac.authorization.k8s.io
        clusterrolebindings.rbac.authorization.k8s.io
        clusterroles.rbac.authorization.k8s.io
        $ kubectl cluster-info | head -1
        ...Kubernetes control plane...is running at ...https://127.0.0.1:...
        $ kubectl version -o json 2>/dev/null | grep poplin
        ..."gitVersion": "v1.36.0+poplin"...
        $ kubectl get --raw /healthz
        ok...
        $ kubectl get --raw /api/v1/namespaces/discovery/configmaps/nothing
        ! Error from server (NotFound): configmaps "nothing" not found
        [1]
        $ kubectl get --raw /nothing
        ! Error from server (NotFound): the server could not find the requested resource
        [1]
        $ kubectl get --raw /apis/apps
        {"kind":"APIGroup","apiVersion":"v1","name":"apps","versions":[{"groupVersion":"apps/v1","version":"v1"}],"preferredVersion":{"groupVersion":"apps/v1","version":"v1"}}...
        $ kubectl get componentstatuses
        ! Warning: v1 ComponentStatus is deprecated in v1.19+
        ! No resources found
        $ kubectl top nodes
        ! error: Metrics API not available
        [1]
        """#)
}
