internal import NetTypes
internal import Synchronization

/// Whether new connections of one client are spread evenly over the endpoints.
struct ServiceSpread: Sendable {
    static let connections = 400
    /// Less likely than once in a million is no chance.
    static let limit = 1e-6

    let promise: ServicePromise

    /// - Returns: the finding, and the counts in a sentence.
    func prove() -> (Finding, String?) {
        var finding = Finding(
            source: promise.client.name, destination: "\(promise.service) spread", family: promise.target.family,
            target: promise.target)
        guard case .reaches(let endpoints, _) = promise.fate, let port = promise.ports[.tcp] else {
            finding.problem = "leads nowhere"
            return (finding, nil)
        }
        var probe = Probe(from: promise.client.namespace, to: promise.target)
        probe.port = port
        probe.patience = .seconds(3)
        var counts = endpoints.mapValues { _ in 0 }
        for number in 1...Self.connections {
            guard case .answered(let answer) = probe.visit(.tcp), let server = answer.server else {
                finding.problem = "connection \(number) of \(Self.connections) was not answered"
                return (finding, nil)
            }
            counts[server, default: 0] += 1
        }
        let test = ChiSquare(evenly: Array(counts.values))
        let shares = counts.sorted { $0.key < $1.key }.map { "\($0.value)" }.joined(separator: " ")
        let text =
            "\(promise.client.name) → \(promise.destination) \(promise.target): \(shares) of \(Self.connections)"
            + " connections, p = \(Self.rounded(test.probability))"
        if test.probability < Self.limit { finding.problem = "uneven: \(text)" } else { finding.record("spread", nil) }
        return (finding, text)
    }

    private static func rounded(_ value: Double) -> String {
        value < 0.01 ? "\(value)" : "\((value * 100).rounded() / 100)"
    }
}
