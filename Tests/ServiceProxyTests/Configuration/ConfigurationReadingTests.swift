import Daemon
import HTTP
import JSON
import NetTypes
import ServiceProxy
import Testing

@Suite("Proxy configuration, reading")
struct ConfigurationReadingTests {
    func read(_ text: String) throws(ConfigurationProblems) -> ReadConfiguration {
        try ProxyConfiguration.read(Array(text.utf8))
    }

    func problems(_ body: String) -> [String] {
        do {
            _ = try read(ConfigurationSamples.header + body)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("a file that says nothing has kube-proxy's defaults")
    func defaults() throws {
        let read = try read(ConfigurationSamples.header)
        let configuration = read.configuration
        #expect(read.notes.isEmpty && configuration == ProxyConfiguration())
        #expect(configuration.bindAddress == IPAddress("0.0.0.0"))
        #expect(configuration.healthzBindAddress == ListenAddress("0.0.0.0:10256"))
        #expect(configuration.metricsBindAddress == ListenAddress("127.0.0.1:10249"))
        #expect(!configuration.bindAddressHardFail && !configuration.enableProfiling)
        #expect(configuration.mode == .automatic && configuration.iptables == configuration.nftables)
        let rules = configuration.ruleset
        #expect(rules.masqueradeBit == 14 && rules.masqueradeMark == 0x4000 && !rules.masqueradeAll)
        #expect(rules.syncPeriod == .seconds(30) && rules.minSyncPeriod == .seconds(1))
        #expect(configuration.localhostNodePorts && configuration.detectLocal == .none)
        #expect(configuration.nodePortAddresses.isEmpty && configuration.servedNodePortAddresses == [.all])
        #expect(configuration.oomScoreAdj == -999)
        let conntrack = configuration.conntrack
        #expect(conntrack.maxPerCore == 32768 && conntrack.min == 131072 && !conntrack.tcpBeLiberal)
        #expect(conntrack.tcpEstablishedTimeout == .seconds(86400) && conntrack.tcpCloseWaitTimeout == .seconds(3600))
        #expect(conntrack.udpTimeout == .zero && conntrack.udpStreamTimeout == .zero)
        #expect(configuration.configSyncPeriod == .seconds(900))
        let client = configuration.clientConnection
        #expect(client.kubeconfig.isEmpty && client.acceptContentTypes.isEmpty)
        #expect(client.contentType == "application/vnd.kubernetes.protobuf" && client.qps == 5 && client.burst == 10)
        #expect(configuration.hostnameOverride.isEmpty && configuration.featureGates.isEmpty)
        #expect(configuration.isEnabled(.externalIPs) && !configuration.isEnabled(.localhostNodePorts))
        #expect(configuration.logging.format == .text && configuration.logging.level == .info)
    }

    @Test("kubeadm's file is taken without a word")
    func kubeadm() throws {
        let read = try read(ConfigurationSamples.kubeadm)
        var expected = ProxyConfiguration()
        expected.clientConnection.kubeconfig = "/var/lib/kube-proxy/kubeconfig.conf"
        expected.localTraffic.clusterCIDRs = [try #require(CIDR("10.244.0.0/16"))]
        #expect(read.configuration == expected && read.notes.isEmpty)
        #expect(read.configuration.detectLocal == .clusterCIDRs(expected.localTraffic.clusterCIDRs))
    }

    @Test("every key is read")
    func everyKey() throws {
        let read = try read(ConfigurationSamples.everyKey)
        let configuration = read.configuration
        #expect(configuration.bindAddress == IPAddress("192.168.1.7") && configuration.bindAddressHardFail)
        #expect(configuration.healthzBindAddress == ListenAddress("1.2.3.4:12345"))
        #expect(configuration.metricsBindAddress == ListenAddress("[fd00:2::5]:23456"))
        #expect(configuration.enableProfiling && configuration.showHiddenMetricsForVersion == "1.35")
        let client = configuration.clientConnection
        #expect(client.kubeconfig == "/etc/proxy.conf" && client.acceptContentTypes == "application/json")
        #expect(client.contentType == "application/json" && client.qps == 7.5 && client.burst == 100)
        #expect(configuration.localTraffic.clusterCIDRs.map { "\($0)" } == ["10.10.0.0/16", "fd00:10::/56"])
        #expect(configuration.localTraffic.interfaceNamePrefix == "veth")
        #expect(configuration.detectLocal == .bridgeInterface("cbr0"))
        #expect(configuration.configSyncPeriod == .seconds(15))
        let conntrack = configuration.conntrack
        #expect(conntrack.maxPerCore == 2 && conntrack.min == 1 && conntrack.tcpBeLiberal)
        #expect(conntrack.tcpCloseWaitTimeout == .seconds(10) && conntrack.tcpEstablishedTimeout == .seconds(5400))
        #expect(conntrack.udpStreamTimeout == .milliseconds(250) && conntrack.udpTimeout == .seconds(90))
        #expect(configuration.featureGates == ["AllowServiceExternalIPs": false, "SomethingElse": true])
        #expect(!configuration.isEnabled(.externalIPs))
        #expect(configuration.hostnameOverride == "node-a")
        #expect(!configuration.localhostNodePorts && configuration.iptables.masqueradeBit == 17)
        #expect(configuration.iptables.masqueradeAll && configuration.iptables.syncPeriod == .seconds(60))
        #expect(configuration.iptables.minSyncPeriod == .seconds(10))
        #expect(configuration.nftables.masqueradeAll && configuration.nftables.masqueradeBit == 0)
        #expect(configuration.nftables.syncPeriod == .seconds(50))
        #expect(configuration.nftables.minSyncPeriod == .seconds(5) && configuration.ruleset == configuration.nftables)
        #expect(configuration.mode == .nftables && configuration.oomScoreAdj == 0)
        #expect(configuration.nodePortAddresses.map { "\($0)" } == ["10.20.30.40/16", "fd00:1::/64", "localhost"])
        #expect(configuration.logging.format == .json && configuration.logging.level == .debug)
        // Nothing was left at its default, so no key has been forgotten here.
        let defaults = ProxyConfiguration()
        for key in ConfigurationKey.all { #expect(key.write(configuration) != key.write(defaults), "\(key.path)") }
        #expect(
            read.notes.map(\.description) == [
                "showHiddenMetricsForVersion: ignored: there are no hidden metrics",
                "featureGates: without effect: SomethingElse",
            ])
    }

    @Test("JSON is read as YAML is")
    func json() throws {
        let yaml = try read(ConfigurationSamples.everyKey).configuration
        #expect(try read(yaml.document.serialized()).configuration == yaml)
        #expect(try read("\n " + yaml.document.serialized(pretty: true)).configuration == yaml)
        #expect(try read("{kind: KubeProxyConfiguration, apiVersion: \(ProxyConfiguration.apiVersion)}").notes.isEmpty)
    }

    @Test("the servers are by default of the family of bindAddress")
    func families() throws {
        let v6 = try read(ConfigurationSamples.header + "bindAddress: fd00::7").configuration
        #expect(v6.healthzBindAddress == ListenAddress("[::]:10256"))
        #expect(v6.metricsBindAddress == ListenAddress("[::1]:10249"))
        let mixed = try read(ConfigurationSamples.header + "metricsBindAddress: 0.0.0.0\nbindAddress: ::0")
            .configuration
        #expect(mixed.metricsBindAddress == ListenAddress("0.0.0.0:10249"))
        #expect(mixed.healthzBindAddress == ListenAddress("[::]:10256"))
    }

    @Test(
        "where the servers listen",
        arguments: [
            ("\"\"", "0.0.0.0:10256"), ("null", "0.0.0.0:10256"), ("10.0.0.1", "10.0.0.1:10256"),
            ("10.0.0.1:80", "10.0.0.1:80"), ("\"::1\"", "[::1]:10256"), ("\"[::]:99\"", "[::]:99"),
            ("0.0.0.0:0", "none"),
        ])
    func servers(text: String, expected: String) throws {
        let server = try read(ConfigurationSamples.header + "healthzBindAddress: \(text)").configuration
            .healthzBindAddress
        #expect(server.map { "\($0)" } ?? "none" == expected)
    }

    @Test(
        "modes",
        arguments: [
            ("\"\"", ProxyMode.automatic), ("auto", .automatic), ("null", .automatic), ("nftables", .nftables),
            ("iptables", .iptables),
        ])
    func modes(text: String, mode: ProxyMode) throws {
        #expect(try read(ConfigurationSamples.header + "mode: \(text)").configuration.mode == mode)
    }

    @Test(
        "without a mode the section of iptables counts; with nftables node ports are served on the node's own addresses"
    )
    func sections() throws {
        let body = "iptables: {masqueradeBit: 3}\nnftables: {masqueradeBit: 4}\n"
        #expect(try read(ConfigurationSamples.header + body).configuration.ruleset.masqueradeBit == 3)
        let nftables = try read(ConfigurationSamples.header + body + "mode: nftables").configuration
        #expect(nftables.ruleset.masqueradeBit == 4 && nftables.servedNodePortAddresses == [.primary])
    }

    @Test(
        "how local traffic is known",
        arguments: [
            (
                "clusterCIDR: 10.1.2.3/16",
                DetectLocal.clusterCIDRs([CIDR(IPAddress.v4(IPv4Address(rawValue: 0x0A01_0000)), 16)])
            ),
            ("detectLocalMode: ClusterCIDR", .none),
            ("detectLocalMode: NodeCIDR\nclusterCIDR: 10.1.0.0/16", .nodeCIDR),
            ("detectLocalMode: BridgeInterface\ndetectLocal: {bridgeInterface: cni0}", .bridgeInterface("cni0")),
            (
                "detectLocalMode: InterfaceNamePrefix\ndetectLocal: {interfaceNamePrefix: veth}",
                .interfaceNamePrefix("veth")
            ),
        ])
    func localTraffic(body: String, expected: DetectLocal) throws {
        #expect(try read(ConfigurationSamples.header + body).configuration.detectLocal == expected)
    }

    @Test(
        "a pointer of Go's type can be zero, another key cannot",
        arguments: [
            ("conntrack: {maxPerCore: 0}", "conntrack.maxPerCore", "0"),
            ("conntrack: {min: 0}", "conntrack.min", "0"),
            ("conntrack: {tcpEstablishedTimeout: 0s}", "conntrack.tcpEstablishedTimeout", "\"0s\""),
            ("conntrack: {tcpCloseWaitTimeout: \"0\"}", "conntrack.tcpCloseWaitTimeout", "\"0s\""),
            ("oomScoreAdj: 0", "oomScoreAdj", "0"),
            ("iptables: {masqueradeBit: 0}", "iptables.masqueradeBit", "0"),
            ("iptables: {minSyncPeriod: 0s}", "iptables.minSyncPeriod", "\"1s\""),
            ("iptables: {syncPeriod: 0s}", "iptables.syncPeriod", "\"30s\""),
            ("configSyncPeriod: 0s", "configSyncPeriod", "\"15m0s\""),
            ("clientConnection: {qps: 0, burst: 0}", "clientConnection.qps", "5"),
            ("clientConnection: {qps: -1}", "clientConnection.qps", "-1"),
            ("clientConnection: {qps: 0, burst: 0}", "clientConnection.burst", "10"),
        ])
    func zeros(body: String, path: String, written: String) throws {
        let configuration = try read(ConfigurationSamples.header + body).configuration
        let key = try #require(ConfigurationKey.all.first { $0.path == path })
        #expect(key.write(configuration).serialized() == written)
    }

    @Test(
        "how many connections are tracked",
        arguments: [
            (32768, 131072, 2, 131072), (32768, 131072, 8, 262144), (32768, 131072, 96, 1_048_576),
            (32768, 2_000_000, 2, 2_000_000), (1000, 0, 3, 3000), (0, 131072, 8, nil),
        ] as [(Int, Int, Int, Int?)])
    func trackedConnections(maxPerCore: Int, min: Int, cores: Int, limit: Int?) {
        var settings = ConntrackSettings()
        (settings.maxPerCore, settings.min) = (maxPerCore, min)
        #expect(settings.limit(cores: cores) == limit)
    }

    @Test("unknown and doubled keys are named with their place, and do no harm")
    func unknownKeys() throws {
        let body = "mode: iptables\nBindAddress: 1.2.3.4\nfoo: {bar: 1}\nconntrack:\n  minimum: 3\nmode: nftables\n"
        let read = try read(ConfigurationSamples.header + body)
        #expect(read.configuration.mode == .nftables && read.configuration.bindAddress == IPAddress("0.0.0.0"))
        #expect(
            read.notes.map(\.description) == [
                "configuration: line 8: key \"mode\" already set in map; the last one counts",
                "line 4: BindAddress: unknown key, ignored; bindAddress is one",
                "line 5: foo: unknown key, ignored",
                "line 7: conntrack.minimum: unknown key, ignored; conntrack.min is one",
            ])
        #expect(read.notes.map(\.kind) == [.duplicateKey, .unknownKey, .unknownKey, .unknownKey])
    }

    @Test("doubled keys in JSON are named with their path")
    func doubledKeysInJSON() throws {
        let text = """
            {"kind": "KubeProxyConfiguration", "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
             "conntrack": {"min": 1, "min": 2}, "x": 1, "x": 2}
            """
        let read = try read(text)
        #expect(read.configuration.conntrack.min == 2)
        #expect(
            read.notes.map(\.description) == [
                "conntrack.min: is there again; the last one counts", "x: unknown key, ignored",
                "x: is there again; the last one counts", "x: unknown key, ignored",
            ])
    }

    @Test("of very many unknown keys the first are named and the others counted")
    func manyUnknownKeys() throws {
        let body = (0..<20000).map { "iptables\($0): 1\n" }.joined()
        let notes = try read(ConfigurationSamples.header + body).notes
        #expect(
            notes.count == 33
                && notes.last?.description == "configuration: 19968 more keys are unknown, doubled or ignored")
    }

    @Test("what means nothing here is named once it says something")
    func ignoredKeys() throws {
        let body = """
            ipvs: {scheduler: rr}
            winkernel: {enableDSR: true}
            windowsRunAsService: true
            portRange: 2-7
            logging: {flushFrequency: 6s, vmodule: [{filePattern: a.go, verbosity: 3}], options: {text: {splitStream: true}}}
            """
        let notes = try read(ConfigurationSamples.header + body).notes
        #expect(
            notes.map(\.key) == [
                "ipvs", "winkernel", "windowsRunAsService", "portRange", "logging.flushFrequency", "logging.vmodule",
                "logging.options",
            ])
        #expect(notes.allSatisfy { $0.kind == .ignored })
        #expect(notes.first?.description == "line 3: ipvs: ignored: there is no mode ipvs")
    }

    @Test(
        "what is wrong, with its key, its value and the rule",
        arguments: [
            (
                "mode: ipvs",
                "mode is \"ipvs\": IPVS is not programmed here, and deprecated in kube-proxy; use \"nftables\", which needs no ipvs section"
            ),
            (
                "mode: userspace",
                "mode is \"userspace\": went out of kube-proxy with 1.26; use \"nftables\", or leave it empty"
            ),
            ("mode: kernelspace", "mode is \"kernelspace\": is for Windows; use \"nftables\", or leave it empty"),
            (
                "mode: NFTables",
                "mode is \"NFTables\": must be \"nftables\", \"iptables\", or empty for the best that the kernel has"
            ),
            ("mode: 3", "mode is 3: must be a string"),
            (
                "bindAddress: 10.10.12.11:2000",
                "bindAddress is \"10.10.12.11:2000\": must be an IP address, without port and brackets"
            ),
            ("bindAddress: \"[::]\"", "bindAddress is \"[::]\": must be an IP address, without port and brackets"),
            (
                "healthzBindAddress: 10.0.0.1:70000",
                "healthzBindAddress is \"10.0.0.1:70000\": must be IP:port or [IPv6]:port, or have port 0 for no such server"
            ),
            (
                "metricsBindAddress: localhost:80",
                "metricsBindAddress is \"localhost:80\": must be IP:port or [IPv6]:port, or have port 0 for no such server"
            ),
            ("iptables: {masqueradeBit: 32}", "iptables.masqueradeBit is 32: must be an integer from 0 to 31"),
            ("nftables: {masqueradeBit: -1}", "nftables.masqueradeBit is -1: must be an integer from 0 to 31"),
            ("iptables: {masqueradeAll: 1}", "iptables.masqueradeAll is 1: must be true or false"),
            ("iptables: {localhostNodePorts: \"no\"}", "iptables.localhostNodePorts is \"no\": must be true or false"),
            (
                "iptables: {syncPeriod: -1s}",
                "iptables.syncPeriod is \"-1s\": must be a duration greater than 0, such as 30s or 1h30m"
            ),
            (
                "iptables: {syncPeriod: 30}",
                "iptables.syncPeriod is 30: must be a duration greater than 0, such as 30s or 1h30m"
            ),
            (
                "iptables: {minSyncPeriod: 60s}",
                "iptables.minSyncPeriod is 1m0s: must be at most iptables.syncPeriod, which is 30s"
            ),
            (
                "mode: nftables\nnftables: {minSyncPeriod: 60s}",
                "nftables.minSyncPeriod is 1m0s: must be at most nftables.syncPeriod, which is 30s"
            ),
            ("nftables: []", "nftables is []: must be an object"),
            (
                "clusterCIDR: 192.168.59.0",
                "clusterCIDR is \"192.168.59.0\": must be a CIDR, or one of each family: 10.244.0.0/16,fd00:10:244::/56"
            ),
            (
                "clusterCIDR: 10.1.0.0/16,10.2.0.0/16",
                "clusterCIDR is \"10.1.0.0/16,10.2.0.0/16\": must be a CIDR, or one of each family: 10.244.0.0/16,fd00:10:244::/56"
            ),
            (
                "clusterCIDR: 10.1.0.0/16,fd00::/64,10.2.0.0/16",
                "clusterCIDR is \"10.1.0.0/16,fd00::/64,10.2.0.0/16\": must be a CIDR, or one of each family: 10.244.0.0/16,fd00:10:244::/56"
            ),
            (
                "nodePortAddresses: [10.0.0.0/8, eth0]",
                "nodePortAddresses[1] is \"eth0\": must be a CIDR, or \"primary\", \"localhost\" or \"all\""
            ),
            ("nodePortAddresses: primary", "nodePortAddresses is \"primary\": must be a list"),
            ("oomScoreAdj: -1001", "oomScoreAdj is -1001: must be an integer from -1000 to 1000"),
            ("conntrack: {maxPerCore: -1}", "conntrack.maxPerCore is -1: must be an integer from 0 to 2147483647"),
            ("conntrack: {min: 4294967296}", "conntrack.min is 4294967296: must be an integer from 0 to 2147483647"),
            (
                "conntrack: {tcpEstablishedTimeout: -5s}",
                "conntrack.tcpEstablishedTimeout is \"-5s\": must be a duration of 0s or more, such as 24h or 1m30s"
            ),
            (
                "conntrack: {udpTimeout: \"\"}",
                "conntrack.udpTimeout is \"\": must be a duration of 0s or more, such as 24h or 1m30s"
            ),
            (
                "configSyncPeriod: 1d",
                "configSyncPeriod is \"1d\": must be a duration greater than 0, such as 30s or 1h30m"
            ),
            ("clientConnection: {burst: -1}", "clientConnection.burst is -1: must be an integer from 0 to 2147483647"),
            ("clientConnection: {qps: many}", "clientConnection.qps is \"many\": must be a number, such as 5 or 0.5"),
            ("clientConnection: {kubeconfig: 7}", "clientConnection.kubeconfig is 7: must be a string"),
            ("hostnameOverride: \"  \"", "hostnameOverride is \"  \": must be a node's name, or empty for the host's"),
            (
                "detectLocalMode: Bridge",
                "detectLocalMode is \"Bridge\": must be one of \"ClusterCIDR\", \"NodeCIDR\", \"BridgeInterface\", \"InterfaceNamePrefix\""
            ),
            (
                "detectLocalMode: BridgeInterface",
                "detectLocal.bridgeInterface is missing: must name the pods' bridge with detectLocalMode BridgeInterface"
            ),
            (
                "detectLocalMode: InterfaceNamePrefix",
                "detectLocal.interfaceNamePrefix is missing: must not be empty with detectLocalMode InterfaceNamePrefix"
            ),
            (
                "detectLocal: {bridgeInterface: a234567890123456}",
                "detectLocal.bridgeInterface is \"a234567890123456\": must be at most 15 bytes, without slash, colon and space"
            ),
            ("featureGates: {A: maybe}", "featureGates.A is \"maybe\": must be true or false"),
            ("featureGates: [A]", "featureGates is [\"A\"]: must have the value true or false for each name"),
            ("logging: {format: xml}", "logging.format is \"xml\": must be one of \"text\", \"json\""),
            ("logging: {verbosity: -1}", "logging.verbosity is -1: must be an integer from 0 to 2147483647"),
            (
                "showHiddenMetricsForVersion: v1.35",
                "showHiddenMetricsForVersion is \"v1.35\": must be a version such as 1.35"
            ),
        ])
    func badValues(body: String, problem: String) {
        #expect(problems(body) == [problem])
    }

    @Test("everything that is wrong is said at once")
    func everyProblem() {
        let body = """
            mode: ipvs
            oomScoreAdj: 2000
            conntrack: {min: -1, maxPerCore: x}
            detectLocalMode: BridgeInterface
            foo: 1
            """
        #expect(
            problems(body).map { String($0.prefix { $0 != " " }) } == [
                "mode", "oomScoreAdj", "conntrack.min", "conntrack.maxPerCore", "detectLocal.bridgeInterface",
            ])
    }

    @Test("a rule between keys is not asked of a key that is wrong by itself")
    func oneProblemForOneFault() {
        #expect(problems("iptables: {syncPeriod: 1x, minSyncPeriod: 60s}").count == 1)
        #expect(problems("detectLocalMode: BridgeInterface\ndetectLocal: {bridgeInterface: a/b}").count == 1)
    }

    @Test("the section of a mode that is not used may say what it likes")
    func unusedSection() {
        #expect(problems("mode: nftables\niptables: {minSyncPeriod: 60s}").isEmpty)
        #expect(problems("iptables: {minSyncPeriod: 30s}").isEmpty)
    }

    @Test(
        "a text that is no configuration",
        arguments: [
            ("", "configuration is empty: must be an object of kind KubeProxyConfiguration"),
            ("- 1", "configuration is an array: must be an object of kind KubeProxyConfiguration"),
            ("kind: KubeProxyConfiguration", "apiVersion is missing: must be kubeproxy.config.k8s.io/v1alpha1"),
            (
                "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeSchedulerConfiguration",
                "kind is \"KubeSchedulerConfiguration\": must be KubeProxyConfiguration"
            ),
            (
                "a: ::\n b",
                "configuration: error converting YAML to JSON: yaml: mapping values are not allowed in this context"
            ),
        ])
    func noConfiguration(text: String, problem: String) {
        #expect(throws: ConfigurationProblems.self) { try read(text) }
        do { _ = try read(text) } catch { #expect(error.description == problem) }
    }

    @Test("a file that is larger than a ConfigMap can be is refused before it is read")
    func large() {
        let text = ConfigurationSamples.header + String(repeating: "#", count: 1 << 20)
        do { _ = try read(text) } catch { #expect(error.description.hasSuffix("must be at most 1048576 bytes")) }
        #expect(throws: ConfigurationProblems.self) { try read(text) }
    }
}
