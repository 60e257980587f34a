/// Bytes that wait to be sent: pieces that are shared with other queues, taken from the front in any portions. One piece,
/// which is all that most queues ever hold, takes no memory of its own.
struct OutputQueue {
    private var front: SharedBytes = []
    /// How much of the front is taken.
    private var offset = 0
    /// The pieces behind it, from `next` on.
    private var others: [SharedBytes] = []
    private var next = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ piece: SharedBytes) {
        if piece.isEmpty { return }
        if count == 0 { front = piece } else { others.append(piece) }
        count += piece.count
    }

    mutating func append(contentsOf pieces: [SharedBytes]) {
        guard isEmpty, let first = pieces.first, !pieces.contains(where: \.isEmpty) else {
            for piece in pieces { append(piece) }
            return
        }
        // The list is taken as it is.
        (front, others, next) = (first, pieces, 1)
        count = pieces.reduce(0) { $0 + $1.count }
    }

    mutating func removeAll() { self = OutputQueue() }

    /// Moves as many bytes as fit into the buffer; gives their number.
    mutating func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var filled = 0
        while filled < buffer.count, count > filled {
            let portion = min(front.count - offset, buffer.count - filled)
            front.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + portion)]))
            }
            filled += portion
            offset += portion
            if offset == front.count { advance() }
        }
        count -= filled
        return filled
    }

    private mutating func advance() {
        offset = 0
        guard next < others.count else {
            // Nothing is kept for a queue that is mostly empty.
            front = []
            others = []
            next = 0
            return
        }
        front = others[next]
        others[next] = []
        next += 1
        if next >= 64, next * 2 >= others.count {
            others.removeFirst(next)
            next = 0
        }
    }
}
