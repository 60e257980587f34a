/// Cuts the bytes of a watch into its events, one a line, wherever the network has cut them.
struct WatchLines {
    private var unfinished: [UInt8] = []
    private let limit: Int

    /// An event holds one object, and etcd none of more than a few megabytes.
    init(limit: Int = 32 << 20) { self.limit = limit }

    struct TooLong: Error {}

    /// Takes bytes as they come; gives each whole line to the body, until that says no more.
    mutating func receive(_ bytes: [UInt8], _ body: (UnsafeBufferPointer<UInt8>) -> Bool) throws(TooLong) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(TooLong) in
            var start = 0
            while let end = bytes[start...].firstIndex(of: 0x0A) {
                let part = UnsafeBufferPointer(rebasing: bytes[start..<end])
                start = end + 1
                let goesOn: Bool
                if unfinished.isEmpty {
                    goesOn = part.isEmpty || body(part)
                } else {
                    unfinished.append(contentsOf: part)
                    goesOn = unfinished.withUnsafeBufferPointer(body)
                    unfinished.removeAll(keepingCapacity: unfinished.capacity <= 64 << 10)
                }
                if !goesOn { return }
            }
            guard unfinished.count + bytes.count - start <= limit else { throw TooLong() }
            unfinished.append(contentsOf: bytes[start...])
        }
    }

    /// Bytes of an event whose end has not come.
    var hasRest: Bool { !unfinished.isEmpty }
}
