internal import Daemon
internal import JSON
internal import KubeAPI
internal import NetTypes
internal import Store

/// Makes what is kept about the Services' addresses and node ports agree with the Services: after an import, or a write
/// by a program that does not keep it. What this server writes itself always agrees, as it is one transaction.
final class ServiceAddressRepair: Controller {
    let name = "service-address-repair"
    private var cluster: (any Cluster)?
    private var queue: WorkQueue<Item>?
    private var timer: LoopTimer?
    private static let leftoverDelay = Duration.seconds(30)

    enum Item: Hashable {
        /// Namespace and name.
        case service(String, String)
        case address(IPAddress)
        case nodePort(Int)
    }

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        queue = WorkQueue(cluster) { [weak self] item, finish in self?.sync(item, finish) }
        // What is missing is made at once, as it could be given away; what is left over only takes up room.
        cluster.cache[.services].forEach { service in
            if !ServiceClaims(service.bytes).areRecorded(in: cluster) { note(service, .services) }
            return true
        }
        timer = cluster.after(Self.leftoverDelay) { [weak self] in
            for storage in [StoragePrefix.ipAddresses, ServiceAllocator.nodePortStorage] {
                self?.cluster?.cache[storage].forEach { self?.note($0, storage) ?? false }
            }
        }
    }

    func stop() {
        if let timer { cluster?.cancel(timer) }
        timer = nil
        queue?.stop()
        queue = nil
        cluster = nil
    }

    func observe(_ change: ObjectChange) {
        guard change.storage == .services else { return }
        if change.kind == .deleted, let service = change.object.decoded {
            // Released with it, unless it went without this server's doing.
            let networking = ServiceNetworking(service: service)
            for address in networking.addresses { queue?.add(.address(address), after: .seconds(5)) }
            for port in networking.allNodePorts { queue?.add(.nodePort(port), after: .seconds(5)) }
        } else {
            let isRecorded = cluster.map { ServiceClaims(change.object.bytes).areRecorded(in: $0) } ?? true
            if !isRecorded { note(change.object, .services) }
        }
    }

    @discardableResult
    private func note(_ object: CachedObject, _ storage: StoragePrefix) -> Bool {
        switch storage {
        case .services: queue?.add(.service(String(object.namespace), String(object.name)))
        case .ipAddresses: if let address = IPAddress(object.path) { queue?.add(.address(address)) }
        default: if let port = Int(object.path) { queue?.add(.nodePort(port)) }
        }
        return true
    }

    private func sync(_ item: Item, _ finish: @escaping (WorkQueue<Item>.Outcome) -> Void) {
        guard let cluster else { return finish(.done) }
        switch item {
        case .service(let namespace, let name): claim(namespace, name, cluster)
        case .address(let address): release(address, cluster)
        case .nodePort(let port): release(port, cluster)
        }
        finish(.done)
    }

    /// Makes what a Service has and nothing records.
    private func claim(_ namespace: String, _ name: String, _ cluster: any Cluster) {
        guard let service = cluster.object(.services, namespace: namespace, name: name) else { return }
        let networking = ServiceNetworking(service: service)
        for address in networking.addresses {
            let present = cluster.object(.ipAddresses, namespace: "", name: address.description)
            let own = ServiceAddress(namespace: namespace, service: name, address: address)
            guard let present else {
                if let type = cluster.type(of: .ipAddresses) { cluster.perform(.create(type, own.object)) }
                continue
            }
            if let other = ServiceAddress(object: present), other != own {
                cluster.log.error(
                    "two services have the same address",
                    [
                        "address": address, "service": "\(namespace)/\(name)",
                        "other": "\(other.namespace)/\(other.service)",
                    ])
            }
        }
        for port in networking.allNodePorts
        where cluster.cache.object(ServiceAllocator.nodePortStorage, "\(port)") == nil {
            let key = ServiceAllocator.nodePortStorage.key("\(port)")
            write(.create(key, ServiceAllocator.owner(namespace, name)), cluster)
        }
    }

    /// Lets an address go whose Service is gone or has another one.
    private func release(_ address: IPAddress, _ cluster: any Cluster) {
        guard let type = cluster.type(of: .ipAddresses),
            let object = cluster.object(.ipAddresses, namespace: "", name: address.description),
            let owner = ServiceAddress(object: object)
        else { return }
        let service = cluster.object(.services, namespace: owner.namespace, name: owner.service)
        if let service, ServiceNetworking(service: service).addresses.contains(address) { return }
        let options = DeleteOptions(uid: object.text("metadata", "uid"))
        cluster.perform(.delete(type, namespace: "", name: address.description, options))
    }

    private func release(_ port: Int, _ cluster: any Cluster) {
        guard let object = cluster.cache.object(ServiceAllocator.nodePortStorage, "\(port)"), let value = object.decoded
        else { return }
        let parts = value.text("service").split(separator: "/")
        if parts.count == 2, let service = cluster.object(.services, namespace: parts[0], name: parts[1]),
            ServiceNetworking(service: service).allNodePorts.contains(port)
        {
            return
        }
        write(.delete(ServiceAllocator.nodePortStorage.key("\(port)"), expected: object.revision), cluster)
    }

    /// A failure is found on the next look.
    private func write(_ write: ObjectWrite, _ cluster: any Cluster) { cluster.commit([write]) { _ in } }
}

/// The addresses and node ports of a Service, read from its bytes: a look at tens of thousands of them costs little.
struct ServiceClaims {
    private(set) var addresses: [String] = []
    private(set) var nodePorts: [String] = []

    init(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            let skim = JSONSkim(buffer)
            guard let document = skim.document, let spec = skim.opened("spec", of: document) else { return }
            skim.forEachMember(of: spec) { key, value in
                if skim.has(key, "clusterIPs") {
                    skim.forEachElement(of: value) { element in
                        if let text = skim.string(element), text != ServiceNetworking.none { addresses.append(text) }
                    }
                } else if skim.has(key, "ports") {
                    skim.forEachElement(of: value) { element in
                        if let port = skim.member("nodePort", of: element) { nodePorts.append(skim.text(port)) }
                    }
                } else if skim.has(key, "healthCheckNodePort") {
                    nodePorts.append(skim.text(value))
                }
                return true
            }
        }
    }

    /// Whether all of them are marked as taken, by whomever.
    func areRecorded(in cluster: any Cluster) -> Bool {
        addresses.allSatisfy { cluster.cache.object(.ipAddresses, $0) != nil }
            && nodePorts.allSatisfy { cluster.cache.object(ServiceAllocator.nodePortStorage, $0) != nil }
    }
}
