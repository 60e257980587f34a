import Store
import Synchronization

/// A store in memory, as etcd behaves towards one caller; several managers share the `Contents`.
final class InMemoryStore: KeyValueStore {
    final class Contents: Sendable {
        struct State {
            var revision: Revision = 1
            var keys: [String: KeyValue] = [:]
            var leases: [Int64: Int] = [:]
            var nextLease: Int64 = 100
            var writes = 0
        }
        let state = Mutex(State())

        /// What another client writes, between our calls.
        func put(_ key: String, _ value: String, lease: LeaseID? = nil) {
            state.withLock { Self.put(key, Array(value.utf8), lease, &$0) }
        }

        func delete(_ key: String) {
            state.withLock {
                $0.keys[key] = nil
                $0.revision += 1
            }
        }

        func get(_ key: String) -> KeyValue? { state.withLock { $0.keys[key] } }
        var writes: Int { state.withLock { $0.writes } }

        static func put(_ key: String, _ value: [UInt8], _ lease: LeaseID?, _ state: inout State) {
            state.revision += 1
            state.writes += 1
            state.keys[key] = KeyValue(
                key: key, value: value, createRevision: state.keys[key]?.createRevision ?? state.revision,
                modRevision: state.revision, version: (state.keys[key]?.version ?? 0) + 1, lease: lease)
        }
    }

    let contents: Contents
    /// Runs before each transaction, once: another node that is faster than we are.
    var beforeCommit: (() -> Void)?

    init(_ contents: Contents) { self.contents = contents }

    func range(_ keys: KeyRange, at revision: Revision?, limit: Int?) throws(StoreError) -> RangeResult {
        contents.state.withLock { state in
            let found = state.keys.values.filter { Self.matches($0.key, keys) }.sorted { $0.key < $1.key }
            return RangeResult(revision: state.revision, keyValues: found)
        }
    }

    private static func matches(_ key: String, _ keys: KeyRange) -> Bool {
        switch keys {
        case .key(let name): key == name
        case .prefix(let prefix): key.hasPrefix(prefix)
        }
    }

    func put(_ key: String, _ value: [UInt8], lease: LeaseID?) throws(StoreError) -> Revision {
        contents.state.withLock {
            Contents.put(key, value, lease, &$0)
            return $0.revision
        }
    }

    func delete(_ keys: KeyRange) throws(StoreError) -> DeleteResult {
        contents.state.withLock { state in
            let doomed = state.keys.keys.filter { Self.matches($0, keys) }
            for key in doomed { state.keys[key] = nil }
            state.revision += 1
            return DeleteResult(revision: state.revision, count: doomed.count)
        }
    }

    func commit(_ transaction: Transaction) throws(StoreError) -> TransactionResult {
        beforeCommit?()
        beforeCommit = nil
        return contents.state.withLock { state in
            let holds = transaction.comparisons.allSatisfy { comparison in
                switch comparison.target {
                case .version(let version): state.keys[comparison.key]?.version ?? 0 == version
                case .createRevision(let revision): state.keys[comparison.key]?.createRevision ?? 0 == revision
                case .modRevision(let revision): state.keys[comparison.key]?.modRevision ?? 0 == revision
                }
            }
            for operation in holds ? transaction.success : transaction.failure {
                switch operation {
                case .put(let key, let value, let lease): Contents.put(key, value, lease, &state)
                case .delete(.key(let key)):
                    state.keys[key] = nil
                    state.revision += 1
                default: break
                }
            }
            return TransactionResult(succeeded: holds, revision: state.revision, outcomes: [])
        }
    }

    func grantLease(seconds: Int) throws(StoreError) -> LeaseStatus {
        contents.state.withLock { state in
            state.nextLease += 1
            state.leases[state.nextLease] = seconds
            return LeaseStatus(
                id: LeaseID(rawValue: state.nextLease), remainingSeconds: seconds, grantedSeconds: seconds)
        }
    }

    func revokeLease(_ lease: LeaseID) throws(StoreError) {
        contents.state.withLock { _ = $0.leases.removeValue(forKey: lease.rawValue) }
    }

    func keepLeaseAlive(_ lease: LeaseID) throws(StoreError) -> LeaseStatus { try leaseStatus(lease) }

    func leaseStatus(_ lease: LeaseID) throws(StoreError) -> LeaseStatus {
        guard let seconds = contents.state.withLock({ $0.leases[lease.rawValue] }) else {
            throw StoreError(.leaseNotFound, operation: "lease status", reason: "no such lease")
        }
        return LeaseStatus(id: lease, remainingSeconds: seconds, grantedSeconds: termSeconds)
    }

    func watch(_ keys: KeyRange, from revision: Revision, _ body: (WatchBatch) -> WatchDecision) throws(StoreError) {
        _ = body(WatchBatch(revision: revision, events: []))
    }
}

private let termSeconds = 86400
