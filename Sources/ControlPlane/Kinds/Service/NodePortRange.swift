/// The numbers that Services get on every node, in two bands as the addresses have them
/// (https://kubernetes.io/docs/concepts/services-networking/service/#avoid-nodeport-collisions).
package struct NodePortRange: Hashable, Sendable, CustomStringConvertible {
    let ports: ClosedRange<Int>
    /// How many of the lower numbers are left to those who ask for a certain one: min(max(16, size/32), 128).
    let lowerBand: Int

    package static let standard = NodePortRange(30000...32767)

    package init(_ ports: ClosedRange<Int>) {
        self.ports = ports
        lowerBand = ports.count <= 16 ? 0 : min(max(16, ports.count / 32), 128)
    }

    package var description: String { "\(ports.lowerBound)-\(ports.upperBound)" }

    /// A free number: from a random start in the upper band onwards, then from the lower band; nil when all are taken.
    func draw(using generator: inout some RandomNumberGenerator, isTaken: (Int) -> Bool) -> Int? {
        let split = ports.lowerBound + lowerBand
        if let port = draw(split...ports.upperBound, using: &generator, isTaken: isTaken) { return port }
        guard lowerBand > 0 else { return nil }
        return draw(ports.lowerBound...split - 1, using: &generator, isTaken: isTaken)
    }

    private func draw(
        _ band: ClosedRange<Int>, using generator: inout some RandomNumberGenerator, isTaken: (Int) -> Bool
    ) -> Int? {
        let start = Int.random(in: band, using: &generator)
        for step in 0..<band.count {
            let port = band.lowerBound + (start - band.lowerBound + step) % band.count
            if !isTaken(port) { return port }
        }
        return nil
    }
}
