/// Where the cluster's objects are kept: keys with bytes, each write with a revision of the whole store.
///
/// Implementations: `SQLiteObjectStore` (a file, one server), `EtcdObjectStore` (several servers at once) and
/// `MemoryObjectStore` (tests); one set of conformance tests holds for all. Keys have upstream's layout
/// (`/registry/pods/default/web-0`). Any thread may call; the closures are called on threads of the store or on the
/// caller's, must not block, and should only post to the event loop. What is promised about their order:
/// - deliveries come one at a time: the first is a snapshot, then come changes in the order of revisions, each once and
///   none left out;
/// - before a commit's or barrier's `done` is called, everything up to its revision has been delivered.
package protocol ObjectStore: AnyObject, Sendable {
    /// Reads what there is and follows it from then on; called once. A store on a file delivers its snapshot before
    /// this returns, and throws what keeps it from doing so; one on the network returns at once and delivers when it
    /// can.
    func start(_ deliver: @escaping @Sendable (StoreDelivery) -> Void) throws(StoreOpenError)

    /// Makes all of the writes, or none. Every write is durable when `done` gives its revision, in the order of the
    /// writes. Those of one commit are told in one `.changes`; SQLite gives them consecutive revisions, etcd the same
    /// one. No key may occur twice.
    func commit(_ writes: [ObjectWrite], _ done: @escaping @Sendable (Result<[Revision], WriteFailure>) -> Void)

    /// Gives the revision of the last delivery, once that is not older than the last write which any server had
    /// acknowledged before this call: a read made from the deliveries up to it is linearizable.
    func barrier(_ done: @escaping @Sendable (Result<Revision, WriteFailure>) -> Void)

    /// Forgets the history up to and including this revision, in the background; what keys hold stays. Stores compact
    /// by age (and the file by size) on their own: this is for tests and operators.
    func compact(through revision: Revision)

    /// Ends everything: acknowledged or failed is every write when this returns. Nothing is delivered after it.
    func close()
}

extension ObjectStore {
    /// Makes one write.
    package func write(
        _ write: ObjectWrite, _ done: @escaping @Sendable (Result<Revision, WriteFailure>) -> Void
    ) {
        commit([write]) { result in
            done(result.map { $0.first ?? 0 })
        }
    }
}
