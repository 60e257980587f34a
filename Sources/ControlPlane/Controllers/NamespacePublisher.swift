internal import JSON
internal import KubeAPI

/// Keeps one object in every living namespace, or in one: the ServiceAccount `default`, and the cluster's certificate
/// authority, for pods to verify the server with and for other API servers to verify its clients with.
final class NamespacePublisher: Controller {
    let name: String
    private let storage: StoragePrefix
    /// The one namespace that has the object; nil stands for every one.
    private let home: String?
    private let objectName: String
    private let object: JSONValue
    /// Paths of the members that are restored when somebody changes them.
    private let owned: [[String]]
    private var cluster: (any Cluster)?
    private var queue: WorkQueue<String>?

    private init(name: String, storage: StoragePrefix, home: String? = nil, object: JSONValue, owned: [[String]]) {
        self.name = name
        self.storage = storage
        self.home = home
        self.object = object
        self.owned = owned
        objectName = object.text("metadata", "name")
    }

    static func defaultServiceAccount() -> NamespacePublisher {
        NamespacePublisher(
            name: "serviceaccount", storage: .serviceAccounts,
            object: ["apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": "default"]], owned: [])
    }

    /// The ConfigMap `kube-root-ca.crt` with these certificates in PEM.
    static func rootAuthority(_ authority: String) -> NamespacePublisher {
        let description =
            "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters."
        let metadata: JSONValue = [
            "name": "kube-root-ca.crt", "annotations": ["kubernetes.io/description": .string(description)],
        ]
        return NamespacePublisher(
            name: "root-ca-publisher", storage: .configMaps,
            object: [
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": ["ca.crt": .string(authority)],
            ], owned: [["data"]])
    }

    /// kube-system's ConfigMap `extension-apiserver-authentication`, where API servers beside this one learn whose client
    /// certificates to trust, with these in PEM. What it says of a front proxy is left to whoever runs one.
    static func clientAuthority(_ authority: String) -> NamespacePublisher {
        NamespacePublisher(
            name: "cluster-authentication-trust", storage: .configMaps, home: "kube-system",
            object: [
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "extension-apiserver-authentication"],
                "data": ["client-ca-file": .string(authority)],
            ], owned: [["data", "client-ca-file"]])
    }

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        queue = WorkQueue(cluster) { [weak self] namespace, finish in self?.sync(namespace, finish) }
        if let home { queue?.add(home) } else { queue?.add(all: cluster.cache[.namespaces]) }
    }

    func stop() {
        queue?.stop()
        queue = nil
        cluster = nil
    }

    func observe(_ change: ObjectChange) {
        let namespace: String
        if change.storage == .namespaces, change.kind == .added {
            namespace = change.object.path
        } else if change.storage == storage, change.kind != .added, change.object.name == objectName[...] {
            namespace = String(change.object.namespace)
        } else {
            return
        }
        if home == nil || home == namespace { queue?.add(namespace) }
    }

    private func sync(_ namespace: String, _ finish: @escaping (WorkQueue<String>.Outcome) -> Void) {
        guard let cluster, let type = cluster.type(of: storage),
            let owner = cluster.cache.object(.namespaces, namespace), !owner.isBeingDeleted
        else { return finish(.done) }
        let isDone = { (result: Result<JSONValue, APIStatus>) in
            // Already there, or the namespace has begun to go: both are found on the next look.
            if case .failure(let status) = result, ![403, 404, 409].contains(status.code) { return finish(.retry) }
            finish(.done)
        }
        guard let present = cluster.object(storage, namespace: namespace, name: objectName) else {
            var object = object
            object.set(.string(namespace), at: "metadata", "namespace")
            return cluster.perform(.create(type, object), as: .apiServer, isDone)
        }
        let wrong = owned.filter { present.at($0[...]) != object.at($0[...]) }
        if wrong.isEmpty { return finish(.done) }
        let wanted = object
        let restore = { (object: inout JSONValue) throws(APIStatus) -> Bool in
            for member in wrong { object.set(wanted.at(member[...]), at: member[...]) }
            return true
        }
        cluster.perform(.modify(type, namespace: namespace, name: objectName, restore), as: .apiServer, isDone)
    }
}
