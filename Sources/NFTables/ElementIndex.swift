internal import Glibc

/// Finds the elements of a list by their bytes, or by some of them.
struct ElementIndex {
    private let part: (ElementRecord) -> UnsafeRawBufferPointer
    /// One more than the place in the list; 0 for none. As many as a power of two, twice what is needed.
    private var slots: [UInt32]
    /// Two have the same bytes.
    private(set) var hasDuplicates = false

    init(_ list: ElementList, by part: @escaping (ElementRecord) -> UnsafeRawBufferPointer) {
        self.part = part
        var size = 16
        while size < 2 * list.count { size *= 2 }
        slots = Array(repeating: 0, count: size)
        for place in list.indices {
            list.withRecord(place) { record in
                let slot = slot(of: part(record), in: list)
                if slots[slot] == 0 { slots[slot] = UInt32(place + 1) } else { hasDuplicates = true }
            }
        }
    }

    /// The place of the one with these bytes, in the list that the index was made of.
    func find(_ bytes: UnsafeRawBufferPointer, in list: ElementList) -> Int? {
        let place = slots[slot(of: bytes, in: list)]
        return place == 0 ? nil : Int(place) - 1
    }

    /// Where the bytes are, or would be.
    private func slot(of bytes: UnsafeRawBufferPointer, in list: ElementList) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: bytes)
        let mask = slots.count - 1
        var slot = hasher.finalize() & mask
        while slots[slot] != 0, !list.withRecord(Int(slots[slot]) - 1, { part($0).isSame(as: bytes) }) {
            slot = (slot + 1) & mask
        }
        return slot
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func isSame(as other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count, let start = baseAddress, let otherStart = other.baseAddress else {
            return count == other.count
        }
        return memcmp(start, otherStart, count) == 0
    }
}

extension ElementList {
    /// What has to go for these elements to be the other ones, and what has to come. One that has another value, timeout or
    /// comment goes and comes.
    package func changes(to wanted: ElementList) -> (gone: ElementList, come: ElementList) {
        var gone = ElementList(set)
        var come = ElementList(set)
        let index = ElementIndex(wanted, by: \.bytes)
        var isThere = [Bool](repeating: false, count: wanted.count)
        for place in indices {
            if let found = withRecord(place, { index.find($0.bytes, in: wanted) }) {
                isThere[found] = true
            } else {
                gone.append(self, place)
            }
        }
        for place in wanted.indices where !isThere[place] { come.append(wanted, place) }
        return (gone, come)
    }

    /// No entry is there twice.
    var isDistinct: Bool { !ElementIndex(self, by: \.place).hasDuplicates }
}
