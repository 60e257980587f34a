/// Durations of one thing done many times, in milliseconds.
struct Sample {
    private var values: [Double] = []

    mutating func add(_ duration: Duration) {
        values.append(milliseconds(duration))
    }

    mutating func add(_ other: Sample) { values += other.values }

    var count: Int { values.count }

    /// Runs the body once and adds how long it took.
    mutating func time<Result>(_ body: () throws -> Result) rethrows -> Result {
        let clock = ContinuousClock()
        let start = clock.now
        defer { add(clock.now - start) }
        return try body()
    }

    /// The value below which this share of the sample lies (nearest rank); 0 for an empty sample.
    func percentile(_ share: Double) -> Double {
        let sorted = values.sorted()
        guard let last = sorted.indices.last else { return 0 }
        return sorted[min(last, Int((share * Double(sorted.count)).rounded(.up)) - (share > 0 ? 1 : 0))]
    }

    var median: Double { percentile(0.5) }
}

func milliseconds(_ duration: Duration) -> Double { duration / .milliseconds(1) }

/// A number with as many decimals as a reader of a table wants: 0.042, 3.7, 181.
func rounded(_ value: Double) -> String {
    let decimals = value < 1 ? 3 : value < 10 ? 2 : value < 100 ? 1 : 0
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (value * scale).rounded()
    let whole = String(Int(scaled / scale))
    guard decimals > 0 else { return whole }
    let fraction = String(Int(scaled) % Int(scale))
    return whole + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
}
