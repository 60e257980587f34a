/// Which rules the overlay keeps for the pods' traffic.
package struct TrafficOptions: Hashable, Sendable {
    /// Traffic that leaves the pod network gets the node's address.
    package var masquerades: Bool
    /// Source ports are drawn at random, so that two connections masqueraded at once do not take the same one.
    package var isFullyRandom: Bool
    package var acceptsForwarding: Bool

    package init(masquerades: Bool, isFullyRandom: Bool = true, acceptsForwarding: Bool = true) {
        self.masquerades = masquerades
        self.isFullyRandom = isFullyRandom
        self.acceptsForwarding = acceptsForwarding
    }
}
