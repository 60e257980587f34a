internal import Daemon
internal import Linux

/// The command line of a question about a node: the daemon's flags, so that the same configuration is looked at, a few more,
/// and words that are no flags.
struct InspectionOptions {
    let proxy: ProxyOptions
    let words: [String]

    /// Words and flags may come in any order.
    init(_ arguments: [String], _ flags: [Flag]) throws(ProxyOptionsError) {
        var rest = ProxyFlags.normalized(arguments)
        var words: [String] = []
        while let parsed = try? Arguments(ProxyFlags.all + flags, rest), let word = parsed.positionals.first {
            words.append(word)
            rest.remove(at: rest.count - parsed.positionals.count)
        }
        proxy = try ProxyOptions(rest, besides: flags) { try Files.read($0) }
        self.words = words
        switch proxy.action {
        case .run, .help, .version: break
        case .cleanup, .initOnly, .writeConfiguration:
            throw ProxyOptionsError(problems: ["only poplin proxy takes --cleanup, --init-only and --write-config-to"])
        }
    }

    func has(_ flag: String) -> Bool { proxy.arguments.bool(flag) }
    func text(_ flag: String) -> String? { proxy.arguments.string(flag).flatMap { $0.isEmpty ? nil : $0 } }
}
