internal import Linux
internal import NetTypes

/// One line of a flat network's promise: from here to there, and which address the other side must see.
struct Promise: Sendable {
    var source: String
    var destination: String
    /// Path of the source's network namespace.
    var namespace: String
    var target: IPAddress
    /// Whom the server must see; nil where no promise is made.
    var seen: Seen
    /// The largest packet that gets there; nil where the path leaves the cluster.
    var mtu: Int?

    enum Seen: Sendable {
        /// The address that the client has: nothing was translated.
        case own
        /// This one of the node's, in place of the pod's.
        case translated(IPAddress)
    }
}

extension Lab {
    /// What must hold, for one family: every ordered pair of pods and of node and pod, without translation; and from
    /// every pod to the outside, where the node's address is seen.
    ///
    /// A node that has pods is asked for by its own address in the pods' network, the one on their bridge; its
    /// address in the underlay is no part of the flat network (pods reach that of another node through masquerade).
    func promises(_ family: IPFamily) throws -> [Promise] {
        var promises: [Promise] = []
        let hosts = try nodes.map { node in
            (name: node, path: try namespace(of: node), address: gateway(of: node, family))
        }
        let ends = try pods.map { pod in
            (name: pod.name, path: try namespace(of: pod.name), address: pod.address(family), node: pod.node)
        }
        for end in ends {
            for other in ends where other.name != end.name {
                guard let target = other.address else { continue }
                promises.append(
                    Promise(
                        source: end.name, destination: other.name, namespace: end.path, target: target, seen: .own,
                        mtu: configuration.podMTU))
            }
            for host in hosts {
                guard let target = host.address else { continue }
                promises.append(
                    Promise(
                        source: end.name, destination: host.name, namespace: end.path, target: target, seen: .own,
                        mtu: configuration.podMTU))
            }
            if let outside = underlayAddress(of: "outside", family), let node = underlayAddress(of: end.node, family) {
                promises.append(
                    Promise(
                        source: end.name, destination: "outside", namespace: end.path, target: outside,
                        seen: .translated(node), mtu: nil))
            }
        }
        for host in hosts {
            for end in ends {
                guard let target = end.address else { continue }
                promises.append(
                    Promise(
                        source: host.name, destination: end.name, namespace: host.path, target: target, seen: .own,
                        mtu: configuration.podMTU))
            }
        }
        return promises
    }

    private func gateway(of node: String, _ family: IPFamily) -> IPAddress? {
        pods.first { $0.node == node }?.gateways.first { $0.family == family }
    }
}
