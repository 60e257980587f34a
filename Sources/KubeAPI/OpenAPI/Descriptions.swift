/// What `kubectl explain` says about kinds and the fields that most of them have, in our own words.
enum Descriptions {
    static func field(_ name: String, of owner: Schema) -> String {
        if owner.isKind, let text = common[name] { return text }
        return fields["\(owner.name).\(name)"] ?? ""
    }

    private static let common: [String: String] = [
        "apiVersion": "The group and version of the API in which this object is written.",
        "kind": "The type of this object.",
        "metadata": "What every object has: its name, namespace, labels and annotations among others.",
        "spec": "What is wanted.",
        "status": "What was last observed; written by the system.",
        "items": "The objects of this list.",
    ]

    static let kinds: [String: String] = [
        "ClusterRole": "What may be done in the whole cluster, for bindings to refer to.",
        "ClusterRoleBinding": "Gives a ClusterRole to users, groups and service accounts, in the whole cluster.",
        "ConfigMap": "Configuration that pods consume, as texts and bytes by keys.",
        "CronJob": "Starts Jobs by a schedule.",
        "CustomResourceDefinition": "Describes a resource that the API does not have of itself.",
        "DaemonSet": "Runs one copy of a pod on each node, or on some.",
        "Deployment": "Runs replicas of a pod and rolls out changes of it.",
        "EndpointSlice": "Some of the addresses behind a Service.",
        "Endpoints": "The addresses behind a Service; superseded by EndpointSlice.",
        "Event": "Something that happened to an object.",
        "IPAddress": "An address that a Service or another object has been given.",
        "Ingress": "Routes HTTP requests from outside to Services by host and path.",
        "IngressClass": "Names the controller that carries out Ingresses.",
        "Job": "Runs pods until enough of them have succeeded.",
        "Lease": "A claim that its holder renews: of leadership, or of being alive.",
        "LimitRange": "Bounds and defaults of what pods in a namespace may ask for.",
        "Namespace": "A scope for names; most objects are in one.",
        "NetworkPolicy": "What network traffic some pods of a namespace may have.",
        "Node": "A machine on which pods run.",
        "ObjectMeta": "What every object that is stored has.",
        "PersistentVolume": "Storage that outlives the pods that use it.",
        "PersistentVolumeClaim": "Asks for a PersistentVolume.",
        "Pod": "Containers that run together on one node and share its address.",
        "PodDisruptionBudget": "How many of some pods must stay when others are evicted.",
        "PodTemplate": "A pod's description from which pods are made.",
        "PriorityClass": "Names a priority that pods may have.",
        "ReplicaSet": "Keeps a number of replicas of a pod running.",
        "ReplicationController": "Keeps a number of replicas of a pod running; superseded by ReplicaSet.",
        "ResourceQuota": "How much all objects of a namespace may use together.",
        "Role": "What may be done in one namespace, for bindings to refer to.",
        "RoleBinding": "Gives a role to users, groups and service accounts, in one namespace.",
        "Secret": "Sensitive data that pods consume, as bytes by keys.",
        "Service": "One stable address for the pods that a selector finds.",
        "ServiceAccount": "An identity for what runs in pods.",
        "ServiceCIDR": "A range from which Services get their addresses.",
        "StatefulSet": "Runs pods with stable names and storage of their own.",
        "Status": "The answer to a request that returns no object.",
        "StorageClass": "Describes storage from which volumes are made when they are claimed.",
    ]

    private static let fields: [String: String] = [
        "Container.env": "Environment variables of the container's processes.",
        "Container.image": "The image's name.",
        "Container.name": "The container's name, unique in its pod.",
        "Container.ports": "Ports on which the container listens; for information only.",
        "DeploymentSpec.replicas": "How many pods are wanted; 1 when nothing is said.",
        "DeploymentSpec.selector": "Finds the deployment's pods; must match the template's labels.",
        "DeploymentSpec.strategy": "How old pods are replaced by new ones.",
        "DeploymentSpec.template": "Describes the pods that are made.",
        "ObjectMeta.annotations": "Data about the object for programs, by keys.",
        "ObjectMeta.finalizers": "What must be done before the object goes; it is gone when the list is empty.",
        "ObjectMeta.labels": "Words by which objects are selected.",
        "ObjectMeta.name": "Unique among the objects of its type in its namespace.",
        "ObjectMeta.namespace": "Where the name is unique; set by the request's path.",
        "PodSpec.containers": "The containers; there is at least one.",
        "PodSpec.nodeName": "The node on which the pod runs; set when it is scheduled.",
        "PodSpec.volumes": "Volumes that containers may mount.",
        "ServiceSpec.clusterIP": "The Service's address, or None for no address of its own.",
        "ServiceSpec.ports": "The ports that the Service offers.",
        "ServiceSpec.selector": "Finds the pods behind the Service by their labels.",
        "ServiceSpec.type": "Where the Service can be reached from.",
    ]
}
