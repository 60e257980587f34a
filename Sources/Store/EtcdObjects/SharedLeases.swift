internal import Linux
internal import Synchronization

/// Leases for keys with a time to live. A lease costs etcd more than a key, so keys that are written within a minute
/// share one, which lives that much longer: at most a twentieth of their time, as in upstream's apiserver.
final class SharedLeases: Sendable {
    private struct Current {
        var id: LeaseID
        var seconds: Int
        var grantedAt: MonotonicTime
        /// For so long after the grant does it outlive keys that are attached to it.
        var reuse: Duration
        var keys: Int
    }

    private static let longestReuse = 60
    private static let keyLimit = 1000

    private let current = Mutex<[Int: Current]>([:])

    /// A lease that lives at least so long from now on.
    func lease(seconds: Int, _ client: EtcdClient) throws(StoreError) -> LeaseID {
        let now = MonotonicTime.now
        let shared: LeaseID? = current.withLock { current in
            guard var lease = current[seconds], lease.keys < Self.keyLimit, now - lease.grantedAt <= lease.reuse else {
                return nil
            }
            lease.keys += 1
            current[seconds] = lease
            return lease.id
        }
        if let shared { return shared }
        let extra = min(Self.longestReuse, seconds / 20)
        let granted = try client.grantLease(seconds: seconds + extra)
        current.withLock { current in
            if current.count > 100 { current = [:] }
            current[seconds] = Current(
                id: granted.id, seconds: seconds, grantedAt: now, reuse: .seconds(extra), keys: 1)
        }
        return granted.id
    }

    /// Uses none of them any more.
    func forget() { current.withLock { $0 = [:] } }
}
