internal import Daemon
internal import Glibc
internal import JSON
internal import Linux
internal import NFTables
internal import Netlink

/// Questions about a node's Services, from outside of the daemon. All take the daemon's flags.
package enum InspectionCommand {
    static let json = Flag("json", .bool, default: "false", "print JSON")

    /// `poplin trace SRC DST:PORT`: 0 when it could be told what becomes of the packet, and with --live it has become of it;
    /// else 1.
    package static func trace(_ arguments: [String], environment: [String: String], version: String) -> Int32 {
        let flags = [
            Flag("interface", .string, "by which interface the packet comes in; else the one that leads back to SRC"),
            Flag(
                "planned", .bool, default: "false",
                "through the rules that the API server's objects ask for, instead of the kernel's"),
            Flag("live", .bool, default: "false", "then send one packet, and say where it went"),
            Flag("netns", .string, "for --live: the network namespace that SRC is in, a pod's"), json,
        ]
        let usage = "trace SRC DST:PORT[/tcp|/udp|/sctp]"
        return withOptions(usage, flags, arguments, version, failure: 1) { options in
            guard options.words.count == 2 else { throw WrongWords() }
            let request = try TraceRequest(
                source: options.words[0], destination: options.words[1], interface: options.text("interface"))
            let rules = try rules(options, environment)
            // What cannot be done is said before anything is.
            let texts = options.has("live") ? try rules.texts() : RuleTexts()
            var tracer = try rules.tracer()
            let trace = try tracer.trace(request)
            let live = options.has("live") ? try live(trace, options.text("netns"), texts) : nil
            if options.has("json") {
                var object = trace.json.object ?? JSONObject()
                if let live { object["live"] = live.json(foretold: trace) }
                print(JSONValue.object(object).serialized(pretty: true))
            } else {
                print(trace.text + (live?.text(foretold: trace) ?? ""), terminator: "")
            }
            return live.map { $0.agrees(with: trace) } ?? true ? 0 : 1
        }
    }

    private static func live(_ trace: Trace, _ namespace: String?, _ texts: RuleTexts) throws -> LiveTrace {
        if namespace == nil, trace.packet.origin != .node {
            throw Tracer.Impossible(
                description: "\(trace.packet.source) is not this node's: --live needs --netns, or SRC of this node")
        }
        // From here on a signal ends the wait, and what was made is taken away.
        let signals = try SignalDescriptor([SIGINT, SIGTERM, SIGHUP])
        var packet = try LivePacket(trace.packet, in: namespace)
        return try packet.run(interruption: signals.descriptor.rawValue, texts: texts)
    }

    /// The kernel's rules, or the planned ones.
    private static func rules(_ options: InspectionOptions, _ environment: [String: String]) throws -> TracedRules {
        let isPlanned = options.has("planned")
        if let iptables = try iptablesInUse(options.proxy.configuration.mode) {
            let dumps = try dumps(iptables)
            let planned = isPlanned ? try ClusterSnapshot(options.proxy, environment).iptablesRules : nil
            guard let variant = iptables.variant, isPlanned || dumps.values.contains(where: { !$0.ownRules.isEmpty })
            else { throw NoRules() }
            return .chains(dumps, variant, planned: planned)
        }
        var socket = try NFTSocket()
        let installed = try InstalledTable(&socket, withMemories: true)
        if isPlanned {
            let snapshot = try ClusterSnapshot(options.proxy, environment)
            return .table(snapshot.ruleset(remembering: installed.slots), notes: [])
        }
        guard let (ruleset, unreadable) = installed.ruleset else { throw NoRules() }
        return .table(ruleset, notes: unreadable.map { "rule \($0) is another's and is not followed" })
    }

    // MARK: Command lines

    private struct NoRules: Error, CustomStringConvertible {
        var description: String {
            """
            there is neither a table \(ProxySet.table) here nor chains \(IPTablesChain.prefix)*: does poplin proxy run? \
            --planned traces through the rules that it would have
            """
        }
    }

    struct WrongWords: Error {}

    /// `failure` is the exit code for what could not be found out.
    static func withOptions(
        _ usage: String, _ flags: [Flag], _ arguments: [String], _ version: String, failure: Int32,
        _ body: (InspectionOptions) throws -> Int32
    ) -> Int32 {
        func refuse(_ problem: String) -> Int32 {
            writeToStandardError("poplin \(usage): wrong command line:\n\(problem)\nSee --help.")
            return 2
        }
        let options: InspectionOptions
        do {
            options = try InspectionOptions(arguments, flags)
        } catch {
            return refuse("\(error)")
        }
        switch options.proxy.action {
        case .help:
            print("Usage: poplin \(usage) [flags]\n\n\(Arguments.help(flags))")
            print("and the flags of poplin proxy, so that the same configuration is looked at.")
            return 0
        case .version:
            print("poplin \(version)")
            return 0
        default: break
        }
        do {
            return try body(options)
        } catch is WrongWords {
            return refuse("the words do not fit: poplin \(usage)")
        } catch let error as TraceRequest.Malformed {
            return refuse("\(error)")
        } catch {
            writeToStandardError("poplin \(usage.prefix { !$0.isUppercase }.trimmed): \(error)")
            return failure
        }
    }
}

extension Substring {
    fileprivate var trimmed: Substring { last == " " ? dropLast().trimmed : self }
}
