internal import JSON
internal import Linux
internal import NetTypes

/// Tells of reservations whose container is gone, though no DEL ever came. In doubt a container lives.
struct Liveness {
    let network: String
    /// libcni's cache of results.
    let runtimeCacheDirectory: String

    /// Gone is a container whose namespace, seen at its ADD, no longer is. For what another plugin reserved, the
    /// namespace is the one that the runtime noted.
    func isGone(_ reservation: Reservation, _ namespace: NamespaceRecord?) -> Bool {
        if let namespace { return namespace.isGone }
        guard let interface = reservation.interfaceName else { return false }
        let file = PathKey.name("\(network)-\(reservation.containerID)-\(interface)")
        guard let bytes = try? Files.read("\(runtimeCacheDirectory)/\(file)"),
            let cached = try? JSONValue.parse(bytes), let path = cached["netns"]?.string, !path.isEmpty,
            cached["containerId"]?.string == reservation.containerID
        else { return false }
        return !Files.exists(path) && Errno.last == .noEntry
    }
}

extension ReservationDirectory {
    /// Frees the addresses of a set whose containers are gone. Called when a pool is full; it reads everything.
    mutating func reclaim(in set: RangeSet, _ liveness: Liveness) throws(CNIError) -> Bool {
        let gone = try orphans(in: set, liveness)
        for (reservation, addresses) in gone { try release(addresses, of: reservation) }
        return !gone.isEmpty
    }

    /// Whether `reclaim` would free any.
    mutating func canReclaim(in set: RangeSet, _ liveness: Liveness) throws(CNIError) -> Bool {
        try !orphans(in: set, liveness).isEmpty
    }

    private mutating func orphans(in set: RangeSet, _ liveness: Liveness) throws(CNIError)
        -> [Reservation: [IPAddress]]
    {
        try all().filter { reservation, addresses in
            addresses.contains(where: set.contains) && liveness.isGone(reservation, namespace(of: reservation))
        }
    }
}
