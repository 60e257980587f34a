extension Transcript {
    static let create = Transcript(
        "create",
        #"""
        > negative.yaml
        | apiVersion: apps/v1
        | kind: Deployment
        | metadata: {name: negative}
        | spec:
        |   replicas: -1
        |   selector: {matchLabels: {a: b}}
        |   template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: x}]}}
        $ kubectl create deployment web --image=nginx --replicas=2 --port=80
        deployment.apps/web created
        $ kubectl create deployment web --image=nginx
        ! error: failed to create deployment: deployments.apps "web" already exists
        [1]
        $ kubectl create deployment Web --image=nginx
        ! error: failed to create deployment: Deployment.apps "Web" is invalid: metadata.name: Invalid value: "Web": a lowercase RFC 1123 subdomain must consist of...
        [1]
        $ kubectl create deployment lost --image=nginx -n nowhere
        ! error: failed to create deployment: namespaces "nowhere" not found
        [1]
        $ kubectl create -f negative.yaml
        ! The Deployment "negative" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0
        [1]
        $ kubectl create job once --image=busybox -- date
        job.batch/once created
        // from 1.21: before, CronJobs were made in a beta that is no longer served
        $ kubectl create cronjob often --image=busybox --schedule='*/5 * * * *' -- date
        cronjob.batch/often created
        // from 1.21: there is no CronJob before
        $ kubectl create job now --from=cronjob/often
        job.batch/now created
        // from 1.21: as above
        $ kubectl create cronjob bad --image=busybox --schedule='*/5 * * *' -- date
        ! error: failed to create cronjob: CronJob.batch "bad" is invalid: spec.schedule: Invalid value: "*/5 * * *": expected exactly 5 fields, found 4: [*/5 * * *]
        [1]
        $ kubectl create configmap settings --from-literal=color=blue --from-literal=size=big
        configmap/settings created
        $ kubectl create secret generic keys --from-literal=a=b --type=example.org/keys
        secret/keys created
        $ kubectl create secret docker-registry images --docker-username=u --docker-password=p --docker-email=e
        secret/images created
        $ openssl req -x509 -newkey rsa:2048 -nodes -keyout tls.key -out tls.crt -subj /CN=x -days 2 2>/dev/null
        $ kubectl create secret tls certificate --cert=tls.crt --key=tls.key
        secret/certificate created
        $ kubectl get secrets --no-headers
        certificate   kubernetes.io/tls                2     ...
        images        kubernetes.io/dockerconfigjson   1     ...
        keys          example.org/keys                 1     ...
        $ kubectl create serviceaccount robot
        serviceaccount/robot created
        $ kubectl create quota pods --hard=pods=20
        resourcequota/pods created
        $ kubectl create quota effort --hard=cpu=1,pods=2 --scopes=BestEffort
        ! error: failed to create quota: ResourceQuota "effort" is invalid: spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource
        [1]
        $ kubectl create priorityclass create-high --value=1000 --description=hello
        priorityclass.scheduling.k8s.io/create-high created
        $ kubectl create priorityclass create-higher --value=2000000000
        ! error: failed to create ...: PriorityClass.scheduling.k8s.io "create-higher" is invalid: value: Forbidden: maximum allowed value of a user defined priority is 1000000000
        [1]
        // from 1.22: before, budgets were made in a beta that is no longer served
        $ kubectl create poddisruptionbudget half --selector=app=web --max-unavailable=50%
        poddisruptionbudget.policy/half created
        // from 1.22: as above
        $ kubectl create poddisruptionbudget more --selector=app=web --min-available=101%
        ! error: failed to create poddisruptionbudgets: PodDisruptionBudget.policy "more" is invalid: spec.minAvailable: Invalid value: "101%": must not be greater than 100%
        [1]
        $ kubectl create ingress site --rule='example.org/path*=web:8080,tls=certificate' --class=fast
        ingress.networking.k8s.io/site created
        $ kubectl get ingress
        NAME   CLASS   HOSTS         ADDRESS   PORTS     AGE
        site   fast    example.org             80, 443   ...
        $ kubectl create namespace create-other
        namespace/create-other created
        $ kubectl create namespace create-other
        ! Error from server (AlreadyExists): namespaces "create-other" already exists
        [1]
        // from 1.24: TokenRequest has no command before
        $ kubectl create token robot --duration=10m | tr -dc . | wc -c
        2
        // from 1.24: as above
        $ kubectl create token robot --duration=1s
        ! error: failed to create token: TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 1: may not specify a duration less than 10 minutes
        [1]
        // from 1.24: as above
        $ kubectl create token nobody
        ! error: failed to create token: serviceaccounts "nobody" not found
        [1]
        $ kubectl create configmap dry --from-literal=a=b --dry-run=server
        configmap/dry created (server dry run)
        $ kubectl get configmap dry
        ! Error from server (NotFound): configmaps "dry" not found
        [1]
        """#)

    static let services = Transcript(
        "services",
        #"""
        $ kubectl create service clusterip plain --tcp=80:8080
        service/plain created
        $ kubectl create service clusterip headless --clusterip=None
        service/headless created
        $ kubectl create service nodeport door --tcp=80 --node-port=30080
        service/door created
        $ kubectl create service loadbalancer balanced --tcp=80
        service/balanced created
        $ kubectl create service externalname elsewhere --external-name=example.org
        service/elsewhere created
        $ kubectl get services
        NAME...TYPE...CLUSTER-IP...EXTERNAL-IP...PORT(S)...AGE
        balanced...LoadBalancer...10.96...<pending>...80:.../TCP...
        door...NodePort...10.96...<none>...80:30080/TCP...
        elsewhere...ExternalName...<none>...example.org...<none>...
        headless...ClusterIP...None...<none>...<none>...
        plain...ClusterIP...10.96...<none>...80/TCP...
        $ kubectl create service nodeport late --tcp=80 --node-port=30080
        ! error: failed to create NodePort service: Service "late" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated
        [1]
        $ kubectl create service nodeport low --tcp=80 --node-port=80
        ! error: failed to create NodePort service: Service "low" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767
        [1]
        $ kubectl create service clusterip far --tcp=80 --clusterip=1.2.3.4
        ! error: failed to create ClusterIP service: Service "far" is invalid: spec.clusterIPs: Invalid value: ["1.2.3.4"]: failed to allocate IP 1.2.3.4: the provided network does not match the current range
        [1]
        $ kubectl create service clusterip none --tcp=0
        ! error: failed to create ClusterIP service: Service "none" is invalid: [spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive, spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive]
        [1]
        $ kubectl create deployment web --image=nginx --port=80
        deployment.apps/web created
        $ kubectl expose deployment web --port=80 --target-port=8080
        service/web exposed
        $ kubectl expose deployment web --port=80
        ! Error from server (AlreadyExists): services "web" already exists
        [1]
        $ kubectl expose service plain --port=90 --name=again --dry-run=server -o jsonpath='{.spec.selector.app} {.spec.ports[0].targetPort}{"\n"}'
        plain 90
        $ kubectl expose configmap kube-root-ca.crt --port=80
        ! error: cannot expose a ConfigMap...
        [1]
        $ kubectl set selector service plain tier=front
        service/plain selector updated
        $ kubectl patch service plain -p '{"spec":{"ports":[{"port":80,"targetPort":99},{"port":81,"name":"more"}]}}'
        service/plain patched
        $ kubectl get service plain -o jsonpath='{.spec.selector} {.spec.ports[*].port} {.spec.ports[0].targetPort}{"\n"}'
        {"tier":"front"} 80 81 99
        $ kubectl describe service plain 2>/dev/null
        Name: ...
        Namespace: ...
        Labels: ...
        Annotations: ...
        Selector: ...tier=front
        Type: ...ClusterIP
        ...
        Port: ...80-8080  80/TCP
        TargetPort: ...99/TCP
        ...
        $ kubectl get endpoints elsewhere
        ! Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice
        ! Error from server (NotFound): endpoints "elsewhere" not found
        [1]
        $ kubectl delete services --all
        service "balanced" deleted...
        service "door" deleted...
        service "elsewhere" deleted...
        service "headless" deleted...
        service "plain" deleted...
        service "web" deleted...
        """#)

    static let validation = Transcript(
        "validation",
        #"""
        > unknown.yaml
        | apiVersion: v1
        | kind: ConfigMap
        | metadata: {name: unknown}
        | dat: {a: b}
        > wrong.yaml
        | apiVersion: v1
        | kind: ConfigMap
        | metadata: {name: wrong}
        | data: {a: 1}
        > unwise.yaml
        | apiVersion: v1
        | kind: PodTemplate
        | metadata: {name: unwise}
        | template:
        |   metadata: {labels: {a: b}}
        |   spec: {containers: [{name: a, image: x}]}
        | ---
        | apiVersion: apps/v1
        | kind: Deployment
        | metadata: {name: un.wise}
        | spec:
        |   selector: {matchLabels: {a: b}}
        |   template:
        |     metadata: {labels: {a: b}}
        |     spec:
        |       nodeSelector: {beta.kubernetes.io/os: linux}
        |       containers:
        |       - {name: a, image: x, ports: [{containerPort: 80}]}
        |       - {name: b, image: x, ports: [{containerPort: 80}]}
        > headless.yaml
        | apiVersion: v1
        | kind: Service
        | metadata: {name: headless}
        | spec: {clusterIP: None, sessionAffinity: ClientIP, externalName: x, ports: [{port: 80}]}
        // from 1.25: before, kubectl looked for unknown fields itself, and stopped there
        $ kubectl create -f unknown.yaml
        ! Error from server (BadRequest): error when creating "unknown.yaml": ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dat"
        [1]
        // from 1.25: the flag was true or false before
        $ kubectl create --validate=warn -f unknown.yaml
        configmap/unknown created
        ! Warning: unknown field "dat"
        // from 1.25: as above
        $ kubectl replace --validate=ignore -f unknown.yaml
        configmap/unknown replaced
        // until 1.24: it does it with the published schema
        $ kubectl create -f unknown.yaml
        ! error: error validating "unknown.yaml": error validating data: ValidationError(ConfigMap): unknown field "dat" in io.k8s.api.core.v1.ConfigMap; if you choose to ignore these errors, turn validation off with --validate=false
        [1]
        $ kubectl create -f wrong.yaml
        ! Error from server (BadRequest): error when creating "wrong.yaml": ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ....data...of type string
        [1]
        $ kubectl create -f unwise.yaml
        podtemplate/unwise created
        deployment.apps/un.wise created
        ! Warning: metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]
        ! Warning: spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead
        ! Warning: spec.template.spec.containers[1].ports[0]: duplicate port definition with spec.template.spec.containers[0].ports[0]
        $ kubectl label deployment un.wise a=b
        deployment.apps/un.wise labeled
        $ kubectl create -f headless.yaml
        service/headless created
        ! Warning: spec.SessionAffinity is ignored for headless services
        ! Warning: spec.externalName is ignored when spec.type is not "ExternalName"
        $ echo '{"apiVersion":"v1","kind":"Nothing","metadata":{"name":"x"}}' | kubectl create -f -
        ! error: ...no matches for kind "Nothing" in version "v1"
        ! ...
        [1]
        $ echo '{"apiVersion":"v1","metadata":{"name":"x"}}' | kubectl create -f -
        ! error: error validating "STDIN": error validating data: kind not set; if you choose to ignore these errors, turn validation off with --validate=false
        [1]
        $ echo '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"drawn-"}}' | kubectl create -f -
        configmap/drawn-... created
        $ echo '{"metadata":{"name":"raw"}}' | kubectl create --raw /api/v1/namespaces/validation/configmaps -f - | grep -o '"name":"raw"'
        "name":"raw"
        $ echo '{"kind":"ConfigMap","apiVersion":"apps/v1","metadata":{"name":"x"}}' | kubectl create --raw /api/v1/namespaces/validation/configmaps -f -
        ! Error from server (BadRequest): the API version in the data (apps/v1) does not match the expected API version (v1)
        [1]
        $ kubectl create -f - < /dev/null
        ! error: no objects passed to create
        [1]
        """#)
}
