internal import Linux

/// The values of a program's flags, from its command line, then its environment, then their defaults.
///
/// Flags are written as Go programs take them: `-flag value`, `--flag=value`, `-flag` and `-flag=false` for booleans;
/// `--` or the first word that is no flag ends them. An empty environment variable counts as not set.
package struct Arguments: Sendable {
    private var values: [String: [String]] = [:]
    private let defaults: [String: String]
    /// The words after the flags.
    package private(set) var positionals: [String] = []
    /// `-h`, `-help` or `--help` was there; the rest has not been checked.
    package private(set) var wantsHelp = false

    /// Reads and checks everything, the arguments being without the program's own name; throws every problem at once,
    /// each naming its flag or variable. A variable of the prefix (such as `FLANNELD_`) without a flag is one too.
    package init(
        _ flags: [Flag], _ arguments: [String], environment: [String: String] = [:], environmentPrefix: String? = nil
    ) throws(ArgumentsError) {
        let known = Dictionary(flags.map { ($0.name, $0) }) { first, _ in first }
        defaults = known.compactMapValues(\.defaultValue)
        var problems: [String] = []

        var rest = arguments[...]
        while let word = rest.first, word.hasPrefix("-"), word != "-" {
            rest.removeFirst()
            if word == "--" { break }
            let body = word.drop { $0 == "-" }
            guard word.utf8.count - body.utf8.count <= 2, !body.isEmpty, body.first != "=" else {
                problems.append("\(word): bad flag syntax")
                continue
            }
            let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard let flag = known[name] else {
                if name == "h" || name == "help" {
                    wantsHelp = true
                    return
                }
                problems.append("-\(name): unknown flag")
                continue
            }
            let value: String
            if parts.count == 2 {
                value = String(parts[1])
            } else if flag.isBool {
                value = "true"
            } else if let next = rest.popFirst() {
                value = next
            } else {
                problems.append("-\(name): needs a value")
                continue
            }
            if let problem = flag.problem(value) { problems.append("-\(name): \(problem)") }
            // As in Go, the last one wins unless each is wanted.
            values[name] = flag.isRepeatable ? (values[name] ?? []) + [value] : [value]
        }
        positionals = Array(rest)

        if let environmentPrefix {
            let byVariable = Dictionary(flags.map { ($0.environmentName(environmentPrefix), $0) }) { first, _ in first }
            for (variable, value) in environment.sorted(by: { $0.key < $1.key })
            where variable.hasPrefix(environmentPrefix) && !value.isEmpty {
                guard let flag = byVariable[variable] else {
                    problems.append("\(variable): no flag belongs to this environment variable")
                    continue
                }
                if values[flag.name] != nil { continue }
                if let problem = flag.problem(value) { problems.append("\(variable): \(problem)") }
                values[flag.name] = [value]
            }
        }
        if !problems.isEmpty { throw ArgumentsError(problems: problems) }
    }

    /// Whether the command line or the environment says something about the flag.
    package func isSet(_ name: String) -> Bool { values[name] != nil }

    package func string(_ name: String) -> String? { values[name]?.last ?? defaults[name] }
    package func strings(_ name: String) -> [String] { values[name] ?? defaults[name].map { [$0] } ?? [] }
    package func bool(_ name: String) -> Bool { string(name).flatMap(boolean) ?? false }
    package func integer(_ name: String) -> Int? { string(name).flatMap { Int($0) } }
    package func duration(_ name: String) -> Duration? { string(name).flatMap(Daemon.duration) }

    /// The flags as the text of `--help`, in their order.
    package static func help(_ flags: [Flag], environmentPrefix: String? = nil) -> String {
        flags.map { flag in
            let argument: String =
                switch flag.kind {
                case .bool: ""
                case .string: " STRING"
                case .integer: " NUMBER"
                case .duration: " DURATION"
                case .choice(let words): " " + words.joined(separator: "|")
                }
            var notes: [String] = []
            if let value = flag.defaultValue, !value.isEmpty { notes.append("default \(value)") }
            if flag.isRepeatable { notes.append("repeatable") }
            if let environmentPrefix { notes.append(flag.environmentName(environmentPrefix)) }
            if let reason = flag.unsupported { notes.append("not supported: \(reason)") }
            return "  --\(flag.name)\(argument)\n      \(flag.help)"
                + (notes.isEmpty ? "\n" : " (\(notes.joined(separator: "; ")))\n")
        }.joined()
    }
}

/// Everything that is wrong with a command line.
package struct ArgumentsError: Error, Hashable, Sendable, CustomStringConvertible {
    package var problems: [String]
    package var description: String { problems.joined(separator: "\n") }
}
