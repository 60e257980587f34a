internal import KubeClient
internal import NetTypes

/// The leases that a cluster's Nodes tell. A value: nodes in, what became of leases out.
///
/// Leases are known by their subnet, nodes by their name. Two nodes with one subnet are somebody's mistake: the one that
/// was written later has it, and the other again when that one is gone.
struct NodeLeases: Sendable {
    private let keys: AnnotationKeys
    private let families: [IPFamily]
    private var nodes: [String: Lease] = [:]
    private var owners: [SubnetKey: Set<String>] = [:]
    /// Nodes whose annotations are no lease, and why.
    private(set) var unreadable: [String: String] = [:]

    init(_ keys: AnnotationKeys, _ families: [IPFamily]) {
        self.keys = keys
        self.families = families
    }

    /// All leases, when all nodes are known.
    var leases: [Lease] { owners.keys.compactMap(lease) }

    private func lease(_ subnet: SubnetKey) -> Lease? {
        (owners[subnet] ?? []).sorted().compactMap { nodes[$0] }.max { $0.revision < $1.revision }
    }

    /// Takes in a node's new form (nil: gone). Moves from one subnet to another come as two events.
    mutating func update(_ name: String, to record: NodeRecord?) -> [LeaseEvent] {
        unreadable[name] = nil
        let before = nodes[name]
        let after = record.flatMap { read(name, $0) }
        var touched: [SubnetKey] = []
        if let before, before.subnet != after?.subnet {
            owners[before.subnet]?.remove(name)
            if owners[before.subnet]?.isEmpty == true { owners[before.subnet] = nil }
            touched.append(before.subnet)
        }
        nodes[name] = after
        if let after {
            owners[after.subnet, default: []].insert(name)
            touched.append(after.subnet)
        }
        return touched.map { subnet in lease(subnet).map { .put($0) } ?? .removed(subnet) }
    }

    private mutating func read(_ name: String, _ record: NodeRecord) -> Lease? {
        do throws(LeaseFormatError) {
            guard let attributes = try keys.attributes(record) else { return nil }
            guard let subnet = record.subnet(families) else {
                if !record.podCIDRs.isEmpty {
                    throw LeaseFormatError(
                        field: "spec.podCIDRs", reason: "none is a subnet: \(record.podCIDRs.joined(separator: ", "))")
                }
                return nil
            }
            return Lease(subnet: subnet, attributes: attributes, revision: record.revision)
        } catch {
            unreadable[name] = "node \(name): \(error)"
            return nil
        }
    }

    /// Nodes that claim one subnet together, each set with that subnet.
    var conflicts: [String] {
        owners.filter { $0.value.count > 1 }.map {
            "nodes \($0.value.sorted().joined(separator: ", ")) have the same subnet \($0.key)"
        }.sorted()
    }
}
