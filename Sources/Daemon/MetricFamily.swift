internal import Synchronization

/// Samples of one name, told apart by their labels.
protocol MetricFamily: Sendable {
    var name: String { get }
    var help: String { get }
    var kind: String { get }
    func writeSamples(to text: inout String)
}

/// A counter's or gauge's.
final class ValueFamily: MetricFamily {
    let name: String
    let help: String
    let kind: String
    private let labelNames: [String]
    private let samples: Mutex<[[String]: Double]>

    init(name: String, help: String, kind: String, labelNames: [String]) {
        self.name = name
        self.help = help
        self.kind = kind
        self.labelNames = labelNames
        // Without labels there is one sample, which is there before anything was counted.
        samples = Mutex(labelNames.isEmpty ? [[]: 0] : [:])
    }

    func change(_ labels: [String], _ body: (inout Double) -> Void) {
        precondition(labels.count == labelNames.count, "\(name) has the labels \(labelNames)")
        samples.withLock { body(&$0[labels, default: 0]) }
    }

    func remove(_ labels: [String]) { samples.withLock { $0[labels] = nil } }

    func writeSamples(to text: inout String) {
        for (labels, value) in samples.withLock({ $0 }).sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            text += "\(name)\(labelSet(labelNames, labels)) \(number(value))\n"
        }
    }
}

final class HistogramFamily: MetricFamily {
    private struct Sample {
        /// Observations within each bound, those of smaller bounds not included; the last one is beyond all bounds.
        var counts: [UInt64]
        var sum = 0.0

        init(_ bounds: Int) { counts = Array(repeating: 0, count: bounds + 1) }

        mutating func add(_ value: Double, to bucket: Int) {
            counts[bucket] += 1
            sum += value
        }
    }

    let name: String
    let help: String
    let kind = "histogram"
    private let labelNames: [String]
    private let bounds: [Double]
    private let samples: Mutex<[[String]: Sample]>

    init(name: String, help: String, labelNames: [String], bounds: [Double]) {
        self.name = name
        self.help = help
        self.labelNames = labelNames
        self.bounds = bounds
        samples = Mutex(labelNames.isEmpty ? [[]: Sample(bounds.count)] : [:])
    }

    func observe(_ value: Double, _ labels: [String]) {
        precondition(labels.count == labelNames.count, "\(name) has the labels \(labelNames)")
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        samples.withLock {
            // In its place, so that the counts are not copied.
            $0[labels, default: Sample(bounds.count)].add(value, to: bucket)
        }
    }

    func writeSamples(to text: inout String) {
        for (labels, sample) in samples.withLock({ $0 }).sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            var total: UInt64 = 0
            for (bound, count) in zip(bounds + [.infinity], sample.counts) {
                total += count
                text += "\(name)_bucket\(labelSet(labelNames + ["le"], labels + [number(bound)])) \(total)\n"
            }
            text += "\(name)_sum\(labelSet(labelNames, labels)) \(number(sample.sum))\n"
            text += "\(name)_count\(labelSet(labelNames, labels)) \(total)\n"
        }
    }
}

private func labelSet(_ names: [String], _ values: [String]) -> String {
    if names.isEmpty { return "" }
    return "{" + zip(names, values).map { "\($0)=\"\(escaped($1, quotes: true))\"" }.joined(separator: ",") + "}"
}

/// Go's notation of a float.
private func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return Int64(exactly: value).map { "\($0)" } ?? "\(value)"
}

func escaped(_ text: String, quotes: Bool) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
        switch scalar {
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\"" where quotes: result += "\\\""
        default: result.unicodeScalars.append(scalar)
        }
    }
}
