package import NetTypes

/// How the endpoint of a new connection is chosen. A Service says it by the annotation `poplin.dev/scheduling`.
package enum Scheduling: String, CaseIterable, Hashable, Sendable {
    /// By chance, as kube-proxy does.
    case random
    /// One after another, for each port by itself.
    case roundRobin = "round-robin"
    /// By the client's address, on every node alike; a change of the endpoints moves few other clients.
    case sourceHash = "source-hash"
}

/// The share of endpoints in a network, beside others who have 1. Of several that fit, the longest prefix counts.
///
/// A Service says them by the annotation `poplin.dev/weights`, such as `10.244.1.0/24=3, 10.244.2.7=0`. An endpoint with 0
/// gets no new connection while one with more serves.
package struct Weight: Hashable, Sendable {
    package var network: CIDR
    /// 0...100
    package var share: Int

    package init(_ network: CIDR, _ share: Int) {
        self.network = network
        self.share = share
    }

    /// Nil for anything else than `ADDRESS=N` or `NETWORK=N`.
    init?(_ text: Substring) {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, let share = Int(parts[1]), (0...100).contains(share) else { return nil }
        guard let network = CIDR(String(parts[0]))?.network ?? IPAddress(String(parts[0])).map(CIDR.init(host:)) else {
            return nil
        }
        self.init(network, share)
    }
}

extension [Weight] {
    func share(of address: IPAddress) -> Int {
        self.filter { $0.network.contains(address) }.max { $0.network.prefixLength < $1.network.prefixLength }?.share
            ?? 1
    }
}
