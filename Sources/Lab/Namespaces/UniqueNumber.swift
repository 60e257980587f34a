internal import Synchronization

/// Numbers 1, 2, 3 …, each given once in this process.
final class UniqueNumber: Sendable {
    private let last = Atomic<Int>(0)

    func next() -> Int { last.add(1, ordering: .relaxed).newValue }
}
