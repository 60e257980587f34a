extension Transcript {
    static let pods = Transcript(
        "pods",
        #"""
        > node.yaml
        | apiVersion: v1
        | kind: Node
        | metadata: {name: pods-node, labels: {node-role.kubernetes.io/worker: ""}}
        > event.yaml
        | apiVersion: v1
        | kind: Event
        | metadata: {name: web.1}
        | involvedObject: {apiVersion: v1, kind: Pod, name: web, namespace: pods}
        | reason: Testing
        | message: hello there
        | type: Warning
        | count: 3
        | firstTimestamp: "2020-11-21T20:00:00Z"
        | lastTimestamp: "2020-11-21T20:30:00Z"
        | source: {component: me, host: here}
        > two.yaml
        | apiVersion: v1
        | kind: Pod
        | metadata: {name: two}
        | spec:
        |   containers:
        |   - {name: a, image: x, env: [{name: A, value: "1"}, {name: A, value: "2"}]}
        |   - {name: b, image: x}
        $ kubectl run web --image=nginx --port=80 --labels=app=web --env=A=1
        pod/web created
        $ kubectl run dry --image=nginx --dry-run=server -o jsonpath='{.spec.containers[0].imagePullPolicy} {.spec.tolerations[*].tolerationSeconds} {.status}{"\n"}'
        Always 300 300 {"phase":"Pending","qosClass":"BestEffort"}
        $ kubectl run web --image=nginx
        ! Error from server (AlreadyExists): pods "web" already exists
        [1]
        $ kubectl create -f two.yaml
        pod/two created
        ! Warning: spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply
        $ kubectl get pods -o wide
        NAME   READY   STATUS    RESTARTS   AGE   IP       NODE     NOMINATED NODE   READINESS GATES
        two    0/2     Pending   0          ...   <none>   <none>   <none>           <none>
        web    0/1     Pending   0          ...   <none>   <none>   <none>           <none>
        $ kubectl get pods --field-selector=status.phase=Pending,spec.nodeName= -o name
        pod/two
        pod/web
        $ kubectl describe pod web
        Name: ...web
        Namespace: ...pods
        ...
        Node: ...<none>
        Labels: ...app=web
        ...
        Status: ...Pending
        ...
            Environment:
              A:  1
        ...
        QoS Class: ...BestEffort
        Node-Selectors: ...<none>
        Tolerations: ...node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
                     ...node.kubernetes.io/unreachable:NoExecute op=Exists for 300s
        Events: ...<none>
        $ kubectl logs web
        $ kubectl logs web -c nothing
        ! ...container nothing is not valid for pod web...
        [1]
        $ kubectl exec web -- ls
        ! ...: pod web does not have a host assigned
        [1]
        $ kubectl label pod web tier=front
        pod/web labeled
        $ kubectl set image pod/web web=nginx:2
        pod/web image updated
        $ kubectl patch pod web -p '{"spec":{"dnsPolicy":"None"}}' 2>&1 | head -1
        The Pod "web" is invalid: ...
        $ kubectl create -f event.yaml
        event/web.1 created
        // from 1.26: there was no such command before
        $ kubectl events --for pod/web --types=Warning
        LAST SEEN...TYPE      REASON    OBJECT    MESSAGE
        ... (x3 over ...)...Warning   Testing   Pod/web   hello there
        $ kubectl get events -o wide --field-selector=involvedObject.name=web
        LAST SEEN   TYPE      REASON    OBJECT    SUBOBJECT   SOURCE     MESSAGE       FIRST SEEN   COUNT   NAME
        ...Warning   Testing   pod/web...me, here   hello there...3       web.1
        $ kubectl create -f node.yaml
        node/pods-node created
        $ kubectl get node pods-node
        NAME        STATUS    ROLES    AGE   VERSION
        pods-node   Unknown   worker   ...
        $ kubectl run bound --image=nginx --overrides='{"spec":{"nodeName":"pods-node"}}'
        pod/bound created
        $ kubectl logs bound
        ! Error from server...: no preferred addresses found; known addresses: []
        [1]
        $ kubectl cordon pods-node
        node/pods-node cordoned
        $ kubectl cordon pods-node
        node/pods-node already cordoned
        $ kubectl get node pods-node --no-headers
        pods-node   Unknown,SchedulingDisabled   worker   ...
        $ kubectl drain pods-node 2>/dev/null
        node/pods-node already cordoned
        ...
        [1]
        $ kubectl drain pods-node --force --grace-period=0 --dry-run=server 2>/dev/null
        node/pods-node already cordoned (server dry run)
        ...
        $ kubectl get pods --field-selector=spec.nodeName=pods-node -o name
        pod/bound
        $ kubectl drain pods-node --force --grace-period=0 2>/dev/null
        node/pods-node already cordoned
        ...
        node/pods-node ...ed
        $ kubectl get pods --field-selector=spec.nodeName=pods-node
        ! No resources found in pods namespace.
        $ kubectl uncordon pods-node
        node/pods-node uncordoned
        $ kubectl taint node pods-node a=b:NoSchedule
        node/pods-node tainted
        $ kubectl taint node pods-node a=b:NoSchedule
        ! error: ...node pods-node already has ... taint(s) with same effect(s) and --overwrite is false
        [1]
        $ kubectl describe node pods-node 2>/dev/null | grep -E '^(Roles|Taints|Unsch)'
        Roles: ...worker
        Taints: ...a=b:NoSchedule
        Unschedulable: ...false
        $ kubectl taint node pods-node a:NoSchedule-
        node/pods-node untainted
        $ kubectl delete pod web --grace-period=0 --force
        pod "web" force deleted...
        ! ...mmediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.
        $ kubectl delete node pods-node
        node "pods-node" deleted
        """#)

    static let delete = Transcript(
        "delete",
        #"""
        > held.yaml
        | apiVersion: v1
        | kind: ConfigMap
        | metadata: {name: held, finalizers: [example.org/hold]}
        > owned.sh
        | uid=$(kubectl get configmap owner -o jsonpath='{.metadata.uid}')
        | cat <<END
        | apiVersion: v1
        | kind: ConfigMap
        | metadata:
        |   name: $1
        |   ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: owner, uid: $uid, blockOwnerDeletion: true}]
        | END
        $ kubectl create -f held.yaml
        configmap/held created
        $ kubectl delete configmap held --timeout=1s
        configmap "held" deleted...
        ! ...
        ! error: timed out waiting for the condition on configmaps/held
        [1]
        $ kubectl get configmap held -o jsonpath='{.metadata.deletionTimestamp}{"\n"}'
        ...Z
        $ kubectl patch configmap held --type=merge -p '{"metadata":{"finalizers":null}}'
        configmap/held patched
        $ kubectl get configmap held
        ! Error from server (NotFound): configmaps "held" not found
        [1]
        $ kubectl create configmap owner
        configmap/owner created
        $ sh owned.sh first | kubectl create -f -
        configmap/first created
        $ kubectl delete configmap owner --cascade=orphan
        configmap "owner" deleted...
        $ kubectl get configmap first -o jsonpath='[{.metadata.ownerReferences}]{"\n"}'
        []
        $ kubectl create configmap owner
        configmap/owner created
        $ sh owned.sh second | kubectl create -f -
        configmap/second created
        $ kubectl delete configmap owner --cascade=foreground --timeout=30s
        configmap "owner" deleted...
        $ kubectl get configmap second
        ! Error from server (NotFound): configmaps "second" not found
        [1]
        $ kubectl create configmap owner
        configmap/owner created
        $ sh owned.sh third | kubectl create -f -
        configmap/third created
        $ kubectl delete configmap owner --cascade=background
        configmap "owner" deleted...
        // from 1.24: it failed when there was nothing to wait for
        $ kubectl wait configmap third --for=delete --timeout=30s
        ...
        $ kubectl create configmap a
        configmap/a created
        $ kubectl label configmap a first group=x
        configmap/a labeled
        configmap/first labeled
        $ kubectl delete configmaps -l group=x --dry-run=server
        configmap "a" deleted...(server dry run)...
        configmap "first" deleted...(server dry run)...
        $ kubectl delete configmaps -l group=x
        configmap "a" deleted...
        configmap "first" deleted...
        $ kubectl delete configmap nothing
        ! Error from server (NotFound): configmaps "nothing" not found
        [1]
        $ kubectl delete configmap nothing --ignore-not-found
        $ kubectl delete --raw /api/v1/namespaces/delete/configmaps/nothing
        ! Error from server (NotFound): configmaps "nothing" not found
        [1]
        $ kubectl create -f held.yaml
        configmap/held created
        $ kubectl delete configmaps --field-selector=metadata.name=held --wait=false
        configmap "held" deleted...
        $ kubectl delete namespace kube-system
        ! Error from server (Forbidden): namespaces "kube-system" is forbidden: this namespace may not be deleted
        [1]
        $ kubectl delete namespace delete --wait=false
        namespace "delete" deleted
        $ kubectl create configmap late
        ! ...configmaps "late" is forbidden: unable to create new content in namespace delete because it is being terminated
        [1]
        $ kubectl patch configmap held --type=merge -p '{"metadata":{"finalizers":null}}'
        configmap/held patched
        // from 1.24: as above
        $ kubectl wait namespace delete --for=delete --timeout=30s
        ...
        """#)
}
