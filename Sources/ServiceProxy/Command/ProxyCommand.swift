internal import Daemon
internal import Glibc
internal import KubeClient
internal import Linux

/// `poplin proxy`: from words to a running daemon, or a sentence about what is wrong.
package enum ProxyCommand {
    /// The arguments are those after the subcommand. Returns the exit code: 0, 1 for a failure, 2 for a wrong command line.
    package static func proxy(_ arguments: [String], environment: [String: String], version: String) -> Int32 {
        let options: ProxyOptions
        do {
            options = try ProxyOptions(arguments) { path in try Files.read(path) }
        } catch {
            writeToStandardError("poplin proxy: wrong command line:\n\(error)\nSee poplin proxy --help.")
            return 2
        }
        let logging = options.configuration.logging
        let log = Logger(level: logging.level, format: logging.format)
        for note in options.notes { log.info("\(note)") }
        do {
            switch options.action {
            case .help: print("Usage: poplin proxy [flags]\n\n\(ProxyOptions.help)")
            case .version: print("poplin \(version)")
            case .writeConfiguration(let path): try Files.write(path, options.configuration.yaml())
            case .cleanup: try cleanup(log)
            case .initOnly: initialize(options.configuration, log)
            case .run: try run(options, log, environment)
            }
            return 0
        } catch {
            log.error("ended by an error", ["reason": "\(error)"])
            return 1
        }
    }

    /// What takes more than CAP_NET_ADMIN: a run with that alone finds it done.
    private static func initialize(_ configuration: ProxyConfiguration, _ log: Logger) {
        ConntrackLimits(settings: configuration.conntrack).apply(log)
        let servesLoopback = NodeView("", configuration, node: nil, interfaceAddresses: [], serviceCIDRs: [])
            .servesLoopbackNodePorts
        guard servesLoopback, (try? ModeChoice(configuration.mode))?.mode == .iptables else { return }
        var routing = LoopbackRouting()
        routing.enable(log)
    }

    private static func cleanup(_ log: Logger) throws {
        let removed = try Cleanup().run()
        if removed.isEmpty { log.info("nothing to remove") }
        for what in removed { log.info("removed", ["what": what]) }
    }

    private static func run(_ options: ProxyOptions, _ log: Logger, _ environment: [String: String]) throws {
        // Both before the first thread: signals go to the loop, and a broken pipe is an error like others.
        SignalDescriptor.ignoreBrokenPipes()
        let loop = try EventLoop()
        let daemon = try ProxyDaemon(
            options, name: nodeName(options), access: access(options, environment), log: log, loop: loop,
            notifier: ServiceNotifier(environment: environment))
        try loop.onSignals([SIGTERM, SIGINT]) { signal in
            log.info("ending", ["signal": signal])
            loop.stop()
        }
        try daemon.run()
    }

    /// By which name the node is known to the cluster.
    static func nodeName(_ options: ProxyOptions) throws(SystemError) -> String {
        let name = options.configuration.hostnameOverride
        return (name.isEmpty ? try hostName() : name).lowercased()
    }

    private static func hostName() throws(SystemError) -> String {
        var name = [CChar](repeating: 0, count: 256)
        try check("ask for", "the host's name") { gethostname(&name, name.count - 1) }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    static func access(_ options: ProxyOptions, _ environment: [String: String]) throws -> ClusterAccess {
        let path = options.configuration.clientConnection.kubeconfig
        if path.isEmpty, options.master == nil { return try ClusterAccess.inCluster(environment) }
        return try Kubeconfig(file: path).access(server: options.master)
    }
}
