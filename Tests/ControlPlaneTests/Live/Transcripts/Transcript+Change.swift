extension Transcript {
    static let patch = Transcript(
        "patch",
        #"""
        $ kubectl create deployment web --image=x --replicas=2
        deployment.apps/web created
        $ kubectl patch deployment web -p '{"spec":{"replicas":4}}'
        deployment.apps/web patched
        $ kubectl patch deployment web -p '{"spec":{"replicas":4}}'
        deployment.apps/web patched (no change)
        $ kubectl patch deployment web --type=json -p '[{"op":"test","path":"/spec/replicas","value":4},{"op":"replace","path":"/spec/replicas","value":1}]'
        deployment.apps/web patched
        $ kubectl patch deployment web --type=json -p '[{"op":"test","path":"/spec/replicas","value":9}]'
        ! The request is invalid: ...
        [1]
        $ kubectl patch deployment web --type=merge -p '{"metadata":{"labels":{"app":null,"tier":"front"}}}'
        deployment.apps/web patched
        $ kubectl patch deployment web --type=merge -p '{"spec":{"replicas":"x"}}'
        ! Error from server (BadRequest): Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32
        [1]
        $ kubectl patch deployment web -p '{"spec":{"nothing":1}}'
        deployment.apps/web patched (no change)
        ! Warning: unknown field "spec.nothing"
        $ kubectl patch deployment web -p '{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"y"}]}}}}'
        deployment.apps/web patched
        $ kubectl patch deployment web -p '{"spec":{"template":{"spec":{"containers":[{"name":"x","$patch":"delete"}]}}}}'
        deployment.apps/web patched
        $ kubectl get deployment web -o jsonpath='{.metadata.labels} {.spec.replicas} {.spec.template.spec.containers[*].name} {.metadata.generation}{"\n"}'
        {"tier":"front"} 1 side 5
        // from 1.24: the path of a subresource could not be given before
        $ kubectl patch deployment web --subresource=scale --type=merge -p '{"spec":{"replicas":3}}'
        scale.autoscaling/web patched
        // from 1.24: as above
        $ kubectl patch deployment web --subresource=status --type=merge -p '{"status":{"replicas":3,"readyReplicas":2,"updatedReplicas":3,"availableReplicas":1}}'
        deployment.apps/web patched
        // from 1.24: as above
        $ kubectl get deployment web
        NAME   READY   UP-TO-DATE   AVAILABLE   AGE
        web    2/3     3            1           ...
        $ kubectl patch deployment web -p '{"spec":{"selector":{"matchLabels":{"a":"b"}}}}'
        ! The Deployment "web" is invalid: 
        ! * spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`
        ! * spec.selector: Invalid value: {"matchLabels":{"a":"b","app":"web"}}: field is immutable
        [1]
        $ kubectl patch configmap nothing -p '{}'
        ! Error from server (NotFound): configmaps "nothing" not found
        [1]
        $ kubectl patch nothing x -p '{}'
        ! error: the server doesn't have a resource type "nothing"
        [1]
        """#)

    static let change = Transcript(
        "change",
        #"""
        > map.yaml
        | apiVersion: v1
        | kind: ConfigMap
        | metadata: {name: map}
        | data: {color: red}
        > lost.yaml
        | apiVersion: v1
        | kind: ConfigMap
        | metadata: {name: lost}
        $ kubectl create configmap map --from-literal=color=blue
        configmap/map created
        $ EDITOR='sed -i s/blue/green/' kubectl edit configmap map
        configmap/map edited
        $ EDITOR='sed -i s/nothing/x/' kubectl edit configmap map
        ! Edit cancelled, no changes made.
        $ kubectl get configmap map -o jsonpath='{.data.color}{"\n"}'
        green
        $ kubectl replace -f map.yaml
        configmap/map replaced
        $ kubectl replace -f lost.yaml
        ! Error from server (NotFound): error when replacing "lost.yaml": configmaps "lost" not found
        [1]
        $ kubectl replace --force -f map.yaml
        configmap "map" deleted...
        configmap/map replaced
        $ kubectl label configmap map tier=front
        configmap/map labeled
        $ kubectl label configmap map tier=back
        ! error: 'tier' already has a value (front), and --overwrite is false
        [1]
        $ kubectl label configmap map tier=back --overwrite
        configmap/map labeled
        $ kubectl label configmap map --list
        tier=back
        $ kubectl label --resource-version=1 configmap map a=b
        ! Error from server (Conflict): Operation cannot be fulfilled on configmaps "map": the object has been modified; please apply your changes to the latest version and try again
        [1]
        $ kubectl label configmap map tier- | sed s/unlabeled/labeled/
        configmap/map labeled
        $ kubectl label configmaps --all all=yes --dry-run=server
        configmap/kube-root-ca.crt labeled...
        configmap/map labeled...
        $ kubectl annotate configmap map note='two words'
        configmap/map annotated
        $ kubectl annotate configmap map note=other
        ! error: --overwrite is false but found the following declared annotation(s): 'note' already has a value (two words)
        [1]
        $ kubectl annotate configmap map note-
        configmap/map annotated
        $ kubectl get configmap map -o jsonpath='[{.metadata.annotations}{.metadata.labels}]{"\n"}'
        []
        $ kubectl create deployment web --image=x
        deployment.apps/web created
        $ kubectl scale deployment web --replicas=2
        deployment.apps/web scaled
        $ kubectl scale deployment web --replicas=5 --current-replicas=1
        ! error: Expected replicas to be 1, was 2
        [1]
        $ kubectl scale configmap map --replicas=1
        ! Error from server (NotFound): the server could not find the requested resource...
        [1]
        $ kubectl autoscale deployment web --min=1 --max=3 --cpu-percent=50
        horizontalpodautoscaler.autoscaling/web autoscaled
        ...
        $ kubectl get horizontalpodautoscalers
        NAME   REFERENCE        TARGETS              MINPODS   MAXPODS   REPLICAS   AGE
        web    Deployment/web   cpu: <unknown>/50%   1         3         0          ...
        """#)

    static let rollout = Transcript(
        "rollout",
        #"""
        $ kubectl create deployment web --image=x:1
        deployment.apps/web created
        // An API server alone makes no ReplicaSets: nothing is rolled out, and there is no history to go back to.
        $ kubectl rollout status deployment web --timeout=5s
        Waiting for deployment spec update to be observed...
        ! error: timed out waiting for the condition
        [1]
        $ kubectl rollout history deployment web
        deployment.apps/web 
        No rollout history found.
        $ kubectl rollout undo deployment web
        ! error: no rollout history found for deployment "web"
        [1]
        $ kubectl rollout restart deployment web
        deployment.apps/web restarted
        $ kubectl rollout pause deployment web
        deployment.apps/web paused
        $ kubectl rollout pause deployment web
        ! error: deployments.apps "web" is already paused
        [1]
        $ kubectl rollout resume deployment web
        deployment.apps/web resumed
        $ kubectl set image deployment web x=x:2
        deployment.apps/web image updated
        $ kubectl set image deployment web nothing=x:2
        ! error: unable to find container named "nothing"
        [1]
        $ kubectl set env deployment web A=1 B=2
        deployment.apps/web env updated
        $ kubectl set env deployment web A-
        deployment.apps/web env updated
        $ kubectl set env deployment web --list
        # Deployment web, container x
        B=2
        $ kubectl set resources deployment web --limits=cpu=200m,memory=512Mi
        deployment.apps/web resource requirements updated
        $ kubectl set resources deployment web --limits=cpu=200m --requests=cpu=300m
        ! error: failed to patch resources update to pod template Deployment.apps "web" is invalid: spec.template.spec.containers[0].resources.requests: Invalid value: "300m": must be less than or equal to cpu limit of 200m
        [1]
        $ kubectl set serviceaccount deployment web robot
        deployment.apps/web serviceaccount updated
        $ kubectl get deployment web -o jsonpath='{.spec.template.spec.containers[0].image} {.spec.template.spec.serviceAccountName} {.spec.template.metadata.annotations}{"\n"}'
        x:2 robot {"kubectl.kubernetes.io/restartedAt":"..."}
        $ kubectl wait deployment web --for=condition=Available --timeout=1s
        ! error: timed out waiting for the condition on deployments/web
        [1]
        // from 1.23: paths could not be waited for before
        $ kubectl wait deployment web --for=jsonpath='{.spec.replicas}'=1 --timeout=20s
        deployment.apps/web condition met
        $ kubectl wait pod nothing --for=condition=Ready --timeout=1s
        ! Error from server (NotFound): pods "nothing" not found
        [1]
        """#)
}
