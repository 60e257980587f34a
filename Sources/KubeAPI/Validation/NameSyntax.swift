internal import NetTypes

/// What names may look like (RFC 1123, RFC 1035, RFC 6335), with upstream's sentences; empty when nothing is wrong.
package enum NameSyntax {
    package static func subdomain(_ text: String) -> [String] {
        var problems = tooLong(text, 253)
        if !isSubdomain(text[...]) {
            problems.append(
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
                    + "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
                    + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')")
        }
        return problems
    }

    /// A label of RFC 1123.
    package static func label(_ text: String) -> [String] {
        var problems = tooLong(text, 63)
        guard !isLabel(text[...].utf8) else { return problems }
        if isSubdomain(text[...]) {
            problems.append("must not contain dots")
        } else {
            problems.append(
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start "
                    + "and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation "
                    + "is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')")
        }
        return problems
    }

    /// A label of RFC 1035, which does not begin with a digit.
    package static func label1035(_ text: String) -> [String] {
        var problems = tooLong(text, 63)
        if !isLabel(text[...].utf8) || text.utf8.first.map(isDigit) == true {
            problems.append(
                "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
                    + "character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for "
                    + "validation is '[a-z]([-a-z0-9]*[a-z0-9])?')")
        }
        return problems
    }

    /// A subdomain whose first label may be `*`.
    package static func wildcardSubdomain(_ text: String) -> [String] {
        let problems = tooLong(text, 253)
        if text.hasPrefix("*."), isSubdomain(text.dropFirst(2)) { return problems }
        return problems + [
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist "
                + "of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. "
                + "'*.example.com', regex used for validation is "
                + "'\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
        ]
    }

    /// What fits into a path, which is all that RBAC asks of names.
    package static func pathSegment(_ text: String) -> [String] {
        if text == "." || text == ".." { return ["may not be '\(text)'"] }
        return ["/", "%"].filter { text.contains($0) }.map { "may not contain '\($0)'" }
    }

    /// A domain in which a resolver looks for names: its labels may have underscores.
    package static func searchDomain(_ text: String) -> [String] {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isDomain = labels.allSatisfy { label in
            let rest = label.first == underscore ? label.dropFirst() : label
            guard let first = rest.first, let last = rest.last, isLower(first), isLower(last) else { return false }
            return rest.allSatisfy { isLower($0) || $0 == hyphen || $0 == underscore }
        }
        let problems = tooLong(text, 253)
        if isDomain { return problems }
        return problems + [
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and "
                + "must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
                + "'_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')"
        ]
    }

    /// A name by which a port is known (RFC 6335).
    package static func portName(_ text: String) -> [String] {
        var problems: [String] = []
        if text.utf8.count > 15 { problems.append("must be no more than 15 characters") }
        if text.isEmpty || !text.utf8.allSatisfy({ isLower($0) || $0 == hyphen }) {
            problems.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
        }
        if !text.utf8.contains(where: { isLower($0) && !isDigit($0) }) {
            problems.append("must contain at least one letter (a-z)")
        }
        if text.contains("--") { problems.append("must not contain consecutive hyphens") }
        if text.utf8.first == hyphen || text.utf8.last == hyphen {
            problems.append("must not begin or end with a hyphen")
        }
        return problems
    }

    /// A key of a ConfigMap or Secret.
    package static func configKey(_ text: String) -> [String] {
        var problems = tooLong(text, 253)
        let isKey = text.utf8.allSatisfy {
            isLower($0) || (65...90).contains($0) || $0 == hyphen || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
        }
        if text.isEmpty || !isKey {
            problems.append(
                "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or "
                    + "'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')")
        }
        if text == "." || text == ".." {
            problems.append("must not be '\(text)'")
        } else if text.hasPrefix("..") {
            problems.append("must not start with '..'")
        }
        return problems
    }

    package static func environmentVariable(_ text: String) -> [String] {
        if text.isEmpty { return ["environment variable name must be non-empty"] }
        if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "=") }) { return [] }
        return ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
    }

    /// An address in the one form that names it.
    package static func canonicalAddress(_ text: String) -> [String] {
        IPAddress(text)?.description == text ? [] : ["must be a valid IP address in canonical form"]
    }

    private static func tooLong(_ text: String, _ limit: Int) -> [String] {
        text.utf8.count > limit ? ["must be no more than \(limit) characters"] : []
    }

    private static let hyphen = UInt8(ascii: "-")
    private static let underscore = UInt8(ascii: "_")

    private static func isSubdomain(_ text: Substring) -> Bool {
        text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { isLabel($0) }
    }

    private static func isLabel(_ bytes: Substring.UTF8View) -> Bool {
        guard let first = bytes.first, let last = bytes.last, isLower(first), isLower(last) else { return false }
        return bytes.allSatisfy { isLower($0) || $0 == hyphen }
    }

    private static func isLower(_ byte: UInt8) -> Bool { isDigit(byte) || (97...122).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
