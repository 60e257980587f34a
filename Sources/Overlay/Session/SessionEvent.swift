/// What the threads that talk to the store tell the daemon's loop.
package enum SessionEvent: Sendable {
    /// The network's configuration, at start and whenever it has changed.
    case config(PublishedConfig)
    /// We hold this lease now, or still.
    case own(OwnLease)
    case leases([LeaseEvent])
    /// What the store says about this node itself.
    case node(NodeWishes)
    /// Keys or values in the store that are no leases.
    case unreadable([String])
    /// A part of the store's work has failed and will be tried again, or (nil) works again.
    case trouble(SessionPart, String?)
}

package enum SessionPart: String, Hashable, Sendable, CaseIterable {
    case config, lease, watch
}
