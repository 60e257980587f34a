extension Transcript {
    static let apply = Transcript(
        "apply",
        #"""
        > one.yaml
        | apiVersion: apps/v1
        | kind: Deployment
        | metadata: {name: web, labels: {set: a}}
        | spec:
        |   replicas: 2
        |   selector: {matchLabels: {app: web}}
        |   template:
        |     metadata: {labels: {app: web}}
        |     spec:
        |       containers:
        |       - {name: main, image: "x:1", env: [{name: A, value: "1"}, {name: B, value: "2"}], ports: [{containerPort: 80}]}
        |       - {name: side, image: "y:1"}
        > two.yaml
        | apiVersion: apps/v1
        | kind: Deployment
        | metadata: {name: web, labels: {set: a}}
        | spec:
        |   selector: {matchLabels: {app: web}}
        |   template:
        |     metadata: {labels: {app: web}}
        |     spec:
        |       containers:
        |       - {name: main, image: "x:2", env: [{name: A, value: "1"}], ports: [{containerPort: 80}]}
        > pruned.yaml
        | apiVersion: v1
        | kind: ConfigMap
        | metadata: {name: first, labels: {group: pruned}}
        | ---
        | apiVersion: v1
        | kind: ConfigMap
        | metadata: {name: second, labels: {group: pruned}}
        > kept.yaml
        | apiVersion: v1
        | kind: ConfigMap
        | metadata: {name: first, labels: {group: pruned}}
        > immutable.yaml
        | apiVersion: apps/v1
        | kind: Deployment
        | metadata: {name: web}
        | spec:
        |   selector: {matchLabels: {app: other}}
        |   template:
        |     metadata: {labels: {app: other}}
        |     spec: {containers: [{name: main, image: x}]}
        $ kubectl apply -f one.yaml
        deployment.apps/web created
        $ kubectl apply -f one.yaml
        deployment.apps/web unchanged
        $ kubectl diff -f one.yaml
        $ kubectl diff -f two.yaml | grep -E '^[-+] .*(image|name|replicas): [^{]'
        -  replicas: 2
        +  replicas: 1
        -        - name: B
        -        image: x:1
        +        image: x:2
        -      - image: y:1
        -        name: side
        $ kubectl apply -f two.yaml
        deployment.apps/web configured
        $ kubectl get deployment web -o jsonpath='{.spec.replicas} {.spec.template.spec.containers[*].name} {.spec.template.spec.containers[0].env}{"\n"}'
        1 main [{"name":"A","value":"1"}]
        $ kubectl apply view-last-applied deployment web | grep image
                image: x:2
        $ kubectl apply -f immutable.yaml
        ! The Deployment "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable
        [1]
        $ kubectl apply -f one.yaml --dry-run=server
        deployment.apps/web configured (server dry run)
        $ kubectl get deployment web -o jsonpath='{.spec.template.spec.containers[*].image}{"\n"}'
        x:2
        $ kubectl apply -f pruned.yaml
        configmap/first created
        configmap/second created
        // until 1.25: the list had another name
        $ kubectl apply -f kept.yaml --prune -l group=pruned --prune-whitelist=core/v1/ConfigMap
        configmap/first unchanged
        configmap/second pruned
        // from 1.26: the list had another name before
        $ kubectl apply -f kept.yaml --prune -l group=pruned --prune-allowlist=core/v1/ConfigMap
        configmap/first unchanged
        configmap/second pruned
        $ kubectl get configmaps -l group=pruned -o name
        configmap/first
        """#)

    static let serverSide = Transcript(
        "server-side",
        #"""
        > one.yaml
        | apiVersion: v1
        | kind: Service
        | metadata: {name: web}
        | spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}, {port: 81, name: more}]}
        > two.yaml
        | apiVersion: v1
        | kind: Service
        | metadata: {name: web}
        | spec: {ports: [{port: 80, targetPort: 9090}]}
        > less.yaml
        | apiVersion: v1
        | kind: Service
        | metadata: {name: web}
        | spec: {selector: {app: web}, ports: [{port: 81, name: more}]}
        > nobody.yaml
        | apiVersion: v1
        | kind: ConfigMap
        | metadata: {name: nobody}
        | data: {a: 1}
        $ kubectl apply --server-side --field-manager=one -f one.yaml
        ! The Service "web" is invalid: spec.ports[0].name: Required value
        [1]
        $ sed -i 's/port: 80,/port: 80, name: main,/' one.yaml two.yaml
        $ kubectl apply --server-side --field-manager=one -f one.yaml
        service/web serverside-applied
        $ kubectl apply --server-side --field-manager=two -f two.yaml
        ! error: Apply failed with 1 conflict: conflict with "one": .spec.ports[port=80,protocol="TCP"].targetPort
        ! Please review the fields above--they currently have other managers. Here
        ! ...
        [1]
        $ kubectl apply --server-side --field-manager=two -f two.yaml --force-conflicts --dry-run=server
        service/web serverside-applied (server dry run)
        $ kubectl apply --server-side --field-manager=two -f two.yaml --force-conflicts
        service/web serverside-applied
        $ kubectl get service web -o jsonpath='{.spec.ports[*].targetPort}{"\n"}{range .metadata.managedFields[*]}{.manager} {.operation}{"\n"}{end}'
        9090 81
        one Apply
        two Apply
        $ kubectl apply --server-side --field-manager=one -f less.yaml
        service/web serverside-applied
        $ kubectl apply --server-side --field-manager=two -f less.yaml
        service/web serverside-applied
        $ kubectl get service web -o jsonpath='{.spec.ports[*].port}{"\n"}'
        81
        // from 1.22: diff took no manager before
        $ kubectl diff --server-side --field-manager=two --force-conflicts -f two.yaml | grep '^[-+] '
        +  - name: main
        +    port: 80
        +    protocol: TCP
        +    targetPort: 9090
        // from 1.24: the path of a subresource could not be given before
        $ kubectl patch deployment none --subresource=scale --type=merge -p '{"spec":{"replicas":1}}'
        ! Error from server (NotFound): deployments.apps "none" not found
        [1]
        $ kubectl create deployment scaled --image=x
        deployment.apps/scaled created
        $ kubectl scale deployment scaled --replicas=3
        deployment.apps/scaled scaled
        $ kubectl get deployment scaled -o jsonpath='{.metadata.managedFields[?(@.subresource=="scale")].fieldsV1}{"\n"}'
        {"f:spec":{"f:replicas":{}}}
        """#)

    static let customResources = Transcript(
        "custom",
        #"""
        > crd.yaml
        | apiVersion: apiextensions.k8s.io/v1
        | kind: CustomResourceDefinition
        | metadata: {name: widgets.custom.example.org}
        | spec:
        |   group: custom.example.org
        |   scope: Namespaced
        |   names: {plural: widgets, kind: Widget, shortNames: [wg]}
        |   versions:
        |   - name: v1
        |     served: true
        |     storage: true
        |     subresources:
        |       status: {}
        |       scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}
        |     additionalPrinterColumns:
        |     - {name: Size, type: integer, jsonPath: .spec.size}
        |     - {name: Color, type: string, jsonPath: .spec.color, priority: 1}
        |     - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
        |     schema:
        |       openAPIV3Schema:
        |         type: object
        |         description: A widget of the example.
        |         properties:
        |           spec:
        |             type: object
        |             required: [size]
        |             properties:
        |               size: {type: integer, minimum: 1, description: How big it is.}
        |               color: {type: string, default: red, enum: [red, blue]}
        |               replicas: {type: integer}
        |           status: {type: object, properties: {replicas: {type: integer}}}
        |   - name: v1beta1
        |     served: true
        |     storage: false
        |     deprecated: true
        |     schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        > widget.yaml
        | apiVersion: custom.example.org/v1
        | kind: Widget
        | metadata: {name: w}
        | spec: {size: 3}
        > wrong.yaml
        | apiVersion: custom.example.org/v1
        | kind: Widget
        | metadata: {name: wrong}
        | spec: {size: 0, color: green}
        $ kubectl apply -f crd.yaml
        customresourcedefinition.apiextensions.k8s.io/widgets.custom.example.org created
        $ kubectl wait --for=condition=Established crd/widgets.custom.example.org --timeout=20s
        customresourcedefinition.apiextensions.k8s.io/widgets.custom.example.org condition met
        $ kubectl apply -f widget.yaml
        widget.custom.example.org/w created
        $ kubectl apply -f widget.yaml
        widget.custom.example.org/w unchanged
        $ kubectl apply --server-side -f widget.yaml --force-conflicts
        widget.custom.example.org/w serverside-applied
        $ kubectl create -f wrong.yaml --validate=false
        ! The Widget "wrong" is invalid: 
        ! * spec.color: Unsupported value: "green": supported values: "red", "blue"
        ! * spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1
        [1]
        $ kubectl get wg -o wide
        NAME   SIZE   COLOR   AGE
        w      3      red     ...
        $ kubectl get widgets.v1beta1.custom.example.org w -o jsonpath='{.apiVersion} {.spec.color}{"\n"}'
        custom.example.org/v1beta1 red
        ! Warning: custom.example.org/v1beta1 Widget is deprecated
        $ kubectl patch wg w --type=merge -p '{"spec":{"size":5}}'
        widget.custom.example.org/w patched
        $ kubectl patch wg w -p '{"spec":{"size":6}}'
        ! ...the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml
        [1]
        $ kubectl scale wg w --replicas=4
        widget.custom.example.org/w scaled
        // from 1.24: the path of a subresource could not be given before
        $ kubectl patch wg w --subresource=status --type=merge -p '{"spec":{"size":9},"status":{"replicas":2}}'
        widget.custom.example.org/w patched
        // from 1.24: as above
        $ kubectl get wg w --subresource=scale
        NAME   DESIRED   AVAILABLE   AGE
        w      4         2           ...
        $ kubectl get wg w -o jsonpath='{.spec.size} {.spec.replicas} {.metadata.generation}{"\n"}'
        5 4 3
        // from 1.25: it read another document before, and printed another form
        $ kubectl explain wg.spec
        GROUP:      custom.example.org
        KIND:       Widget
        VERSION:    v1

        FIELD: spec <Object>
        ...
          color	<string>
        ...
          size	<integer> -required-
            How big it is.
        ...
        // until 1.24: as above
        $ kubectl explain wg.spec
        KIND:     Widget
        VERSION:  custom.example.org/v1
        ...
           color	<string>
        ...
           size	<integer> -required-
             How big it is.
        ...
        $ kubectl explain wg --api-version=custom.example.org/v1 --recursive | grep -c replicas
        2
        $ EDITOR="sed -i 's/size: 5/size: 7/'" kubectl edit wg w
        widget.custom.example.org/w edited
        $ kubectl describe wg w
        Name:         w
        Namespace:    custom
        Labels:       <none>
        ...
        Kind:         Widget
        ...
        Spec:
          Color:     red
          Replicas:  4
          Size:      7
        ...
        $ kubectl api-resources --api-group=custom.example.org --no-headers
        widgets   wg...custom.example.org/v1   true...Widget
        $ kubectl delete crd widgets.custom.example.org
        customresourcedefinition.apiextensions.k8s.io "widgets.custom.example.org" deleted
        $ kubectl get widgets.custom.example.org
        ! error: the server doesn't have a resource type "widgets"
        [1]
        """#)
}
