internal import Daemon
internal import HTTP
internal import NetTypes

/// What `poplin server` is told, checked.
struct ServerOptions {
    var dataDirectory = "/var/lib/poplin/server"
    var listen: [ListenAddress] = []
    var advertise: IPAddress?
    var etcdEndpoints: [String] = []
    var etcdCA: String?
    var etcdCertificate: String?
    var etcdKey: String?
    var serviceRanges: [CIDR] = []
    var nodePorts: ClosedRange<Int> = 30000...32767
    var podRanges: [CIDR] = []
    var nodeMasks: [Int] = []
    var controllers = ControllerChoice()
    var kubeconfig: String?
    var names: [String] = []
    var auditPath: String?
    var tokenFile: String?
    var kubeletAuthority: String?
    var ringBytes = 24 << 20
    var compactionInterval = Duration.seconds(300)
    var requests = RequestsInWork.Limits()
    var clientTime = Duration.seconds(30)
    var logLevel = Logger.Level.info
    var logFormat = Logger.Format.text

    static let environmentPrefix = "POPLIN_SERVER_"

    static let flags: [Flag] = [
        Flag("data-dir", default: "/var/lib/poplin/server", "the cluster's state and keys"),
        Flag("listen", default: ":6443", "address and port to serve the API on; port 0 takes a free one"),
        Flag("advertise-address", .string, "address under which other machines reach this server"),
        Flag("tls-san", .string, isRepeatable: true, "further name or address for the server's certificate"),
        Flag(
            "kubeconfig", .string,
            "where the administrator's kubeconfig is written (default DATA-DIR/pki/admin.kubeconfig)"),
        Flag("etcd-endpoints", .string, "comma-separated addresses of etcd; without it the state is in a file"),
        Flag("etcd-cafile", .string, "authority of etcd's certificates"),
        Flag("etcd-certfile", .string, "client certificate for etcd"),
        Flag("etcd-keyfile", .string, "key of the client certificate for etcd"),
        Flag("service-cidr", default: "10.96.0.0/16", "range of cluster addresses, or one of each family"),
        Flag("service-node-port-range", default: "30000-32767", "ports of Services on nodes"),
        Flag(
            "cluster-cidr", .string,
            "range from which nodes get their pod subnets, or one of each family; empty for none"),
        Flag("node-cidr-mask-size-ipv4", .integer, default: "24", "size of a node's IPv4 subnet"),
        Flag("node-cidr-mask-size-ipv6", .integer, default: "64", "size of a node's IPv6 subnet"),
        Flag(
            "controllers", .string, default: "*",
            "comma-separated: * for the usual ones, NAME for one that runs beside a controller manager too, -NAME for none"
        ),
        Flag("kubelet-certificate-authority", .string, "authority of kubelets' certificates; without it any is taken"),
        Flag("token-auth-file", .string, "static bearer tokens: token,user,uid[,\"group1,group2\"] a line"),
        Flag("audit-log-path", .string, "file of the audit log (default DATA-DIR/audit.log); - for none"),
        Flag(
            "watch-history", default: "24Mi",
            "how much of the changes is kept in memory for watches: bytes with Ki, Mi or Gi, or a number of MiB"),
        Flag(
            "compaction-interval", .duration, default: "5m",
            "how long the store keeps the history that watches go on from after a restart"),
        Flag("max-requests-inflight", .integer, default: "400", "reads in work at once, except watches"),
        Flag("max-mutating-requests-inflight", .integer, default: "200", "writes in work at once"),
        Flag(
            "request-timeout", .duration, default: "1m0s", "for a request that is no watch, to the answer's last byte"),
        Flag(
            "client-timeout", .duration, default: "30s",
            "for a client that takes none of its answer; a third of it for handshake and head, twice it for a body"),
        Flag("log-level", .choice(Logger.Level.allCases.map(\.name)), default: "info", "how much is logged"),
        Flag("log-format", .choice(Logger.Format.allCases.map(\.rawValue)), default: "text", "text or json"),
    ]

    init(_ arguments: Arguments) throws(ServerOptionsError) {
        var problems: [String] = []
        dataDirectory = arguments.string("data-dir") ?? dataDirectory
        let address = arguments.string("listen") ?? ":6443"
        if let listening = ListenAddress(address), let port = listening.port == 0 ? Self.freePort() : listening.port {
            listen = [ListenAddress(listening.address, port: port)]
        } else {
            problems.append("-listen: \"\(address)\" is not an address and port")
        }
        if let text = arguments.string("advertise-address") {
            advertise = IPAddress(text)
            if advertise == nil { problems.append("-advertise-address: \"\(text)\" is not an address") }
        }
        names = arguments.strings("tls-san")
        kubeconfig = arguments.string("kubeconfig")
        controllers = ControllerChoice(Self.list(arguments.string("controllers")), &problems)
        etcdEndpoints = Self.list(arguments.string("etcd-endpoints"))
        etcdCA = arguments.string("etcd-cafile")
        etcdCertificate = arguments.string("etcd-certfile")
        etcdKey = arguments.string("etcd-keyfile")
        serviceRanges = Self.ranges("service-cidr", arguments, &problems)
        podRanges = Self.ranges("cluster-cidr", arguments, &problems)
        nodeMasks = podRanges.map { range in
            arguments.integer(range.family == .v4 ? "node-cidr-mask-size-ipv4" : "node-cidr-mask-size-ipv6")
                ?? (range.family == .v4 ? 24 : 64)
        }
        let ports = (arguments.string("service-node-port-range") ?? "").split(separator: "-").compactMap { Int($0) }
        if ports.count == 2, 1 <= ports[0], ports[0] <= ports[1], ports[1] <= 65535 {
            nodePorts = ports[0]...ports[1]
        } else {
            problems.append("-service-node-port-range: must be two ports, as in 30000-32767")
        }
        kubeletAuthority = arguments.string("kubelet-certificate-authority")
        tokenFile = arguments.string("token-auth-file")
        auditPath = arguments.string("audit-log-path") ?? "\(dataDirectory)/audit.log"
        if auditPath == "-" { auditPath = nil }
        if let bytes = Self.bytes(arguments.string("watch-history") ?? "") {
            ringBytes = bytes
        } else {
            problems.append("-watch-history: must be an amount of bytes, as 24Mi, and more than none")
        }
        compactionInterval = arguments.duration("compaction-interval") ?? compactionInterval
        if compactionInterval <= .zero { problems.append("-compaction-interval: must be more than none") }
        requests.reads = arguments.integer("max-requests-inflight") ?? requests.reads
        requests.writes = arguments.integer("max-mutating-requests-inflight") ?? requests.writes
        if requests.reads <= 0 { problems.append("-max-requests-inflight: must be at least 1") }
        if requests.writes <= 0 { problems.append("-max-mutating-requests-inflight: must be at least 1") }
        requests.time = arguments.duration("request-timeout") ?? requests.time
        clientTime = arguments.duration("client-timeout") ?? clientTime
        if requests.time <= .zero { problems.append("-request-timeout: must be more than nothing") }
        if clientTime <= .zero { problems.append("-client-timeout: must be more than nothing") }
        logLevel = Logger.Level.allCases.first { $0.name == arguments.string("log-level") } ?? .info
        logFormat = arguments.string("log-format").flatMap(Logger.Format.init(rawValue:)) ?? .text
        if !problems.isEmpty { throw ServerOptionsError(problems: problems) }
    }

    /// What clients of the listener may cause.
    var httpLimits: HTTPServer.Limits {
        var limits = HTTPServer.Limits()
        limits.strangerStreams = 100
        limits.handshakeTime = clientTime / 3
        limits.headTime = clientTime / 3
        limits.bodyTime = clientTime * 2
        limits.stallTime = clientTime
        return limits
    }

    /// A port that nobody has at the moment: keys and kubeconfig need to know it before the server listens.
    private static func freePort() -> UInt16? {
        guard let loopback = IPAddress("127.0.0.1") else { return nil }
        do {
            let socket = try ListenAddress(loopback, port: 0).listen()
            return try ListenAddress.port(of: socket)
        } catch {
            return nil
        }
    }

    /// An amount with Ki, Mi or Gi; without any it is of MiB. nil for one that is none, or nothing.
    private static func bytes(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let shift = ["Ki": 10, "Mi": 20, "": 20, "Gi": 30][String(text[digits.endIndex...])]
        guard let shift, let amount = Int(digits), amount > 0, amount < 1 << 20 else { return nil }
        return amount << shift
    }

    private static func list(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { String($0) }
    }

    private static func ranges(_ flag: String, _ arguments: Arguments, _ problems: inout [String]) -> [CIDR] {
        var ranges: [CIDR] = []
        for text in list(arguments.string(flag)) {
            if let range = CIDR(text) {
                ranges.append(range.network)
            } else {
                problems.append("-\(flag): \"\(text)\" is not a range")
            }
        }
        if ranges.count > 2 || ranges.count == 2 && ranges[0].family == ranges[1].family {
            problems.append("-\(flag): one range, or one of each family")
        }
        return ranges
    }
}

/// Everything that is wrong with the options.
struct ServerOptionsError: Error, CustomStringConvertible {
    var problems: [String]
    var description: String { problems.joined(separator: "\n") }
}
