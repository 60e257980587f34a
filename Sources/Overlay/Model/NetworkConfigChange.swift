internal import NetTypes

extension NetworkConfig {
    /// What keeps a running node from following to the other configuration, each as key and values: all that nodes must
    /// agree on, so that half of a network would not reach the other half. Empty: it can follow.
    package func obstacles(to other: NetworkConfig) -> [String] {
        var obstacles: [String] = []
        func compare<Value: Equatable>(_ key: String, _ now: Value?, _ wanted: Value?) {
            if now == wanted { return }
            func text(_ value: Value?) -> String { value.map { "\($0)" } ?? "none" }
            obstacles.append("\(key) from \(text(now)) to \(text(wanted))")
        }
        for (family, prefix) in [(IPFamily.v4, ""), (.v6, "IPv6")] {
            let (mine, theirs) = (self[family], other[family])
            compare(prefix + "Network", mine?.network, theirs?.network)
            guard let mine, let theirs, mine.network == theirs.network else { continue }
            compare(prefix + "SubnetLen", mine.subnetLength, theirs.subnetLength)
            compare(prefix + "SubnetMin", mine.first, theirs.first)
            compare(prefix + "SubnetMax", mine.last, theirs.last)
        }
        compare("Backend.Type", backend.name, other.backend.name)
        if case .vxlan(let mine) = backend, case .vxlan(let theirs) = other.backend {
            compare("Backend.VNI", mine.vni, theirs.vni)
            compare("Backend.Port", mine.port, theirs.port)
            compare("Backend.GBP", mine.groupPolicy, theirs.groupPolicy)
        }
        return obstacles
    }
}
