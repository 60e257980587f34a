internal import Linux

/// What a program of iptables would not do.
package struct IPTablesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The program's path.
    package var program: String
    /// What it said, or why it could not be run.
    package var reason: String
    /// The line of its input that it refused.
    package var line: String?
    /// There is no such program, or the kernel has not what it needs.
    package var isMissing = false

    package var description: String {
        "\(program): \(reason)" + (line.map { "; the line is: \($0)" } ?? "")
    }

    init(_ program: String, _ reason: String) {
        self.program = program
        self.reason = reason
    }

    init(_ program: String, _ outcome: Subprocess.Outcome, input: String) {
        self.program = program
        let said = String(decoding: outcome.errors, as: UTF8.self).split(separator: "\n")
            .map { $0.drop { $0 == " " } }.filter { !$0.isEmpty && !$0.hasPrefix("Try `") }
        reason = said.isEmpty ? outcome.ending : said.prefix(3).joined(separator: "; ")
        let lines = input.split(separator: "\n", omittingEmptySubsequences: false)
        if let number = said.lazy.compactMap(Self.number).first, number > 0, number <= lines.count {
            line = String(lines[number - 1])
        }
    }

    /// `line 7 failed`, `Error occurred at line: 7`, `line 7: RULE_APPEND failed (...)`: as versions and variants say it.
    private static func number(_ text: Substring) -> Int? {
        let words = text.split { $0 == " " || $0 == ":" }
        guard let place = words.firstIndex(of: "line"), place + 1 < words.count else { return nil }
        return Int(words[place + 1])
    }
}
