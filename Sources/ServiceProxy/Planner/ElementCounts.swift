internal import NFTables
internal import NetTypes

/// How many elements each set has, and how many ports have put the same one into it: they share ClusterIPs and endpoints.
struct ElementCounts: Sendable {
    /// An element that several ports may have.
    private enum Shared: Hashable {
        case clusterIP(IPAddress)
        case hairpin(IPAddress, L4Protocol, UInt16)

        init?(_ placed: ServiceElements.Placed) {
            let key = placed.element.key
            guard let address = key.first?.ipAddress else { return nil }
            switch placed.set {
            case .clusterIPs: self = .clusterIP(address)
            case .hairpin:
                guard key.count == 4, case .l4proto(let transport) = key[2], case .port(let port) = key[3] else {
                    return nil
                }
                self = .hairpin(address, transport, port)
            default: return nil
            }
        }
    }

    private var shares: [Shared: Int32] = [:]
    private var counts = [Int](repeating: 0, count: 2 * ProxySet.allCases.count)

    /// True if the set did not have it.
    mutating func add(_ placed: ServiceElements.Placed, _ family: IPFamily) -> Bool {
        if let shared = Shared(placed) {
            shares[shared, default: 0] += 1
            if shares[shared] != 1 { return false }
        }
        counts[placed.set.index(family)] += 1
        return true
    }

    /// True if the set has it no longer.
    mutating func remove(_ placed: ServiceElements.Placed, _ family: IPFamily) -> Bool {
        if let shared = Shared(placed) {
            let left = (shares[shared] ?? 1) - 1
            shares[shared] = left > 0 ? left : nil
            if left > 0 { return false }
        }
        counts[placed.set.index(family)] -= 1
        return true
    }

    var use: TableUse { TableUse { counts[$0.index($1)] } }
}
