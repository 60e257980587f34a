package import Daemon
package import HTTP
internal import NetTypes
package import Store

/// Everything that is wrong with the flags' values.
package struct OptionsError: Error, Hashable, Sendable, CustomStringConvertible {
    package var problems: [String]
    package var description: String { problems.joined(separator: "\n") }
}

/// What the command line and the environment say, checked.
package struct OverlayOptions: Sendable {
    package var etcd: EtcdConfiguration
    package var etcdPrefix: String
    /// Nil: leases are in etcd.
    package var kubernetes: KubernetesSettings?
    package var selection: InterfaceRequest
    package var subnetFile: String
    package var stateDirectory: String
    /// How long before its end the lease is renewed.
    package var renewMargin: Duration
    package var traffic: TrafficOptions
    package var hasBlackholeRoute: Bool
    package var resyncInterval: Duration
    /// Nil: no HTTP server.
    package var health: ListenAddress?
    package var isDryRun: Bool
    package var logLevel: Logger.Level
    package var logFormat: Logger.Format

    /// Throws every problem that the values have.
    package init(_ arguments: Arguments, environment: [String: String] = [:]) throws(OptionsError) {
        var problems: [String] = []
        func text(_ name: String) -> String? {
            guard let value = arguments.string(name), !value.isEmpty else { return nil }
            return value
        }
        func address(_ name: String, _ family: IPFamily?) -> IPAddress? {
            guard let text = text(name) else { return nil }
            if let address = IPAddress(text), family == nil || address.family == family { return address }
            problems.append("-\(name): \"\(text)\" is no \(family.map { "IP\($0)" } ?? "IP") address")
            return nil
        }
        func number(_ name: String, _ range: ClosedRange<Int>, _ rule: String) -> Int {
            let value = arguments.integer(name) ?? range.lowerBound
            if !range.contains(value) { problems.append("-\(name): \(value) must be \(rule)") }
            return value
        }
        let endpoints = (text("etcd-endpoints") ?? "").split(separator: ",").map { String($0.filter { $0 != " " }) }
        if endpoints.isEmpty { problems.append("-etcd-endpoints: needs a URL") }
        for endpoint in endpoints where !endpoint.hasPrefix("http://") && !endpoint.hasPrefix("https://") {
            problems.append("-etcd-endpoints: \"\(endpoint)\" must begin with http:// or https://")
        }
        if (text("etcd-keyfile") == nil) != (text("etcd-certfile") == nil) {
            problems.append("-etcd-keyfile and -etcd-certfile: give both or none")
        }
        etcd = EtcdConfiguration(
            endpoints: endpoints,
            tls: .init(
                authority: text("etcd-cafile"), certificate: text("etcd-certfile"), key: text("etcd-keyfile")),
            user: text("etcd-username"), password: text("etcd-password"))
        etcdPrefix = text("etcd-prefix") ?? "/coreos.com/network"
        let prefix = text("kube-annotation-prefix") ?? AnnotationKeys.defaultPrefix
        let keys = AnnotationKeys(prefix: prefix)
        if keys == nil {
            problems.append("-kube-annotation-prefix: \"\(prefix)\" must have at most one slash, and a name before it")
        }
        if arguments.bool("kube-subnet-mgr"), let keys {
            kubernetes = KubernetesSettings(
                kubeconfig: text("kubeconfig-file"), server: text("kube-api-url"), keys: keys,
                configPath: text("net-config-path") ?? "/etc/kube-flannel/net-conf.json",
                clearsNetworkUnavailable: arguments.bool("set-node-network-unavailable"), environment: environment)
        }
        if let server = text("kube-api-url"), !server.hasPrefix("http://") && !server.hasPrefix("https://") {
            problems.append("-kube-api-url: \"\(server)\" must begin with http:// or https://")
        }
        selection = InterfaceRequest(
            names: arguments.strings("iface").filter { !$0.isEmpty },
            patterns: arguments.strings("iface-regex").filter { !$0.isEmpty },
            reachable: address("iface-can-reach", nil),
            publicIPv4: address("public-ip", .v4), publicIPv6: address("public-ipv6", .v6))
        for pattern in selection.patterns where POSIXPattern(pattern) == nil {
            problems.append("-iface-regex: \"\(pattern)\" is no POSIX extended regular expression")
        }
        subnetFile = text("subnet-file") ?? SubnetEnv.defaultPath
        stateDirectory = text("state-dir") ?? "/var/lib/poplin/overlay"
        renewMargin = .seconds(60 * number("subnet-lease-renew-margin", 1...1439, "1 to 1439 minutes"))
        traffic = TrafficOptions(
            masquerades: arguments.bool("ip-masq"),
            isFullyRandom: !arguments.bool("ip-masq-fully-random-disable"),
            acceptsForwarding: arguments.bool("iptables-forward-rules"))
        hasBlackholeRoute = arguments.bool("ip-blackhole-route")
        resyncInterval = .seconds(number("iptables-resync", 1...86400, "1 second or more"))
        let port = number("healthz-port", 0...65535, "a port, or 0")
        let healthAddress = address("healthz-ip", nil)
        health =
            port == 0 ? nil : healthAddress.map { ListenAddress($0, port: UInt16(truncatingIfNeeded: port)) }
        isDryRun = arguments.bool("dry-run")
        let verbosity = arguments.integer("v") ?? 0
        let named = Logger.Level.allCases.first { $0.name == arguments.string("log-level") } ?? .info
        logLevel = verbosity > 0 ? max(named, .debug) : named
        logFormat = Logger.Format(rawValue: arguments.string("log-format") ?? "") ?? .text
        if !arguments.positionals.isEmpty {
            problems.append("\(arguments.positionals.joined(separator: " ")): unexpected words after the flags")
        }
        if !problems.isEmpty { throw OptionsError(problems: problems) }
    }
}

extension OverlayOptions {
    package var subnets: SubnetOrigin { kubernetes == nil ? .chosen : .assigned }

    /// How often leases are read anew although nothing says so. Reading all Nodes is dear for a large cluster's server,
    /// and its watches are told by revision when they have missed something.
    var readInterval: Duration { kubernetes == nil ? .seconds(600) : .seconds(86400) }
}
