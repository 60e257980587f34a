internal import Glibc

/// Pearson's test of whether counts are what chance makes of equal shares.
package struct ChiSquare: Sendable {
    package let statistic: Double
    package let degrees: Int

    package init(evenly counts: [Int]) {
        let expected = Double(counts.reduce(0, +)) / Double(max(1, counts.count))
        statistic =
            expected > 0 ? counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected } : 0
        degrees = max(0, counts.count - 1)
    }

    package init(statistic: Double, degrees: Int) {
        self.statistic = statistic
        self.degrees = degrees
    }

    /// How likely chance alone makes them at least as uneven: Q(degrees / 2, statistic / 2), by its recurrence from
    /// exp(-x) or erfc(√x) on (DLMF 8.4.6, 8.4.15, 8.8.6).
    package var probability: Double {
        if degrees == 0 || statistic <= 0 { return 1 }
        let x = statistic / 2
        var (shape, sum) = degrees % 2 == 0 ? (1.0, exp(-x)) : (0.5, erfc(x.squareRoot()))
        while shape < Double(degrees) / 2 {
            sum += exp(shape * log(x) - x - lgamma(shape + 1))
            shape += 1
        }
        return min(1, sum)
    }
}
