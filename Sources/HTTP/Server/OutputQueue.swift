/// Bytes that wait to be sent: pieces that are shared with other queues, taken from the front in any portions.
struct OutputQueue {
    private var pieces: [SharedBytes] = []
    /// The first piece that is not wholly taken, and how much of it is.
    private var first = 0
    private var offset = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ piece: SharedBytes) {
        if piece.isEmpty { return }
        pieces.append(piece)
        count += piece.count
    }

    mutating func append(contentsOf more: [SharedBytes]) {
        if pieces.isEmpty, !more.contains(where: \.isEmpty) {
            pieces = more
            count = more.reduce(0) { $0 + $1.count }
        } else {
            for piece in more { append(piece) }
        }
    }

    mutating func removeAll() { self = OutputQueue() }

    /// Moves as many bytes as fit into the buffer; gives their number.
    mutating func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var filled = 0
        while filled < buffer.count, first < pieces.count {
            let portion = min(pieces[first].count - offset, buffer.count - filled)
            pieces[first].withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + portion)]))
            }
            filled += portion
            offset += portion
            if offset == pieces[first].count {
                pieces[first] = []
                first += 1
                offset = 0
            }
        }
        count -= filled
        if first == pieces.count {
            // Nothing is kept for a queue that is mostly empty.
            pieces = []
            first = 0
        } else if first >= 64, first * 2 >= pieces.count {
            pieces.removeFirst(first)
            first = 0
        }
        return filled
    }
}
