/// A revisioned key-value store with leases and watches, as etcd v3 defines it.
///
/// Every write gives the whole store a new revision. A store is used by one thread at a time; its calls block until
/// they are done, have failed or their deadline has passed. Give a thread that watches a store of its own.
package protocol KeyValueStore: AnyObject {
    /// The keys in the range, sorted, as they were at the revision, or are now when it is nil. All of one answer is of
    /// one revision. With `limit` at most that many.
    func range(_ keys: KeyRange, at revision: Revision?, limit: Int?) throws(StoreError) -> RangeResult

    /// Sets the key, attached to the lease or, with nil, to none. Gives the new revision.
    @discardableResult
    func put(_ key: String, _ value: [UInt8], lease: LeaseID?) throws(StoreError) -> Revision

    /// Removes the keys; gives how many there were and the revision after it.
    @discardableResult
    func delete(_ keys: KeyRange) throws(StoreError) -> DeleteResult

    /// Runs the operations of one branch, in one revision, by whether all comparisons hold.
    func commit(_ transaction: Transaction) throws(StoreError) -> TransactionResult

    /// A lease that ends after this many seconds unless it is kept alive.
    func grantLease(seconds: Int) throws(StoreError) -> LeaseStatus

    /// Ends the lease, and with it every key attached to it. `leaseNotFound` when it has ended already.
    func revokeLease(_ lease: LeaseID) throws(StoreError)

    /// Sets the lease's remaining time back to what was granted. `leaseNotFound` when it has ended.
    @discardableResult
    func keepLeaseAlive(_ lease: LeaseID) throws(StoreError) -> LeaseStatus

    /// What is left of the lease. `leaseNotFound` when it has ended.
    func leaseStatus(_ lease: LeaseID) throws(StoreError) -> LeaseStatus

    /// Follows the range from this revision on (that of a `range` plus one), and blocks until the body says `.stop` or
    /// the watch fails. The body gets an empty batch first, once the watch stands, and other empty ones as signs of
    /// life. Errors: `.compacted` means range again and watch from there, `.unavailable` means watch again from
    /// the last batch's revision plus one.
    func watch(_ keys: KeyRange, from revision: Revision, _ body: (WatchBatch) -> WatchDecision) throws(StoreError)
}

extension KeyValueStore {
    package func range(_ keys: KeyRange) throws(StoreError) -> RangeResult {
        try range(keys, at: nil, limit: nil)
    }

    /// The key's value, or nil when it is not there.
    package func get(_ key: String) throws(StoreError) -> KeyValue? { try range(.key(key)).keyValues.first }

    @discardableResult
    package func put(_ key: String, _ value: [UInt8]) throws(StoreError) -> Revision {
        try put(key, value, lease: nil)
    }
}
