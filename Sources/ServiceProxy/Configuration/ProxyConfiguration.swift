package import Daemon
package import HTTP
package import NetTypes

/// What a KubeProxyConfiguration says, with kube-proxy 1.36's defaults. Properties have the names of its keys, so that
/// whoever knows one knows the other; what a key means is in `ConfigurationKey`.
package struct ProxyConfiguration: Hashable, Sendable {
    package var bindAddress: IPAddress
    /// Nil: no such server.
    package var healthzBindAddress: ListenAddress?
    /// Nil: no such server.
    package var metricsBindAddress: ListenAddress?
    package var bindAddressHardFail = false
    package var enableProfiling = false
    package var showHiddenMetricsForVersion = ""
    package var mode = ProxyMode.automatic
    package var iptables = RulesetSettings()
    package var nftables = RulesetSettings()
    /// Under `iptables` in a file; it means nothing elsewhere.
    package var localhostNodePorts = true
    package var localTraffic = LocalTrafficSettings()
    /// Empty: what the mode's default is.
    package var nodePortAddresses: [NodePortAddress] = []
    package var oomScoreAdj = -999
    package var conntrack = ConntrackSettings()
    package var configSyncPeriod = Duration.seconds(15 * 60)
    package var clientConnection = ClientConnectionSettings()
    /// Empty: the host's own name.
    package var hostnameOverride = ""
    package var featureGates: [String: Bool] = [:]
    package var logging = LoggingSettings()

    /// Both servers are by default of the family of `bindAddress`.
    package init(bindAddress: IPAddress = .v4(IPv4Address(rawValue: 0))) {
        self.bindAddress = bindAddress
        let isV4 = bindAddress.family == .v4
        let everywhere = IPAddress(family: bindAddress.family, value: 0)
        let loopback = IPAddress(family: bindAddress.family, value: isV4 ? 0x7F00_0001 : 1)
        healthzBindAddress = ListenAddress(everywhere, port: Self.healthzPort)
        metricsBindAddress = ListenAddress(loopback, port: Self.metricsPort)
    }

    package static let healthzPort: UInt16 = 10256
    package static let metricsPort: UInt16 = 10249
}

/// How often rules are written, and how packets for masquerading are marked.
package struct RulesetSettings: Hashable, Sendable {
    /// 0...31.
    package var masqueradeBit = 14
    package var masqueradeAll = false
    package var syncPeriod = Duration.seconds(30)
    package var minSyncPeriod = Duration.seconds(1)

    package init() {}

    package var masqueradeMark: UInt32 { 1 << UInt32(truncatingIfNeeded: masqueradeBit) }
}

/// The kernel's connection tracking. A timeout of zero leaves the kernel's own.
package struct ConntrackSettings: Hashable, Sendable {
    /// Zero leaves the kernel's limit, whatever `min` is.
    package var maxPerCore = 32768
    package var min = 131072
    package var tcpEstablishedTimeout = Duration.seconds(24 * 3600)
    package var tcpCloseWaitTimeout = Duration.seconds(3600)
    package var tcpBeLiberal = false
    package var udpTimeout = Duration.zero
    package var udpStreamTimeout = Duration.zero

    package init() {}

    /// How many connections to track on a machine with so many cores; nil leaves the kernel's limit. As in kube-proxy
    /// since 1.36, many cores alone never ask for more than a million entries.
    package func limit(cores: Int) -> Int? {
        guard maxPerCore > 0 else { return nil }
        let most = 1 << 20
        let scaled = maxPerCore * cores
        return scaled > most ? most : max(scaled, min)
    }
}

package struct ClientConnectionSettings: Hashable, Sendable {
    /// Empty: the Pod's own account.
    package var kubeconfig = ""
    package var acceptContentTypes = ""
    package var contentType = "application/vnd.kubernetes.protobuf"
    /// Requests a second; below zero there is no limit.
    package var qps = 5.0
    package var burst = 10

    package init() {}
}

package struct LoggingSettings: Hashable, Sendable {
    package var format = Logger.Format.text
    package var verbosity = 0

    package init() {}

    /// Kubernetes logs for debugging from 4 on; manifests in use say 2, which is "what changed".
    package var level: Logger.Level { verbosity >= 4 ? .debug : .info }
}

extension ProxyConfiguration {
    /// The section that counts. As in kube-proxy, a file without a mode is read as one for iptables, whatever then
    /// writes the rules.
    package var ruleset: RulesetSettings { mode == .nftables ? nftables : iptables }

    /// Where node ports are served, with the mode's default filled in.
    package var servedNodePortAddresses: [NodePortAddress] {
        if !nodePortAddresses.isEmpty { return nodePortAddresses }
        return mode == .nftables ? [.primary] : [.all]
    }
}
