internal import JSON
internal import KubeAPI
internal import NetTypes

/// Keeps the ServiceCIDR of the server's own ranges, says of each ServiceCIDR whether it is ready, and holds back the
/// deletion of one while there are addresses that lie in no other
/// (https://kubernetes.io/docs/tasks/network/extend-service-ip-ranges/).
final class ServiceCIDRController: Controller {
    let name = "servicecidr"
    static let finalizer = "networking.k8s.io/service-cidr-finalizer"
    static let defaultName = "kubernetes"
    private let ranges: [CIDR]
    private var cluster: (any Cluster)?
    private var queue: WorkQueue<String>?

    /// - Parameter ranges: the server's own, one or two.
    init(ranges: [CIDR]) { self.ranges = ranges }

    static func object(_ ranges: [CIDR]) -> JSONValue {
        [
            "apiVersion": "networking.k8s.io/v1", "kind": "ServiceCIDR", "metadata": ["name": .string(defaultName)],
            "spec": ["cidrs": .texts(ranges.map { $0.network.description })],
        ]
    }

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        queue = WorkQueue(cluster, parallel: 1) { [weak self] name, finish in self?.sync(name, finish) }
        queue?.add(Self.defaultName)
        addAll()
    }

    func stop() {
        queue?.stop()
        queue = nil
        cluster = nil
    }

    func observe(_ change: ObjectChange) {
        if change.storage == .serviceCIDRs {
            // One that comes can set another one free.
            queue?.add(change.object.path)
            addTerminating()
        } else if change.storage == .ipAddresses, change.kind == .deleted {
            addTerminating()
        }
    }

    private func addAll() {
        cluster?.cache[.serviceCIDRs].forEach { object in
            queue?.add(object.path)
            return true
        }
    }

    private func addTerminating() {
        cluster?.cache[.serviceCIDRs].forEach { object in
            if object.isBeingDeleted { queue?.add(object.path) }
            return true
        }
    }

    private func sync(_ name: String, _ finish: @escaping (WorkQueue<String>.Outcome) -> Void) {
        guard let cluster, let type = cluster.type(of: .serviceCIDRs) else { return finish(.done) }
        let end = { (result: Result<JSONValue, APIStatus>) in
            if case .failure(let status) = result, ![404, 409].contains(status.code) { return finish(.retry) }
            finish(.done)
        }
        guard let object = cluster.object(.serviceCIDRs, namespace: "", name: name) else {
            guard name == Self.defaultName else { return finish(.done) }
            return cluster.perform(.create(type, Self.object(ranges)), as: .apiServer, end)
        }
        if object.at("metadata", "deletionTimestamp") != nil {
            return release(object, type, cluster, end)
        }
        if !object.texts("metadata", "finalizers").contains(Self.finalizer) {
            let add = { (object: inout JSONValue) throws(APIStatus) -> Bool in
                guard object.at("metadata", "deletionTimestamp") == nil else { return false }
                object.append(.string(Self.finalizer), at: "metadata", "finalizers")
                return true
            }
            return cluster.perform(.modify(type, namespace: "", name: name, add), as: .apiServer, end)
        }
        setCondition(Self.ready(object, own: ranges), of: name, type, cluster, end)
    }

    private static func ready(_ object: JSONValue, own: [CIDR]) -> JSONValue {
        let isOwn = object.text("metadata", "name") == defaultName
        let differs = isOwn && object.texts("spec", "cidrs") != own.map { $0.network.description }
        // The ranges in the object count, not those of this server's start; the operator is told that they differ.
        return [
            "type": "Ready", "status": "True", "reason": "",
            "message": .string(
                differs
                    ? "Kubernetes default Service CIDR is ready; it differs from this server's configuration"
                    : isOwn ? "Kubernetes default Service CIDR is ready" : "Kubernetes Service CIDR is ready"),
        ]
    }

    private func release(
        _ object: JSONValue, _ type: ResourceType, _ cluster: any Cluster,
        _ end: @escaping (Result<JSONValue, APIStatus>) -> Void
    ) {
        let name = object.text("metadata", "name")
        guard object.texts("metadata", "finalizers").contains(Self.finalizer) else { return end(.success(object)) }
        if Self.isNeeded(object, cluster) {
            let condition: JSONValue = [
                "type": "Ready", "status": "False", "reason": "Terminating",
                "message":
                    "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR",
            ]
            return setCondition(condition, of: name, type, cluster, end)
        }
        let remove = { (object: inout JSONValue) throws(APIStatus) -> Bool in
            let rest = object.texts("metadata", "finalizers").filter { $0 != Self.finalizer }
            object.set(rest.isEmpty ? nil : .texts(rest), at: "metadata", "finalizers")
            return true
        }
        cluster.perform(.modify(type, namespace: "", name: name, remove), as: .apiServer, end)
    }

    /// Whether an address lies in this one and in no other that stays.
    static func isNeeded(_ object: JSONValue, _ cluster: any Cluster) -> Bool {
        let own = object.texts("spec", "cidrs").compactMap { CIDR($0) }
        let name = object.text("metadata", "name")
        let others = cluster.objects(.serviceCIDRs)
            .filter { $0.text("metadata", "name") != name && $0.at("metadata", "deletionTimestamp") == nil }
            .flatMap { $0.texts("spec", "cidrs") }
            .compactMap { CIDR($0) }
        var isNeeded = false
        cluster.cache[.ipAddresses].forEach { object in
            if let address = IPAddress(object.path), own.contains(where: { $0.contains(address) }) {
                isNeeded = !others.contains { $0.contains(address) }
            }
            return !isNeeded
        }
        return isNeeded
    }

    private func setCondition(
        _ condition: JSONValue, of name: String, _ type: ResourceType, _ cluster: any Cluster,
        _ end: @escaping (Result<JSONValue, APIStatus>) -> Void
    ) {
        let now = cluster.timestamp
        let change = { (object: inout JSONValue) throws(APIStatus) -> Bool in object.setCondition(condition, now: now) }
        cluster.perform(
            .modify(type, subresource: "status", namespace: "", name: name, change), as: .apiServer, end)
    }
}
