/// Tells a store that has lost its data (wiped, restored from an old backup) from nodes that left while nobody watched.
package enum StoreLoss {
    /// Whether the list cannot be of the store that told the known leases: its count of writes is behind theirs, or not one
    /// of them is still there as the key that it was. Nodes that leave do not all leave at once; we are among them.
    package static func isShown(by list: [Lease], revision: Int64, known: some Sequence<Lease>) -> Bool {
        // Those remembered from an earlier loss prove nothing about this store.
        let known = known.filter { $0.revision > 0 }
        guard let latest = known.map(\.revision).max() else { return false }
        if revision < latest { return true }
        let listed = Dictionary(list.map { ($0.subnet, $0) }) { first, _ in first }
        return !known.contains { lease in
            guard let now = listed[lease.subnet] else { return false }
            return now.createRevision <= lease.revision && now.revision >= lease.revision
        }
    }
}
