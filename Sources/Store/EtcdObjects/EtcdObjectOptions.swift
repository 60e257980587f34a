/// How a store on etcd behaves.
package struct EtcdObjectOptions: Sendable {
    /// The keys that are objects. The watch goes over all keys of the etcd, so that every revision is seen.
    package var prefix = "/registry/"
    /// Connections for writes: as many as can wait for etcd at a time.
    package var writers = 12
    /// How often the history is compacted, to what it was the last time.
    package var compactionInterval: Duration = .seconds(300)
    /// How long one endpoint may take to answer, before its writes are uncertain and the next endpoint is asked.
    package var answerLimit: Duration = .seconds(5)
    /// How long an acknowledged write may take to come through the watch, before the watch is made anew at another
    /// endpoint; and before its writer is told that the outcome is uncertain.
    package var patience: Duration = .seconds(2)
    package var deliveryLimit: Duration = .seconds(15)

    package init() {}
}
