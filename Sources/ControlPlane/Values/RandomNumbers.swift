internal import Glibc
internal import Synchronization

/// The kernel's random numbers, fetched by the quarter kilobyte: a system call for each, as the standard library's generator
/// makes, is much of what a small request costs. For names and UIDs, not for keys and tokens.
struct RandomNumbers: RandomNumberGenerator {
    private static let fetched = Mutex<[UInt64]>([])

    mutating func next() -> UInt64 {
        Self.fetched.withLock { numbers in
            if let number = numbers.popLast() { return number }
            numbers = Self.fetch()
            return numbers.removeLast()
        }
    }

    private static func fetch() -> [UInt64] {
        var numbers = [UInt64](repeating: 0, count: most / 8)
        // It fails for no other reason than a kernel that does not have it.
        let result = numbers.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { getentropy($0, bytes.count) } ?? -1
        }
        precondition(result == 0, "the kernel gives no random numbers")
        return numbers
    }

    /// The most bytes that one call gives (getentropy(3)).
    private static let most = 256
}
