internal import Glibc
internal import Linux

/// The administrator's list of regular expressions (POSIX extended, one a line) of settings that may be changed. No
/// file allows all.
struct TuningAllowlist {
    static let path = "/etc/cni/tuning/allowlist.conf"

    private let patterns: [String]?

    init(path: String = Self.path) throws(SystemError) {
        patterns = Files.exists(path) ? Self.patterns(try Files.readText(path)) : nil
    }

    private static func patterns(_ text: String) -> [String] {
        text.split(separator: "\n").map { String($0.drop { $0 == " " || $0 == "\t" }) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
    }

    /// `key` with dots, as in the reference plugin.
    func allows(_ key: String) throws(CNIError) -> Bool {
        guard let patterns else { return true }
        for pattern in patterns {
            var expression = regex_t()
            if regcomp(&expression, pattern, REG_EXTENDED | REG_NOSUB) != 0 {
                throw CNIError(.invalidConfig, "\(Self.path): \"\(pattern)\" is no regular expression")
            }
            defer { regfree(&expression) }
            if regexec(&expression, key, 0, nil, 0) == 0 { return true }
        }
        return false
    }
}
