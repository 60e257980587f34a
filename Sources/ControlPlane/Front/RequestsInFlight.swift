/// How many requests are in work at once: upstream's two limits.
package struct RequestsInFlight {
    private let readLimit: Int
    private let writeLimit: Int
    private var reads = 0
    private var writes = 0

    package init(readLimit: Int = 400, writeLimit: Int = 200) {
        self.readLimit = readLimit
        self.writeLimit = writeLimit
    }

    /// Counts the request in either case; false when it is one too many.
    mutating func enter(_ isMutating: Bool) -> Bool {
        if isMutating {
            writes += 1
            return writes <= writeLimit
        }
        reads += 1
        return reads <= readLimit
    }

    mutating func leave(_ isMutating: Bool) {
        if isMutating { writes -= 1 } else { reads -= 1 }
    }
}
