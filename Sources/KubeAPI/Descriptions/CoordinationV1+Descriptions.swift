extension CoordinationV1 {
    static let descriptions = """
        Lease: A claim that its holder renews: of leadership, or of being alive.
          spec: Who holds it, and until when.
        LeaseSpec: A lease's holder and times.
          holderIdentity: The holder's name; nobody when empty.
          leaseDurationSeconds: Seconds after renewTime for which the holder still holds it.
          acquireTime: When the holder got it.
          renewTime: When the holder last renewed it.
          leaseTransitions: How often it went from one holder to another.
          strategy: How the next holder is chosen, such as OldestEmulationVersion; by whoever comes first when nothing
            is said.
          preferredHolder: Who should hold it: the present holder gives it up for that one. Needs a strategy.
        """
}
