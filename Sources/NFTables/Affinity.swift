package import NetTypes

/// How a client keeps the place that it was sent to: a dynamic map from source, destination, protocol and port to address
/// and port.
///
/// What is looked up once is both remembered and used, which nft(8) prints as two look-ups and cannot say itself. Whether
/// the place is still one must be seen to by who removes it: a look-up of what a map gave makes nft(8) 1.0.6 give up.
package struct Affinity: Hashable, Sendable {
    package var family: IPFamily
    /// (source . destination . protocol . port : address . port)
    package var memory: String
    /// The keys of the places begin with the destination.
    package var hasDestination: Bool
    package var milliseconds: UInt64

    package init(_ family: IPFamily, memory: NFTSet, hasDestination: Bool, seconds: UInt32) {
        self.family = family
        self.memory = memory.name
        self.hasDestination = hasDestination
        milliseconds = UInt64(seconds) * 1000
    }
}

extension Affinity {
    private var width: Int { family == .v4 ? 1 : 4 }
    private var front: Register { Register(word: hasDestination ? width : 2 * width) }
    private var place: Register { Register(word: 2 * width + 2) }

    private var load: [Expression] {
        [
            family.sourceSelector.load(to: .first), family.destinationSelector.load(to: Register(word: width)),
            Selector.l4proto.load(to: Register(word: 2 * width)),
            Selector.destinationPort.load(to: Register(word: 2 * width + 1)),
        ]
    }

    private var finish: [Expression] {
        [
            .update(.first, place, set: memory, milliseconds: milliseconds),
            .nat(
                source: false, family: family == .v4 ? .ip : .ip6, address: place,
                port: Register(word: place.word + width), flags: []),
        ]
    }

    var remembered: [Expression] {
        load + [.map(.first, set: memory, to: place)] + finish
    }

    func remembering(_ slots: UInt32, _ places: String) -> [Expression] {
        load + [Selector.random(slots).load(to: place), .map(front, set: places, to: place)] + finish
    }
}
