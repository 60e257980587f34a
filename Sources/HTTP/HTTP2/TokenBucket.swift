internal import Linux

/// How often something may happen: a store of chances that fills up again with time.
struct TokenBucket {
    private let capacity: Double
    private let perSecond: Double
    private var level: Double
    private var filled = MonotonicTime.now

    init(capacity: Int, perSecond: Int) {
        self.capacity = Double(capacity)
        self.perSecond = Double(perSecond)
        level = Double(capacity)
    }

    /// Takes one chance; false when there is none.
    mutating func take() -> Bool {
        if level < 1 {
            let now = MonotonicTime.now
            level = min(capacity, level + (now - filled).seconds * perSecond)
            filled = now
        }
        if level < 1 { return false }
        level -= 1
        return true
    }
}
