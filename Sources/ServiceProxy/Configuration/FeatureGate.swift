/// A switch of kube-proxy's that means something here. Others are kept and written back, without effect.
package enum FeatureGate: String, CaseIterable, Hashable, Sendable {
    /// Whether external IPs of Services are served.
    case externalIPs = "AllowServiceExternalIPs"
    /// Whether node ports may be had on loopback addresses with nftables.
    case localhostNodePorts = "KubeProxyNFTablesLocalhostNodePorts"

    /// kube-proxy's default.
    var isOnByDefault: Bool { self == .externalIPs }
}

extension ProxyConfiguration {
    package func isEnabled(_ gate: FeatureGate) -> Bool { featureGates[gate.rawValue] ?? gate.isOnByDefault }
}
