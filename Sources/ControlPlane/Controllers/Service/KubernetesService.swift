internal import Daemon
internal import JSON
internal import KubeAPI
internal import NetTypes

/// Keeps the Service `kubernetes`, by which pods reach the server, and its endpoints, the servers that are alive.
final class KubernetesService: Controller {
    let name = "kubernetes-service"
    private static let service = "kubernetes"
    private static let namespace = "default"

    /// The first address of the first range.
    private let clusterIP: IPAddress
    /// Where the servers listen.
    private let port: Int
    private var cluster: (any Cluster)?
    private var queue: WorkQueue<StoragePrefix>?

    init(clusterIP: IPAddress, port: Int) {
        self.clusterIP = clusterIP
        self.port = port
    }

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        queue = WorkQueue(cluster) { [weak self] storage, finish in self?.sync(storage, finish) }
        for storage in [StoragePrefix.services, .endpoints, .endpointSlices] { queue?.add(storage) }
    }

    func stop() {
        queue?.stop()
        queue = nil
        cluster = nil
    }

    func observe(_ change: ObjectChange) {
        switch change.storage {
        case ServerLease.storage:
            // A renewal changes nothing.
            guard change.kind != .modified else { return }
            queue?.add(.endpoints)
            queue?.add(.endpointSlices)
        case .services, .endpoints, .endpointSlices:
            guard change.object.path == "\(Self.namespace)/\(Self.service)" else { return }
            queue?.add(change.storage)
        default: break
        }
    }

    private func sync(_ storage: StoragePrefix, _ finish: @escaping (WorkQueue<StoragePrefix>.Outcome) -> Void) {
        guard let cluster, let type = cluster.type(of: storage) else { return finish(.done) }
        let servers = ServerLease.addresses(cluster).filter { $0.family == clusterIP.family }
        // Without a lease nobody knows where the servers are: what was there stays.
        if storage != .services && servers.isEmpty { return finish(.done) }
        let wanted = object(storage, servers)
        let end = { (result: Result<JSONValue, APIStatus>) in
            guard case .failure(let status) = result else { return finish(.done) }
            cluster.log.debug("kubernetes service is not complete", ["kind": type.kind, "error": status.message])
            finish(.retry)
        }
        guard let present = cluster.object(storage, namespace: Self.namespace, name: Self.service) else {
            return cluster.perform(.create(type, wanted), as: .apiServer, end)
        }
        if Self.isRight(present, wanted) { return finish(.done) }
        let change = { (object: inout JSONValue) throws(APIStatus) -> Bool in
            for label in wanted.pairs("metadata", "labels") {
                object.set(label.value, at: "metadata", "labels", label.key)
            }
            for part in ["subsets", "endpoints", "ports"] where wanted.at(part) != nil {
                object.set(wanted.at(part), at: part)
            }
            if let ports = wanted.at("spec", "ports") { object.set(ports, at: "spec", "ports") }
            return true
        }
        let write = ClusterWrite.modify(type, namespace: Self.namespace, name: Self.service, change)
        cluster.perform(write, as: .apiServer, end)
    }

    private static func isRight(_ present: JSONValue, _ wanted: JSONValue) -> Bool {
        let labels = wanted.pairs("metadata", "labels")
        guard labels.allSatisfy({ present.at("metadata", "labels", $0.key) == $0.value }) else { return false }
        if let ports = wanted.at("spec", "ports") {
            // Defaults add nothing to these.
            return Set(present.list("spec", "ports")) == Set(ports.array ?? [])
        }
        return ["subsets", "endpoints", "ports"].allSatisfy { present.at($0) == wanted.at($0) }
    }

    private func object(_ storage: StoragePrefix, _ servers: [IPAddress]) -> JSONValue {
        let port = JSONValue.number(JSONNumber(port))
        var labels: JSONValue = [:]
        var rest: [(String, JSONValue)]
        switch storage {
        case .services:
            labels = ["component": "apiserver", "provider": "kubernetes"]
            let ports: JSONValue = [["name": "https", "protocol": "TCP", "port": 443, "targetPort": port]]
            let spec: JSONValue = [
                "ports": ports, "clusterIP": .string(clusterIP.description),
                "clusterIPs": [.string(clusterIP.description)], "type": "ClusterIP", "sessionAffinity": "None",
                "ipFamilies": [.string(clusterIP.family.apiName)], "ipFamilyPolicy": "SingleStack",
            ]
            rest = [("apiVersion", "v1"), ("kind", "Service"), ("spec", spec)]
        case .endpoints:
            labels = ["endpointslice.kubernetes.io/skip-mirror": "true"]
            let subset: JSONValue = [
                "addresses": .array(servers.map { ["ip": .string($0.description)] }),
                "ports": [["name": "https", "port": port, "protocol": "TCP"]],
            ]
            rest = [("apiVersion", "v1"), ("kind", "Endpoints"), ("subsets", [subset])]
        default:
            labels = ["kubernetes.io/service-name": .string(Self.service)]
            let endpoints = servers.map { address -> JSONValue in
                ["addresses": [.string(address.description)], "conditions": ["ready": true]]
            }
            rest = [
                ("apiVersion", "discovery.k8s.io/v1"), ("kind", "EndpointSlice"),
                ("addressType", .string(clusterIP.family.apiName)), ("endpoints", .array(endpoints)),
                ("ports", [["name": "https", "port": port, "protocol": "TCP"]]),
            ]
        }
        let metadata: JSONValue = [
            "name": .string(Self.service), "namespace": .string(Self.namespace), "labels": labels,
        ]
        rest.append(("metadata", metadata))
        return .object(JSONObject(rest))
    }
}
