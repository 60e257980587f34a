internal import Daemon
internal import Glibc
internal import KubeClient
internal import Linux
internal import Store

/// `poplin overlay` and its kin: from words to a running daemon, an answer, or a sentence about what is wrong.
package enum OverlayCommand {
    package static let version = "0.1.0"

    /// The arguments are those after the subcommand. Returns the exit code: 0, 1 for a failure, 2 for a wrong command line.
    package static func overlay(_ arguments: [String], environment: [String: String]) -> Int32 {
        withOptions("overlay", arguments, environment) { options, log in
            if options.isDryRun { return try DryRun(options).run() }
            // Both before the first thread: signals go to the loop, and a broken pipe is an error like others.
            SignalDescriptor.ignoreBrokenPipes()
            let loop = try EventLoop()
            let subnets = try subnets(options)
            let daemon = try OverlayDaemon(
                options: options, log: log, loop: loop, notifier: ServiceNotifier(environment: environment),
                subnets: subnets)
            try loop.onSignals([SIGTERM, SIGINT]) { signal in
                log.info("ending", ["signal": signal])
                loop.stop()
            }
            try daemon.run()
            return 0
        }
    }

    /// What the overlay wants and has on this node; 0 when all is well.
    package static func status(_ arguments: [String], environment: [String: String]) -> Int32 {
        withOptions("status overlay", arguments, environment) { options, _ in
            var inspection = try Inspection(options)
            let (status, differences) = try inspection.status()
            print(status.text, terminator: "")
            for line in differences { print("difference \(line)") }
            return differences.isEmpty ? 0 : 1
        }
    }

    /// Only how the node differs from what it should be; 0 when it does not.
    package static func check(_ arguments: [String], environment: [String: String]) -> Int32 {
        withOptions("check overlay", arguments, environment) { options, _ in
            var inspection = try Inspection(options)
            let (status, differences) = try inspection.lastingStatus()
            for peer in status.peers { for problem in peer.problems { print("peer \(peer.subnet): \(problem)") } }
            for line in differences { print(line) }
            // They say what our rules say, and are no fault of the node's.
            for line in try inspection.leftovers() { print("note: flannel's \(line)") }
            let isFine = differences.isEmpty && status.peers.allSatisfy(\.problems.isEmpty)
            if isFine { print("ok: \(status.peers.count) peers, device, rules and subnet file are as they should be") }
            return isFine ? 0 : 1
        }
    }

    /// Removes what the overlay has made on this node: routes with our tag, devices, the rules' table, subnet.env and the
    /// cache. The lease in the store is left to its term, so that the subnet can be had again.
    package static func cleanup(_ arguments: [String], environment: [String: String]) -> Int32 {
        withOptions("cleanup overlay", arguments, environment) { options, _ in
            // A running daemon would make again what goes.
            let alone = options.isDryRun ? nil : try OverlayDaemon.claimNode()
            defer { withExtendedLifetime(alone) {} }
            let lines = try Cleanup(options).run(isDryRun: options.isDryRun)
            for line in lines { print(line) }
            if lines.isEmpty { print("nothing of the overlay's is here") }
            return 0
        }
    }

    /// How threads reach the leases; the options are checked here, once, so that a wrong one ends the start.
    static func subnets(_ options: OverlayOptions) throws -> SubnetManagerMaker {
        if let settings = options.kubernetes {
            let access = try ClusterAccess.from(
                kubeconfig: settings.kubeconfig, server: settings.server, environment: settings.environment)
            return { (cancellation) throws(SubnetError) in
                try KubeSubnetManager(access, settings, cancellation: cancellation)
            }
        }
        _ = try EtcdClient(options.etcd)
        let (etcd, prefix) = (options.etcd, options.etcdPrefix)
        return { (cancellation) throws(SubnetError) in
            do throws(StoreError) {
                return KeyValueSubnetManager(store: try EtcdClient(etcd, cancellation: cancellation), prefix: prefix)
            } catch {
                throw .store(error)
            }
        }
    }

    static func withOptions(
        _ command: String, _ arguments: [String], _ environment: [String: String],
        _ body: (OverlayOptions, Logger) throws -> Int32
    ) -> Int32 {
        let parsed: Arguments
        let options: OverlayOptions
        do {
            parsed = try Arguments(
                OverlayFlags.all, arguments, environment: environment,
                environmentPrefix: OverlayFlags.environmentPrefix)
            if parsed.wantsHelp {
                print(
                    "Usage: poplin \(command) [flags]\n\nFlags, each with the environment variable that sets it, too:")
                print(Arguments.help(OverlayFlags.all, environmentPrefix: OverlayFlags.environmentPrefix))
                return 0
            }
            if parsed.bool("version") {
                print("poplin \(version)")
                return 0
            }
            options = try OverlayOptions(parsed, environment: environment)
        } catch {
            writeToStandardError("poplin \(command): wrong command line:\n\(error)")
            writeToStandardError("See poplin \(command) --help.")
            return 2
        }
        let log = Logger(level: options.logLevel, format: options.logFormat)
        do {
            return try body(options, log)
        } catch {
            log.error("ended by an error", ["reason": "\(error)"])
            return 1
        }
    }
}
