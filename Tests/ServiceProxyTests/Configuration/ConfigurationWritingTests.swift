import Daemon
import HTTP
import JSON
import NetTypes
import ServiceProxy
import TestSupport
import Testing

@Suite("Proxy configuration, writing")
struct ConfigurationWritingTests {
    @Test("the defaults are written as kube-proxy writes them, without what means nothing here")
    func defaults() {
        #expect(
            ProxyConfiguration().yaml() == """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                bindAddress: 0.0.0.0
                bindAddressHardFail: false
                clientConnection:
                  acceptContentTypes: ""
                  burst: 10
                  contentType: application/vnd.kubernetes.protobuf
                  kubeconfig: ""
                  qps: 5
                clusterCIDR: ""
                configSyncPeriod: 15m0s
                conntrack:
                  maxPerCore: 32768
                  min: 131072
                  tcpBeLiberal: false
                  tcpCloseWaitTimeout: 1h0m0s
                  tcpEstablishedTimeout: 24h0m0s
                  udpStreamTimeout: 0s
                  udpTimeout: 0s
                detectLocal:
                  bridgeInterface: ""
                  interfaceNamePrefix: ""
                detectLocalMode: ClusterCIDR
                enableProfiling: false
                featureGates: {}
                healthzBindAddress: "0.0.0.0:10256"
                hostnameOverride: ""
                iptables:
                  localhostNodePorts: true
                  masqueradeAll: false
                  masqueradeBit: 14
                  minSyncPeriod: 1s
                  syncPeriod: 30s
                kind: KubeProxyConfiguration
                logging:
                  format: text
                  verbosity: 0
                metricsBindAddress: "127.0.0.1:10249"
                mode: ""
                nftables:
                  masqueradeAll: false
                  masqueradeBit: 14
                  minSyncPeriod: 1s
                  syncPeriod: 30s
                nodePortAddresses: []
                oomScoreAdj: -999
                showHiddenMetricsForVersion: ""

                """)
    }

    @Test("what is written is read back, as YAML and as JSON")
    func roundTrip() throws {
        var random = SeededGenerator()
        for _ in 0..<300 {
            let configuration = random.configuration()
            for text in [configuration.yaml(), configuration.document.serialized()] {
                let read = try ProxyConfiguration.read(Array(text.utf8))
                #expect(read.configuration == configuration, "seed \(random.seed)\n\(text)")
                #expect(!read.notes.contains { $0.kind != .ignored }, "seed \(random.seed)")
            }
        }
    }

    @Test("/configz has the configuration under the name of its group")
    func configz() {
        let configuration = ProxyConfiguration()
        #expect(configuration.configz.member("kubeproxy.config.k8s.io") == configuration.document)
    }

    @Test("a mangled file is read or refused, and what is read can be written")
    func fuzz() {
        var random = SeededGenerator()
        for round in 0..<1500 {
            let sample = round % 2 == 0 ? ConfigurationSamples.everyKey : ConfigurationSamples.kubeadm
            let source = round % 5 == 0 ? (try? read(sample))?.document.serialized() ?? sample : sample
            let text = random.mangle(source)
            do throws(ConfigurationProblems) {
                let configuration = try ProxyConfiguration.read(Array(text.utf8)).configuration
                let again = try ProxyConfiguration.read(Array(configuration.yaml().utf8)).configuration
                #expect(again == configuration, "seed \(random.seed)\n\(text)")
            } catch {
                #expect(!error.problems.isEmpty && !error.description.isEmpty, "seed \(random.seed)")
            }
        }
    }

    func read(_ text: String) throws -> ProxyConfiguration {
        try ProxyConfiguration.read(Array(text.utf8)).configuration
    }
}

extension SeededGenerator {
    /// Any configuration that keeps the rules.
    mutating func configuration() -> ProxyConfiguration {
        var made = ProxyConfiguration(
            bindAddress: Bool.random(using: &self) ? IPAddress.v4(.init(rawValue: 7)) : .v6(.init(rawValue: 7)))
        made.mode = ProxyMode.allCases.randomElement(using: &self) ?? .automatic
        made.iptables = ruleset()
        made.nftables = ruleset()
        made.localhostNodePorts = .random(using: &self)
        made.healthzBindAddress = server()
        made.metricsBindAddress = server()
        made.bindAddressHardFail = .random(using: &self)
        made.enableProfiling = .random(using: &self)
        made.localTraffic.mode = LocalTrafficSettings.Mode.allCases.randomElement(using: &self) ?? .nodeCIDR
        made.localTraffic.clusterCIDRs = [cidr(.v4), cidr(.v6)].filter { _ in Bool.random(using: &self) }
        made.localTraffic.bridgeInterface = ["cni0", "yes", "0x10", "a-b.c"].randomElement(using: &self) ?? ""
        made.localTraffic.interfaceNamePrefix = ["veth", "1e3", "~", "null"].randomElement(using: &self) ?? ""
        made.nodePortAddresses = [.primary, .localhost, .all, .cidr(cidr(.v4)), .cidr(cidr(.v6))]
            .filter { _ in Bool.random(using: &self) }
        made.oomScoreAdj = .random(in: -1000...1000, using: &self)
        made.conntrack.maxPerCore = .random(in: 0...Int(Int32.max), using: &self)
        made.conntrack.min = .random(in: 0...Int(Int32.max), using: &self)
        made.conntrack.tcpBeLiberal = .random(using: &self)
        made.conntrack.tcpEstablishedTimeout = duration(from: 0)
        made.conntrack.tcpCloseWaitTimeout = duration(from: 0)
        made.conntrack.udpTimeout = duration(from: 0)
        made.conntrack.udpStreamTimeout = duration(from: 0)
        made.configSyncPeriod = duration(from: 1)
        made.clientConnection.kubeconfig = ["", "/etc/a b", "no", "päth: #1\n\"x\""].randomElement(using: &self) ?? ""
        made.clientConnection.qps = [0.5, 7, -1, 1e9, 0.1].randomElement(using: &self) ?? 5
        made.clientConnection.burst = .random(in: 1...1000, using: &self)
        made.hostnameOverride = ["", "node-1", "10", "true"].randomElement(using: &self) ?? ""
        made.featureGates = ["A": .random(using: &self), "AllowServiceExternalIPs": .random(using: &self)]
        made.logging.format = Logger.Format.allCases.randomElement(using: &self) ?? .text
        made.logging.verbosity = .random(in: 0...10, using: &self)
        made.showHiddenMetricsForVersion = Bool.random(using: &self) ? "" : "1.30"
        return made
    }

    private mutating func ruleset() -> RulesetSettings {
        var settings = RulesetSettings()
        settings.masqueradeBit = .random(in: 0...31, using: &self)
        settings.masqueradeAll = .random(using: &self)
        settings.minSyncPeriod = duration(from: 1)
        settings.syncPeriod = settings.minSyncPeriod + duration(from: 0)
        return settings
    }

    private mutating func duration(from least: Int64) -> Duration {
        .nanoseconds(Int64.random(in: least...(1 << Int64.random(in: 1...60, using: &self)), using: &self))
    }

    private mutating func server() -> ListenAddress? {
        if Int.random(in: 0..<4, using: &self) == 0 { return nil }
        return ListenAddress(
            cidr(Bool.random(using: &self) ? .v4 : .v6).address, port: .random(in: 1...65535, using: &self))
    }

    private mutating func cidr(_ family: IPFamily) -> CIDR {
        let value = family == .v4 ? UInt128(next32()) : UInt128(next()) << 64 | UInt128(next())
        return CIDR(IPAddress(family: family, value: value), .random(in: 0...family.width, using: &self))
    }

    /// The text with a few bytes changed, added or taken away, or two of its lines swapped.
    mutating func mangle(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for _ in 0...Int.random(in: 0...3, using: &self) {
            let index = Int.random(in: 0..<max(1, bytes.count), using: &self)
            switch Int.random(in: 0...4, using: &self) {
            case 0 where !bytes.isEmpty: bytes[index] = UInt8.random(in: 0...255, using: &self)
            case 1 where !bytes.isEmpty: bytes.remove(at: index)
            case 2: bytes.insert(UInt8.random(in: 32...126, using: &self), at: index)
            case 3:
                var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
                if lines.count > 1 {
                    lines.swapAt(.random(in: 0..<lines.count, using: &self), .random(in: 0..<lines.count, using: &self))
                }
                bytes = Array(lines.joined(separator: "\n").utf8)
            default:
                bytes.insert(contentsOf: Array("-&*:./0\"{}[],!<\n".utf8).shuffled(using: &self).prefix(2), at: index)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
