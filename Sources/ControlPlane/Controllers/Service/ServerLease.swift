internal import Daemon
internal import JSON
package import NetTypes
internal import Store

/// Says that this server is alive: a key of its address which the store deletes when it is no longer renewed. From these
/// keys come the endpoints of the `kubernetes` Service. Every server has one, whether it runs the controllers or not.
package final class ServerLease {
    static let storage = StoragePrefix("masterleases")
    /// Seconds; upstream's.
    static let timeToLive = 15
    private static let interval = Duration.seconds(10)

    private let address: IPAddress
    private var cluster: (any Cluster)?
    private var timer: LoopTimer?

    package init(address: IPAddress) { self.address = address }

    package func start(_ cluster: any Cluster) {
        self.cluster = cluster
        renew()
    }

    /// Takes the server out of the endpoints at once.
    package func stop() {
        if let timer { cluster?.cancel(timer) }
        timer = nil
        guard let cluster, cluster.cache.object(Self.storage, address.description) != nil else { return }
        cluster.commit([.delete(Self.storage.key(address.description), expected: nil)]) { _ in }
    }

    private func renew() {
        // An Endpoints object, as upstream has it there.
        let lease: JSONValue = [
            "kind": "Endpoints", "apiVersion": "v1", "metadata": [:],
            "subsets": [["addresses": [["ip": .string(address.description)]]]],
        ]
        let write = ObjectWrite.update(
            Self.storage.key(address.description), Array(lease.serialized().utf8), expected: nil, ttl: Self.timeToLive)
        // One that fails is made up for by the next.
        cluster?.commit([write]) { _ in }
        timer = cluster?.after(Self.interval) { [weak self] in self?.renew() }
    }

    /// The addresses of all servers that are alive.
    static func addresses(_ cluster: any Cluster) -> [IPAddress] {
        var addresses: [IPAddress] = []
        cluster.cache[storage].forEach { lease in
            if let address = IPAddress(lease.path) { addresses.append(address) }
            return true
        }
        return addresses.sorted()
    }
}
