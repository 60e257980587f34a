internal import HTTP
internal import JSON

extension ConfigurationKey {
    /// In the order in which they are best explained.
    package static let all: [ConfigurationKey] = rules + localTraffic + servers + conntrack + process

    private static let rules: [ConfigurationKey] = [
        ConfigurationKey(
            "mode", \.mode, .mode, flag: "proxy-mode", .restart,
            "who writes the rules: nftables, iptables, or empty for the best that the kernel has"),
        ConfigurationKey(
            "iptables.masqueradeBit", \.iptables.masqueradeBit, .bit, isPointer: true, flag: "iptables-masquerade-bit",
            .restart, "bit of the packet mark for what is to be masqueraded, 0 to 31"),
        ConfigurationKey(
            "iptables.masqueradeAll", \.iptables.masqueradeAll, .flag, flag: "masquerade-all", .live,
            "masquerade everything that goes to a cluster IP"),
        ConfigurationKey(
            "iptables.localhostNodePorts", \.localhostNodePorts, .flag, isPointer: true,
            flag: "iptables-localhost-nodeports", .live, "serve node ports on 127.0.0.0/8 too"),
        ConfigurationKey(
            "iptables.syncPeriod", \.iptables.syncPeriod, .period, flag: "iptables-sync-period", .live,
            "time between full checks of the rules; whoever touches them is noticed at once"),
        ConfigurationKey(
            "iptables.minSyncPeriod", \.iptables.minSyncPeriod, .pause, flag: "iptables-min-sync-period", .live,
            "least time between two writes of rules"),
        ConfigurationKey(
            "nftables.masqueradeBit", \.nftables.masqueradeBit, .bit, isPointer: true, .restart,
            "bit of the packet mark for what is to be masqueraded, 0 to 31"),
        ConfigurationKey(
            "nftables.masqueradeAll", \.nftables.masqueradeAll, .flag, flag: "masquerade-all", .live,
            "masquerade everything that goes to a cluster IP"),
        ConfigurationKey(
            "nftables.syncPeriod", \.nftables.syncPeriod, .period, flag: "iptables-sync-period", .live,
            "time between full checks of the rules; whoever touches them is noticed at once"),
        ConfigurationKey(
            "nftables.minSyncPeriod", \.nftables.minSyncPeriod, .pause, flag: "iptables-min-sync-period", .live,
            "least time between two writes of rules"),
        ConfigurationKey(
            "nodePortAddresses", \.nodePortAddresses, .nodePortAddresses, flag: "nodeport-addresses", .live,
            "where node ports are served: networks, primary, localhost, all; without it primary with mode nftables, "
                + "else all"),
    ]

    private static let localTraffic: [ConfigurationKey] = [
        ConfigurationKey(
            "detectLocalMode", \.localTraffic.mode, .word, flag: "detect-local-mode", .live,
            "how traffic of the node's own pods is known: ClusterCIDR, NodeCIDR, BridgeInterface, InterfaceNamePrefix"),
        ConfigurationKey(
            "detectLocal.bridgeInterface", \.localTraffic.bridgeInterface, .interfaceName, flag: "pod-bridge-interface",
            .live, "the pods' bridge, with BridgeInterface"),
        ConfigurationKey(
            "detectLocal.interfaceNamePrefix", \.localTraffic.interfaceNamePrefix, .interfaceName,
            flag: "pod-interface-name-prefix", .live,
            "what the names of the pods' interfaces begin with, with InterfaceNamePrefix"),
        ConfigurationKey(
            "clusterCIDR", \.localTraffic.clusterCIDRs, .onePerFamily, flag: "cluster-cidr", .live,
            "the pods' network, or one of each family with a comma between, with ClusterCIDR"),
    ]

    private static let servers: [ConfigurationKey] = [
        ConfigurationKey(
            "bindAddress", \.bindAddress, .address, flag: "bind-address", .restart,
            "the node's primary address, unless it is 0.0.0.0 or ::; nothing listens there"),
        ConfigurationKey(
            "healthzBindAddress", \.healthzBindAddress, .server(ProxyConfiguration.healthzPort),
            flag: "healthz-bind-address", .live, "address and port of /healthz and /livez"),
        ConfigurationKey(
            "metricsBindAddress", \.metricsBindAddress, .server(ProxyConfiguration.metricsPort),
            flag: "metrics-bind-address", .live, "address and port of /metrics, /configz and /proxyMode"),
        ConfigurationKey(
            "bindAddressHardFail", \.bindAddressHardFail, .flag, flag: "bind-address-hard-fail", .live,
            "end when an address cannot be listened on"),
        ConfigurationKey(
            "enableProfiling", \.enableProfiling, .flag, flag: "profiling", .live,
            "serve /debug/flags/v, a PUT to which sets the log level; profiles are for Go programs"),
        ConfigurationKey(
            "showHiddenMetricsForVersion", \.showHiddenMetricsForVersion, .minorVersion,
            flag: "show-hidden-metrics-for-version", .live, withoutEffect: "there are no hidden metrics",
            "show metrics that were hidden after this version"),
    ]

    private static let conntrack: [ConfigurationKey] = [
        ConfigurationKey(
            "conntrack.maxPerCore", \.conntrack.maxPerCore, .integer(), isPointer: true, flag: "conntrack-max-per-core",
            .live, "connections to track for each core; 0 leaves the kernel's limit"),
        ConfigurationKey(
            "conntrack.min", \.conntrack.min, .integer(), isPointer: true, flag: "conntrack-min", .live,
            "connections to track at least"),
        ConfigurationKey(
            "conntrack.tcpEstablishedTimeout", \.conntrack.tcpEstablishedTimeout, .timeout, isPointer: true,
            flag: "conntrack-tcp-timeout-established", .live, "how long an idle TCP connection is known; 0 leaves it"),
        ConfigurationKey(
            "conntrack.tcpCloseWaitTimeout", \.conntrack.tcpCloseWaitTimeout, .timeout, isPointer: true,
            flag: "conntrack-tcp-timeout-close-wait", .live,
            "how long a TCP connection in CLOSE_WAIT is known; 0 leaves it"),
        ConfigurationKey(
            "conntrack.tcpBeLiberal", \.conntrack.tcpBeLiberal, .flag, flag: "conntrack-tcp-be-liberal", .live,
            "TCP segments outside of the window are not invalid"),
        ConfigurationKey(
            "conntrack.udpTimeout", \.conntrack.udpTimeout, .timeout, flag: "conntrack-udp-timeout", .live,
            "how long a UDP flow without an answer is known; 0 leaves it"),
        ConfigurationKey(
            "conntrack.udpStreamTimeout", \.conntrack.udpStreamTimeout, .timeout, flag: "conntrack-udp-timeout-stream",
            .live, "how long a UDP flow with answers is known; 0 leaves it"),
    ]

    private static let process: [ConfigurationKey] = [
        ConfigurationKey(
            "hostnameOverride", \.hostnameOverride, .hostname, flag: "hostname-override", .restart,
            "the node's name, instead of the host's"),
        ConfigurationKey(
            "clientConnection.kubeconfig", \.clientConnection.kubeconfig, .text, flag: "kubeconfig", .restart,
            "how to reach the API server; not set in a pod"),
        ConfigurationKey(
            "clientConnection.acceptContentTypes", \.clientConnection.acceptContentTypes, .text, .restart,
            "what the API server is asked for, instead of contentType"),
        ConfigurationKey(
            "clientConnection.contentType", \.clientConnection.contentType, .text, flag: "kube-api-content-type",
            .restart, "what requests to the API server are written in"),
        ConfigurationKey(
            "clientConnection.qps", \.clientConnection.qps, .number, flag: "kube-api-qps", .restart,
            "requests to the API server in a second; less than 0 for any number"),
        ConfigurationKey(
            "clientConnection.burst", \.clientConnection.burst, .burst, flag: "kube-api-burst", .restart,
            "requests to the API server at once"),
        ConfigurationKey(
            "configSyncPeriod", \.configSyncPeriod, .period, flag: "config-sync-period", .live,
            "time after which Services and endpoints are looked through again"),
        ConfigurationKey(
            "featureGates", \.featureGates, .featureGates, flag: "feature-gates", .restart,
            "switches of kube-proxy's, A=true,B=false"),
        ConfigurationKey(
            "oomScoreAdj", \.oomScoreAdj,
            .integer(-1000...1000, "must be an integer from -1000 to 1000"), isPointer: true, flag: "oom-score-adj",
            .live, "how readily the kernel ends the process for want of memory, -1000 to 1000"),
        ConfigurationKey(
            "logging.format", \.logging.format, .word, flag: "logging-format", .live, "text or json"),
        ConfigurationKey(
            "logging.verbosity", \.logging.verbosity, .integer(), flag: "v", .live,
            "how much is logged; 4 and more is for debugging"),
    ]
}
