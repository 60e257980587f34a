import NetTypes
import ServiceProxy
import Testing

@Suite("Proxy configuration, changes of it")
struct ConfigurationChangesTests {
    func read(_ text: String) throws -> ProxyConfiguration {
        try ProxyConfiguration.read(Array(text.utf8)).configuration
    }

    @Test("the same configuration has no changes, however it is written")
    func same() throws {
        let before = try read(ConfigurationSamples.kubeadm)
        let after = try read(
            ConfigurationSamples.kubeadm.replacing("configSyncPeriod: 0s", with: "configSyncPeriod: 900s"))
        #expect(ProxyConfiguration.changes(from: before, to: after).isEmpty)
    }

    @Test("every key that differs is said once, on the side on which it belongs")
    func everyKey() throws {
        let changes = ProxyConfiguration.changes(
            from: ProxyConfiguration(), to: try read(ConfigurationSamples.everyKey))
        #expect(changes.live.count + changes.restart.count == ConfigurationKey.all.count)
        #expect(
            changes.restart.map(\.key) == [
                "mode", "iptables.masqueradeBit", "nftables.masqueradeBit", "bindAddress", "hostnameOverride",
                "clientConnection.kubeconfig", "clientConnection.acceptContentTypes", "clientConnection.contentType",
                "clientConnection.qps", "clientConnection.burst", "featureGates",
            ])
        #expect(changes.restart.first?.description == "mode from \"\" to \"nftables\"")
        #expect(changes.live.contains { $0.description == "iptables.syncPeriod from \"30s\" to \"1m0s\"" })
    }

    @Test(
        "what a running proxy follows",
        arguments: [
            "logging: {verbosity: 4}", "nodePortAddresses: [10.0.0.0/8]", "iptables: {masqueradeAll: true}",
            "iptables: {syncPeriod: 10s, minSyncPeriod: 100ms}", "conntrack: {maxPerCore: 0, tcpBeLiberal: true}",
            "detectLocalMode: NodeCIDR", "clusterCIDR: 10.0.0.0/8", "healthzBindAddress: 127.0.0.1",
            "metricsBindAddress: 0.0.0.0:0", "oomScoreAdj: 0",
        ])
    func live(body: String) throws {
        let changed = try read(ConfigurationSamples.header + body)
        let changes = ProxyConfiguration.changes(from: ProxyConfiguration(), to: changed)
        #expect(!changes.live.isEmpty && changes.restart.isEmpty)
        #expect(ProxyConfiguration().adopting(changed) == changed)
    }

    @Test("what needs a restart waits for it, and does not keep the rest waiting")
    func adopting() throws {
        let now = ProxyConfiguration()
        let wanted = try read(ConfigurationSamples.everyKey)
        let adopted = now.adopting(wanted)
        #expect(adopted.mode == .automatic && adopted.bindAddress == now.bindAddress)
        #expect(adopted.clientConnection == now.clientConnection && adopted.featureGates.isEmpty)
        #expect(adopted.conntrack == wanted.conntrack && adopted.localTraffic == wanted.localTraffic)
        let left = ProxyConfiguration.changes(from: adopted, to: wanted)
        #expect(left.live.isEmpty)
        #expect(left.restart == ProxyConfiguration.changes(from: now, to: wanted).restart)
    }
}
