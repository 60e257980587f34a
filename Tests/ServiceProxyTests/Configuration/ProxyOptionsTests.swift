import Daemon
import HTTP
import NetTypes
import ServiceProxy
import Testing

@Suite("Proxy command line")
struct ProxyOptionsTests {
    struct Missing: Error, CustomStringConvertible { let description: String }

    func options(_ words: String..., file: String? = nil) throws(ProxyOptionsError) -> ProxyOptions {
        try options(words, file: file)
    }

    func options(_ words: [String], file: String? = nil) throws(ProxyOptionsError) -> ProxyOptions {
        try ProxyOptions(words) { path in
            guard let file, path == "/etc/proxy.yaml" else { throw Missing(description: "\(path): no such file") }
            return Array(file.utf8)
        }
    }

    func problems(_ words: [String], file: String? = nil) -> [String] {
        do {
            _ = try options(words, file: file)
            return []
        } catch {
            return error.problems
        }
    }

    @Test("without a word it runs with the defaults")
    func defaults() throws {
        let options = try options()
        #expect(options.action == .run && options.configuration == ProxyConfiguration() && options.notes.isEmpty)
        #expect(options.configurationFile == nil && options.master == nil)
    }

    @Test(
        "what is to be done",
        arguments: [
            (["--cleanup"], ProxyOptions.Action.cleanup), (["--cleanup=false"], .run), (["--init-only"], .initOnly),
            (["--write-config-to", "/tmp/x"], .writeConfiguration(path: "/tmp/x")), (["--help"], .help),
            (["-h"], .help),
            (["--version"], .version), (["--version=raw"], .version), (["--init-only", "--cleanup"], .cleanup),
            (["--cleanup", "--write-config-to=/x"], .writeConfiguration(path: "/x")),
        ])
    func actions(words: [String], action: ProxyOptions.Action) throws {
        #expect(try options(words).action == action)
    }

    @Test("every flag of a key sets it")
    func everyFlag() throws {
        let words = """
            --proxy-mode=nftables --iptables-masquerade-bit=3 --masquerade-all --iptables-localhost-nodeports=false
            --iptables-sync-period=50s --iptables-min-sync-period=5s --nodeport-addresses=10.0.0.0/8,primary
            --nodeport-addresses=fd00::/8 --detect-local-mode=InterfaceNamePrefix --pod-bridge-interface=cni0
            --pod-interface-name-prefix=veth --cluster-cidr=10.1.0.0/16,fd01::/48 --bind-address=10.0.0.1
            --healthz-bind-address=10.0.0.1 --metrics-bind-address=[::]:99 --bind-address-hard-fail --profiling
            --show-hidden-metrics-for-version=1.35 --conntrack-max-per-core=0 --conntrack-min=7
            --conntrack-tcp-timeout-established=0 --conntrack-tcp-timeout-close-wait=1m --conntrack-tcp-be-liberal
            --conntrack-udp-timeout=10s --conntrack-udp-timeout-stream=20s --hostname-override=Node-B
            --kubeconfig=/etc/kc --kube-api-content-type=application/json --kube-api-qps=2.5 --kube-api-burst=4
            --config-sync-period=1m --feature-gates=A=true,B=false --feature-gates=A=0 --oom-score-adj=-5
            --logging-format=json -v 5 --master=https://10.0.0.2:6443
            """.split(whereSeparator: \.isWhitespace).map(String.init)
        let options = try options(words)
        let configuration = options.configuration
        var expected = ProxyConfiguration()
        expected.mode = .nftables
        expected.iptables.masqueradeBit = 3
        expected.iptables.masqueradeAll = true
        expected.iptables.syncPeriod = .seconds(50)
        expected.iptables.minSyncPeriod = .seconds(5)
        expected.nftables = expected.iptables
        expected.nftables.masqueradeBit = 14
        expected.localhostNodePorts = false
        expected.nodePortAddresses = ["10.0.0.0/8", "primary", "fd00::/8"].compactMap(NodePortAddress.init)
        expected.localTraffic.mode = .interfaceNamePrefix
        expected.localTraffic.bridgeInterface = "cni0"
        expected.localTraffic.interfaceNamePrefix = "veth"
        expected.localTraffic.clusterCIDRs = ["10.1.0.0/16", "fd01::/48"].compactMap { CIDR($0) }
        expected.bindAddress = try #require(IPAddress("10.0.0.1"))
        expected.healthzBindAddress = ListenAddress("10.0.0.1:10256")
        expected.metricsBindAddress = ListenAddress("[::]:99")
        expected.bindAddressHardFail = true
        expected.enableProfiling = true
        expected.showHiddenMetricsForVersion = "1.35"
        expected.conntrack.maxPerCore = 0
        expected.conntrack.min = 7
        expected.conntrack.tcpEstablishedTimeout = .zero
        expected.conntrack.tcpCloseWaitTimeout = .seconds(60)
        expected.conntrack.tcpBeLiberal = true
        expected.conntrack.udpTimeout = .seconds(10)
        expected.conntrack.udpStreamTimeout = .seconds(20)
        expected.hostnameOverride = "node-b"
        expected.clientConnection.kubeconfig = "/etc/kc"
        expected.clientConnection.contentType = "application/json"
        expected.clientConnection.qps = 2.5
        expected.clientConnection.burst = 4
        expected.configSyncPeriod = .seconds(60)
        expected.featureGates = ["A": false, "B": false]
        expected.oomScoreAdj = -5
        expected.logging.format = .json
        expected.logging.verbosity = 5
        #expect(configuration == expected)
        #expect(options.master == "https://10.0.0.2:6443")
        // No flag has been forgotten here.
        let given = Set(words.map { String($0.drop { $0 == "-" }.prefix { $0 != "=" }) })
        #expect(Set(ConfigurationKey.all.compactMap(\.flag)).subtracting(given).isEmpty)
    }

    @Test(
        "pflag's spellings",
        arguments: [
            ["--cluster_cidr=10.1.0.0/16", "-v2"], ["--cluster_cidr", "10.1.0.0/16", "-v=2"],
            ["--cluster-cidr", "10.1.0.0/16", "--v", "2"],
        ])
    func spellings(words: [String]) throws {
        let configuration = try options(words).configuration
        #expect(configuration.localTraffic.clusterCIDRs.map { "\($0)" } == ["10.1.0.0/16"])
        #expect(try options("--write-config-to", "-a_b").action == .writeConfiguration(path: "-a_b"))
        #expect(configuration.logging.verbosity == 2 && configuration.logging.level == .info)
    }

    @Test(
        "the servers' flags, the old ones too",
        arguments: [
            (["--healthz-bind-address="], "none"), (["--healthz-port=0"], "none"),
            (["--healthz-port=99"], "0.0.0.0:10256"), (["--healthz-bind-address=::1"], "[::1]:10256"),
            (["--healthz-bind-address=1.2.3.4", "--healthz-port=99"], "1.2.3.4:99"),
            (["--healthz-bind-address=1.2.3.4:5", "--healthz-port=99"], "1.2.3.4:5"),
            (["--healthz-bind-address=1.2.3.4:5", "--healthz-port=0"], "none"),
            (["--healthz-port=0", "--write-config-to=/x"], "0.0.0.0:10256"),
        ])
    func servers(words: [String], expected: String) throws {
        #expect(try options(words).configuration.healthzBindAddress.map { "\($0)" } ?? "none" == expected)
        let forMetrics = words.map { $0.replacing("healthz", with: "metrics") }
        let server = try options(forMetrics).configuration.metricsBindAddress.map { "\($0)" } ?? "none"
        #expect(
            server == expected.replacing("0.0.0.0:10256", with: "127.0.0.1:10249").replacing("10256", with: "10249"))
    }

    @Test("a flag can say zero where a file cannot, and what it says is read back from a file")
    func zeros() throws {
        let words = ["--iptables-min-sync-period=0", "--kube-api-qps=0", "--kube-api-burst=0", "--healthz-port=0"]
        let configuration = try options(words).configuration
        #expect(configuration.iptables.minSyncPeriod == .nanoseconds(1) && configuration.healthzBindAddress == nil)
        #expect(configuration.clientConnection == ClientConnectionSettings())
        #expect(try ProxyConfiguration.read(Array(configuration.yaml().utf8)).configuration == configuration)
    }

    @Test("with a file its values count, but for the node's name and logging; flags that lose are named")
    func file() throws {
        let options = try options(
            "--config=/etc/proxy.yaml", "--hostname-override=other", "-v=4", "--proxy-mode=iptables",
            "--masquerade-all",
            "--healthz-port=0", "--master=http://10.0.0.1",
            file: ConfigurationSamples.header + "mode: nftables\nfoo: 1\nhostnameOverride: own\n")
        #expect(options.configurationFile == "/etc/proxy.yaml" && options.master == "http://10.0.0.1")
        var expected = ProxyConfiguration()
        expected.mode = .nftables
        expected.hostnameOverride = "other"
        expected.logging.verbosity = 4
        #expect(options.configuration == expected)
        #expect(
            options.notes.map(\.description) == [
                "--proxy-mode: ignored: the file of --config counts",
                "--masquerade-all: ignored: the file of --config counts",
                "--healthz-port: ignored: the file of --config counts", "line 4: foo: unknown key, ignored",
            ])
        // The file has changed: the flags that win go on winning.
        let later = try options.configuration(from: Array((ConfigurationSamples.header + "oomScoreAdj: 1").utf8))
        expected.mode = .automatic
        expected.oomScoreAdj = 1
        #expect(later.configuration == expected && later.notes.isEmpty)
    }

    @Test("flags that mean nothing here are taken and named")
    func ignored() throws {
        let words = [
            "--ipvs-scheduler=rr", "--vmodule=a=1", "--log-flush-frequency=5s", "--logtostderr", "--log_dir=/x",
        ]
        #expect(
            try options(words).notes.map(\.description) == [
                "--ipvs-scheduler: ignored: there is no mode ipvs",
                "--log-flush-frequency: ignored: there is one stream of log lines, without a buffer",
                "--log-dir: ignored: log lines go to standard error, at one level",
                "--logtostderr: ignored: log lines go to standard error, at one level",
                "--vmodule: ignored: log lines go to standard error, at one level",
            ])
    }

    @Test(
        "what is wrong",
        arguments: [
            (["--proxy-mod=x"], ["--proxy-mod: unknown flag; --proxy-mode is one"]),
            (["--what_is_this"], ["--what_is_this: unknown flag"]),
            (
                ["--cluster-cird=10.0.0.0/8", "--cleanup=maybe"],
                [
                    "--cluster-cird: unknown flag; --cluster-cidr is one",
                    "--cleanup: \"maybe\" is neither true nor false",
                ]
            ),
            (
                ["--proxy-mode=ipvs", "--oom-score-adj=5000"],
                [
                    "--proxy-mode is \"ipvs\": IPVS is not programmed here, and deprecated in kube-proxy; use \"nftables\", which needs no ipvs section",
                    "--oom-score-adj is 5000: must be an integer from -1000 to 1000",
                ]
            ),
            (
                ["--iptables-sync-period=0"],
                ["--iptables-sync-period is \"0\": must be a duration greater than 0, such as 30s or 1h30m"]
            ),
            (
                ["--iptables-min-sync-period=1m"],
                ["--iptables-min-sync-period is 1m0s: must be at most iptables.syncPeriod, which is 30s"]
            ),
            (
                ["--nodeport-addresses=10.0.0.0/8,eth0"],
                ["--nodeport-addresses[1] is \"eth0\": must be a CIDR, or \"primary\", \"localhost\" or \"all\""]
            ),
            (["--feature-gates=A"], ["--feature-gates.A is \"\": must be true or false"]),
            (
                ["--hostname-override=  "],
                ["--hostname-override is \"  \": must be a node's name, or empty for the host's"]
            ),
            (
                ["--detect-local-mode=BridgeInterface"],
                ["--pod-bridge-interface is missing: must name the pods' bridge with detectLocalMode BridgeInterface"]
            ),
            (["--healthz-port=70000"], ["--healthz-port is 70000: must be a port, or 0 for no such server"]),
            (["--master=10.0.0.1"], ["--master is \"10.0.0.1\": must begin with http:// or https://"]),
            (["run", "now"], ["run now: unexpected words after the flags"]),
            (["--config=/missing"], ["--config: /missing: no such file"]),
        ])
    func bad(words: [String], expected: [String]) {
        #expect(problems(words) == expected)
    }

    @Test("everything that is wrong in a file is said")
    func badFile() {
        let file = ConfigurationSamples.header + "mode: ipvs\noomScoreAdj: 2000\n"
        #expect(problems(["--config=/etc/proxy.yaml"], file: file).count == 2)
    }

    @Test("help names every flag")
    func help() {
        for flag in ProxyFlags.all { #expect(ProxyOptions.help.contains("  --\(flag.name)")) }
        #expect(ProxyOptions.help.contains("--oom-score-adj NUMBER"))
        #expect(ProxyOptions.help.contains("(default 15m0s)"))
    }
}
