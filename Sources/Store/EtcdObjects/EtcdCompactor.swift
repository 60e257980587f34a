/// Compacts etcd's history, once for all servers that share it, as upstream's apiservers do: the key `compact_rev_key`
/// is the clock. Who finds it as it was left an interval ago moves it on, and compacts to the revision that it held.
struct EtcdCompactor {
    private static let key = "compact_rev_key"

    /// How often the key had been written when it was looked at last, and the store's revision then.
    private var version: Int64 = 0
    private var revision: Revision = 0

    /// To be called once each interval.
    mutating func turn(_ client: EtcdClient) throws(StoreError) {
        let seen = try client.get(Self.key)
        guard (seen?.version ?? 0) == version else {
            // Another server has done it, or this one begins.
            version = seen?.version ?? 0
            revision = try client.range(.key(Self.key)).revision
            return
        }
        let target = revision
        let result = try client.commit(
            Transaction(
                if: [.init(Self.key, .equal, .version(version))],
                then: [.put(Self.key, Array(String(target).utf8), lease: nil)]))
        guard result.succeeded else { return }
        version += 1
        revision = result.revision
        if target > 0 { try client.compact(target) }
    }
}
