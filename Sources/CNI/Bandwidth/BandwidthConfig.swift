internal import JSON
package import Netlink

/// The keys of the reference plugin `bandwidth`: rates in bits a second, bursts in bits. Those in the configuration
/// itself win over the capability's.
package struct BandwidthConfig: Hashable, Sendable {
    /// Towards the container.
    package var ingress: TokenBucket?
    /// From the container.
    package var egress: TokenBucket?

    package init(_ config: NetworkConfig) throws(CNIError) {
        let reader = config.reader
        let keys = ["ingressRate", "ingressBurst", "egressRate", "egressBurst"]
        let isStatic = keys.contains { (reader.int($0) ?? 0) != 0 }
        let source = isStatic ? reader : reader.object("runtimeConfig")?.object("bandwidth") ?? reader
        ingress = Self.bucket(source, "ingressRate", "ingressBurst")
        egress = Self.bucket(source, "egressRate", "egressBurst")
        for key in ["unshapedSubnets", "shapedSubnets"] where !(reader.strings(key) ?? []).isEmpty {
            reader.reject(key, "a token bucket shapes the whole interface, not some of its peers")
        }
        try reader.finish()
    }

    package var isEmpty: Bool { ingress == nil && egress == nil }

    /// What waits for its turn is dropped after 25 ms, as upstream has it.
    private static func bucket(_ reader: ConfigReader, _ rateKey: String, _ burstKey: String) -> TokenBucket? {
        let rate = reader.int(rateKey) ?? 0
        let burst = reader.int(burstKey) ?? 0
        if rate < 0 { reader.reject(rateKey, "\(rate) is negative") }
        if burst < 0 { reader.reject(burstKey, "\(burst) is negative") }
        if (rate == 0) != (burst == 0) {
            reader.reject(rate == 0 ? rateKey : burstKey, "missing: a rate and its burst belong together")
        }
        guard let bytes = UInt32(exactly: max(0, burst) / 8) else {
            reader.reject(burstKey, "\(burst) bits are more than 4 GB")
            return nil
        }
        guard rate > 0, burst > 0 else { return nil }
        if rate < 8 || bytes == 0 {
            reader.reject(rateKey, "less than one byte lets nothing through")
            return nil
        }
        return TokenBucket(rate: UInt64(rate) / 8, burst: bytes, latencyMicroseconds: 25_000)
    }
}
