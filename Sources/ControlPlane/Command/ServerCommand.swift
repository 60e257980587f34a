internal import Daemon
internal import Linux
internal import Store

/// `poplin server`, `poplin server backup` and `poplin server restore`: from words to a running server, or a sentence
/// about what is wrong.
package enum ServerCommand {
    /// The arguments are those after `server`. Returns the exit code: 0, 1 for a failure, 2 for a wrong command line.
    package static func run(_ arguments: [String], environment: [String: String]) -> Int32 {
        switch arguments.first {
        case "backup": return copy(Array(arguments.dropFirst()), "backup")
        case "restore": return copy(Array(arguments.dropFirst()), "restore")
        default: return serve(arguments, environment)
        }
    }

    private static func serve(_ arguments: [String], _ environment: [String: String]) -> Int32 {
        let options: ServerOptions
        do {
            let parsed = try Arguments(
                ServerOptions.flags, arguments, environment: environment,
                environmentPrefix: ServerOptions.environmentPrefix)
            if parsed.wantsHelp {
                print("Usage: poplin server [flags]\n       poplin server backup FILE --data-dir DIRECTORY")
                print("       poplin server restore FILE --data-dir DIRECTORY\n\nFlags:")
                print(Arguments.help(ServerOptions.flags, environmentPrefix: ServerOptions.environmentPrefix))
                return 0
            }
            guard parsed.positionals.isEmpty else {
                writeToStandardError("poplin server: what is \(parsed.positionals[0])? See poplin server --help.")
                return 2
            }
            options = try ServerOptions(parsed)
        } catch {
            writeToStandardError("poplin server: wrong command line:\n\(error)\nSee poplin server --help.")
            return 2
        }
        let log = Logger(level: options.logLevel, format: options.logFormat)
        do {
            // Before the first thread: signals go to the loop, and a broken pipe is an error like others.
            SignalDescriptor.ignoreBrokenPipes()
            // Each client is one.
            OpenFiles.raiseLimit(to: 65536)
            let loop = try EventLoop()
            let daemon = try ServerDaemon(
                options, log: log, loop: loop, notifier: ServiceNotifier(environment: environment))
            try daemon.run()
            return 0
        } catch {
            log.error("ended by an error", ["reason": "\(error)"])
            return 1
        }
    }

    /// Of the state in a file; a server may be running during a backup, and must not during a restore.
    private static func copy(_ arguments: [String], _ verb: String) -> Int32 {
        let flags = [Flag("data-dir", default: "/var/lib/poplin/server", "the cluster's state and keys")]
        do {
            // The file may stand before the flags or behind them.
            let words = arguments.filter { !$0.hasPrefix("-") }
            let file = arguments.first.flatMap { $0.hasPrefix("-") ? nil : $0 }
            let parsed = try Arguments(flags, file == nil ? arguments : Array(arguments.dropFirst()))
            guard let file = file ?? parsed.positionals.first, !words.isEmpty else {
                writeToStandardError("Usage: poplin server \(verb) FILE [--data-dir DIRECTORY]")
                return 2
            }
            let directory = parsed.string("data-dir") ?? ""
            if verb == "restore" { try Files.makeDirectories(directory, mode: 0o700) }
            let state = "\(directory)/state.db"
            let report =
                verb == "backup"
                ? try StoreBackup.back(up: state, to: file) : try StoreBackup.restore(file, to: state)
            print("\(report.objects) objects at revision \(report.revision), \(report.bytes) bytes")
            return 0
        } catch let error as ArgumentsError {
            writeToStandardError("poplin server \(verb): wrong command line:\n\(error)")
            return 2
        } catch {
            writeToStandardError("poplin server \(verb): \(error)")
            return 1
        }
    }
}
