internal import Synchronization

/// A program's figures, in the text format of Prometheus (version 0.0.4).
///
/// Made once and passed to what counts; any thread may count and any may read. The order of families is that of their
/// making.
package final class Metrics: Sendable {
    private let families = Mutex<[any MetricFamily]>([])

    package init() {}

    /// What only grows. The name ends in `_total`.
    package func counter(_ name: String, _ help: String, labels: [String] = []) -> Counter {
        Counter(values: add(ValueFamily(name: name, help: help, kind: "counter", labelNames: labels)))
    }

    /// What goes up and down.
    package func gauge(_ name: String, _ help: String, labels: [String] = []) -> Gauge {
        Gauge(values: add(ValueFamily(name: name, help: help, kind: "gauge", labelNames: labels)))
    }

    /// How values are spread. Buckets are upper bounds, ascending, without the infinite one; by default seconds from
    /// half a millisecond to ten.
    package func histogram(
        _ name: String, _ help: String, labels: [String] = [],
        buckets: [Double] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    ) -> Histogram {
        Histogram(values: add(HistogramFamily(name: name, help: help, labelNames: labels, bounds: buckets)))
    }

    private func add<Family: MetricFamily>(_ family: Family) -> Family {
        families.withLock { families in
            precondition(!families.contains { $0.name == family.name }, "two metrics are named \(family.name)")
            families.append(family)
        }
        return family
    }

    /// All families with their samples; the body of `/metrics`.
    package var exposition: String {
        var text = ""
        for family in families.withLock({ $0 }) {
            text += "# HELP \(family.name) \(escaped(family.help, quotes: false))\n"
            text += "# TYPE \(family.name) \(family.kind)\n"
            family.writeSamples(to: &text)
        }
        return text
    }
}

/// Label values are given in the order of the label names.
package struct Counter: Sendable {
    let values: ValueFamily

    package func increment(by amount: Double = 1, _ labels: String...) {
        precondition(amount >= 0, "a counter only grows")
        values.change(labels) { $0 += amount }
    }
}

package struct Gauge: Sendable {
    fileprivate let values: ValueFamily

    package func set(_ value: Double, _ labels: String...) { values.change(labels) { $0 = value } }
    package func add(_ amount: Double, _ labels: String...) { values.change(labels) { $0 += amount } }
    /// Forgets the sample of something that is no more.
    package func remove(_ labels: String...) { values.remove(labels) }
}

package struct Histogram: Sendable {
    fileprivate let values: HistogramFamily

    package func observe(_ value: Double, _ labels: String...) { values.observe(value, labels) }
    package func observe(_ duration: Duration, _ labels: String...) { values.observe(duration / .seconds(1), labels) }
}
