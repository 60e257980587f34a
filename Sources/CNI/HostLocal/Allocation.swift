internal import NetTypes

/// Takes an address from each set of a configuration for one attachment, all or none.
struct Allocation: ~Copyable {
    private var directory: ReservationDirectory
    private let reservation: Reservation
    private let liveness: Liveness
    private var taken: [CNIResult.IP] = []

    init(in directory: consuming ReservationDirectory, for reservation: Reservation, liveness: Liveness) {
        self.directory = directory
        self.reservation = reservation
        self.liveness = liveness
    }

    /// Reserves, in the order of the sets. When one has no room, or a requested address cannot be had, what was taken
    /// so far is given back and the error has the reference plugin's sentence.
    consuming func run(_ config: HostLocalConfig, namespace: NamespaceRecord?) throws(CNIError) -> [CNIResult.IP] {
        do throws(CNIError) {
            try takeAll(config)
            try directory.record(taken.map(\.address.address), for: reservation, namespace: namespace)
        } catch {
            try? directory.release(taken.map(\.address.address), of: reservation)
            try directory.close()
            throw error
        }
        let result = taken
        try directory.close()
        return result
    }

    private mutating func takeAll(_ config: HostLocalConfig) throws(CNIError) {
        var requested = config.requested
        for (number, set) in config.sets.enumerated() {
            let wanted = requested.firstIndex(where: set.contains).map { requested.remove(at: $0) }
            do throws(CNIError) {
                taken.append(try take(from: set, number, wanted))
            } catch {
                throw error.prefixed("failed to allocate for range \(number)")
            }
        }
        if !requested.isEmpty {
            let list = requested.list(" ")
            throw CNIError(
                .invalidConfig, "failed to allocate all requested IPs: \(list)",
                details: "each requested address must be in a range of its own set")
        }
    }

    private mutating func take(from set: RangeSet, _ number: Int, _ wanted: IPAddress?) throws(CNIError)
        -> CNIResult.IP
    {
        if let wanted { return try take(wanted, from: set, number) }
        try refuseSecond(in: set)
        while true {
            guard let (address, range) = directory.nextFree(in: set, number: number) else {
                if try directory.reclaim(in: set, liveness) { continue }
                throw CNIError(.tryAgainLater, "no IP addresses available in range set: \(set)")
            }
            if try directory.reserve(address, for: reservation, set: number) { return Self.ip(address, range) }
        }
    }

    private mutating func take(_ wanted: IPAddress, from set: RangeSet, _ number: Int) throws(CNIError)
        -> CNIResult.IP
    {
        guard let range = set.range(containing: wanted) else {
            throw CNIError(.invalidConfig, "\(wanted) not in range set \(set)")
        }
        if wanted == range.gateway {
            throw CNIError(.invalidConfig, "requested ip \(wanted) is subnet's gateway")
        }
        let owner: Reservation?
        do { owner = try directory.owner(of: wanted) } catch { throw CNIError(error) }
        if let owner {
            throw CNIError(
                .internalFailure, "requested IP address \(wanted) is not available in range set \(set)",
                details: "it belongs to container \(owner.containerID)")
        }
        try refuseSecond(in: set)
        guard try directory.reserve(wanted, for: reservation, set: number) else {
            throw CNIError(.internalFailure, "requested IP address \(wanted) is not available in range set \(set)")
        }
        return Self.ip(wanted, range)
    }

    /// One address of each set for an attachment: an ADD that is repeated must fail.
    private func refuseSecond(in set: RangeSet) throws(CNIError) {
        let interface = reservation.interfaceName ?? ""
        let held = try directory.addresses(reservation.containerID, interface)
        if let address = held.first(where: set.contains) {
            throw CNIError(
                .internalFailure,
                "\(address) has been allocated to \(reservation.containerID), duplicate allocation is not allowed")
        }
    }

    private static func ip(_ address: IPAddress, _ range: AddressRange) -> CNIResult.IP {
        CNIResult.IP(address: CIDR(address, range.subnet.prefixLength), gateway: range.gateway)
    }
}
