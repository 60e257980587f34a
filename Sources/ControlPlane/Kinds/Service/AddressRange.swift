internal import NetTypes

/// The addresses of a Service range that are handed out, in two bands: who asks for a certain address takes it from the
/// lower one by convention, and addresses that are drawn come from the upper one as long as it lasts
/// (https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/).
struct AddressRange: Hashable, Sendable {
    let cidr: CIDR
    /// All usable addresses: without the network's own, and without IPv4's broadcast.
    let usable: ClosedRange<UInt128>
    /// How many addresses the lower band has: min(max(16, size/16), 256); 0 for a range of 16 addresses or fewer.
    let lowerBand: UInt128

    /// Nil for a range with no usable address.
    init?(_ cidr: CIDR) {
        self.cidr = cidr.network
        let (network, last) = (cidr.first.value, cidr.last.value)
        let end = cidr.family == .v4 && last > network ? last - 1 : last
        guard network < end else { return nil }
        usable = network + 1...end
        let size = cidr.hostMask == .max ? UInt128.max : cidr.hostMask + 1
        lowerBand = size <= 16 ? 0 : min(max(16, size / 16), 256)
    }

    /// The first address: the `kubernetes` Service's.
    var first: IPAddress { IPAddress(family: cidr.family, value: usable.lowerBound) }

    func contains(_ address: IPAddress) -> Bool {
        address.family == cidr.family && usable.contains(address.value)
    }

    /// A free address: from a random start in the upper band onwards, round its end; then from the lower band in the
    /// same way; nil when the range is full.
    func draw(
        using generator: inout some RandomNumberGenerator, isTaken: (IPAddress) -> Bool
    ) -> IPAddress? {
        // A band of all addresses but the lower ones may be empty in a range that is smaller than its bands.
        let split = min(usable.lowerBound + lowerBand, usable.upperBound)
        let upper = split...usable.upperBound
        if let address = draw(upper, using: &generator, isTaken: isTaken) { return address }
        guard split > usable.lowerBound else { return nil }
        return draw(usable.lowerBound...split - 1, using: &generator, isTaken: isTaken)
    }

    private func draw(
        _ band: ClosedRange<UInt128>, using generator: inout some RandomNumberGenerator,
        isTaken: (IPAddress) -> Bool
    ) -> IPAddress? {
        let start = UInt128.random(in: band, using: &generator)
        var value = start
        repeat {
            let address = IPAddress(family: cidr.family, value: value)
            if !isTaken(address) { return address }
            value = value == band.upperBound ? band.lowerBound : value + 1
        } while value != start
        return nil
    }
}
