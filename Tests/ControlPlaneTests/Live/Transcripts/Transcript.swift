import Testing

/// What somebody types into a shell and what they must see: tests of programs that talk to the server, as a table.
///
///     > map.yaml                          a file of the directory in which the commands run
///     | apiVersion: v1
///     // from 1.24: there was none before  the next command is left out with an older kubectl; `until` with a newer
///     $ kubectl create -f map.yaml        a command line
///     configmap/map created               what it prints,
///     ! Warning: ...                      what it prints to standard error,
///     [1]                                 and its exit code when that is not 0
///
/// `...` within a line stands for any text, alone on it for any lines. Each transcript has a namespace and a directory
/// of its own, so that all may run at once; objects of the cluster begin with the transcript's name.
struct Transcript: Sendable, CustomTestStringConvertible {
    struct Command: Sendable {
        var line: String
        var output: [String] = []
        var errors: [String] = []
        var code: Int32 = 0
        /// The minor versions of kubectl that it is for.
        var versions: ClosedRange<Int>
    }

    let name: String
    private(set) var files: [(name: String, text: String)] = []
    private(set) var commands: [Command] = []

    var testDescription: String { name }

    init(_ name: String, _ text: String) {
        self.name = name
        var versions = 0...Int.max
        var isFile = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let rest = String(line.dropFirst(2))
            switch line.prefix(2) {
            case "> ":
                files.append((rest, ""))
                isFile = true
            case "| " where isFile, "|" where isFile: files[files.count - 1].text += rest + "\n"
            case "//":
                if let minor = Self.minor(line, after: "// from 1.") { versions = minor...versions.upperBound }
                if let minor = Self.minor(line, after: "// until 1.") { versions = versions.lowerBound...minor }
            case "$ ":
                commands.append(Command(line: rest, versions: versions))
                versions = 0...Int.max
                isFile = false
            case "! ": commands[commands.count - 1].errors.append(rest)
            default:
                if line.first == "[", line.last == "]", let code = Int32(line.dropFirst().dropLast()) {
                    commands[commands.count - 1].code = code
                } else {
                    commands[commands.count - 1].output.append(String(line))
                }
            }
        }
    }

    private static func minor(_ line: Substring, after prefix: String) -> Int? {
        guard line.hasPrefix(prefix) else { return nil }
        return Int(line.dropFirst(prefix.count).prefix { $0.isNumber })
    }

    static let all = [
        create, services, validation, apply, serverSide, customResources, patch, change, rollout, get, watch, discovery,
        explain, access, certificates, pods, delete, curl,
    ]
}
