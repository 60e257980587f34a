internal import NetTypes

/// A table of slots in which each destination has as many as its share says, on every node the same ones, and in which a
/// destination that comes or goes moves few of the others' (Eisenbud et al., Maglev, NSDI 2016, §3.4; shares by how often
/// one is asked).
enum MaglevTable {
    /// Primes, so that each destination's way through the table meets every slot.
    private static let sizes = [61, 251, 1021, 4093, 16_381, 65_521]

    private struct Seeker {
        var destination: Destination
        var share: Int
        /// What has been saved up of the share.
        var credit = 0
        var slot: Int
        var skip: Int
    }

    /// `wanted` without repetition, in any order; shares that are all the same mean as much as 1 for each.
    static func slots(_ wanted: [Destination], share: (Destination) -> Int) -> [Destination] {
        let serving = wanted.filter { share($0) > 0 }
        let destinations = serving.isEmpty ? wanted : serving
        if destinations.count < 2 { return destinations }
        // Twenty slots for each, so that none differs from another by more than a twentieth.
        let size = sizes.first { $0 >= destinations.count * 20 } ?? sizes[sizes.count - 1]
        var seekers = destinations.sorted().map { destination in
            let hash = hash(destination)
            return Seeker(
                destination: destination, share: max(share(destination), 1), slot: Int(hash % UInt64(size)),
                skip: Int((hash >> 32) % UInt64(size - 1)) + 1)
        }
        let most = seekers.map(\.share).max() ?? 1
        var table: [Destination?] = Array(repeating: nil, count: size)
        var free = size
        while free > 0 {
            for index in seekers.indices where free > 0 {
                seekers[index].credit += seekers[index].share
                if seekers[index].credit < most { continue }
                seekers[index].credit -= most
                while table[seekers[index].slot] != nil {
                    seekers[index].slot = (seekers[index].slot + seekers[index].skip) % size
                }
                table[seekers[index].slot] = seekers[index].destination
                free -= 1
            }
        }
        return table.compactMap { $0 }
    }

    /// FNV-1a, and a mixing of the bits: the same on every machine and in every release.
    private static func hash(_ destination: Destination) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for octet in destination.address.octets + [UInt8(destination.port >> 8), UInt8(destination.port & 255)] {
            hash = (hash ^ UInt64(octet)) &* 0x100_0000_01B3
        }
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        return hash ^ hash >> 33
    }
}
