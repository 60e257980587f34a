internal import Crypto

/// Tokens from a file (`--token-auth-file`): a line each of token, user, uid and, quoted, groups.
package struct StaticTokens: Sendable {
    /// A line that is not understood.
    package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        package var line: Int
        package var reason: String
        package var description: String { "token file, line \(line): \(reason)" }
    }

    /// By digest, so that a look-up's time says nothing about the tokens.
    private var users: [[UInt8]: User] = [:]

    package init() {}

    /// Comments begin with `#`; later lines replace earlier ones of the same token.
    package init(_ text: String) throws(Problem) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let trimmed = line.last == "\r" ? line.dropLast() : line
            if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
            guard let fields = Self.fields(trimmed) else {
                throw Problem(line: index + 1, reason: "a quote without end")
            }
            guard fields.count >= 3, !fields[0].isEmpty, !fields[1].isEmpty else {
                throw Problem(line: index + 1, reason: "needs token, user and uid")
            }
            let groups = fields.count > 3 ? fields[3].split(separator: ",").map(String.init) : []
            users[Digest.sha256(Array(fields[0].utf8))] = User(name: fields[1], uid: fields[2], groups: groups)
        }
    }

    package func user(of token: String) -> User? {
        users.isEmpty ? nil : users[Digest.sha256(Array(token.utf8))]
    }

    /// Comma-separated values, where one in double quotes may hold commas; nil when a quote does not end.
    private static func fields(_ line: Substring) -> [String]? {
        var fields = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: fields.append("")
            default: fields[fields.count - 1].append(character)
            }
        }
        return isQuoted ? nil : fields
    }
}
