/// Changes that a watch has seen, whole revisions in order.
package struct WatchBatch: Hashable, Sendable {
    /// The store's revision that the watch has reached: when it breaks, go on from the one after it.
    package var revision: Revision
    /// Empty when the watch was just made, or nothing has changed for a while.
    package var events: [WatchEvent]

    package init(revision: Revision, events: [WatchEvent]) {
        self.revision = revision
        self.events = events
    }
}

package enum WatchEvent: Hashable, Sendable {
    case put(KeyValue)
    /// The key is gone, by deletion or with its lease, since this revision. Its last value is not told.
    case delete(key: String, revision: Revision)
}

package enum WatchDecision: Hashable, Sendable { case proceed, stop }
