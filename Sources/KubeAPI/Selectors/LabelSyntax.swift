/// What keys and values of labels may look like (Kubernetes concept "Labels and Selectors"), with upstream's sentences.
package enum LabelSyntax {
    /// What is wrong with a label's key, `[prefix/]name`; empty when nothing is. Annotations and taints use it too.
    package static func problems(key: String) -> [String] {
        let parts = key.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        var problems: [String] = []
        let name: Substring.UTF8View
        switch parts.count {
        case 1: name = parts[0]
        case 2:
            let prefix = parts[0]
            name = parts[1]
            if prefix.isEmpty {
                problems.append("prefix part must be non-empty")
            } else {
                problems += subdomainProblems(prefix).map { "prefix part \($0)" }
            }
        default:
            return [
                "a qualified name " + nameRule
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            ]
        }
        if name.isEmpty {
            problems.append("name part must be non-empty")
        } else if name.count > 63 {
            problems.append("name part must be no more than 63 bytes")
        }
        if !isName(name) { problems.append("name part \(nameRule)") }
        return problems
    }

    /// What is wrong with a label's value; empty when nothing is.
    package static func problems(value: String) -> [String] {
        let bytes = value[...].utf8
        var problems: [String] = []
        if bytes.count > 63 { problems.append("must be no more than 63 bytes") }
        if !bytes.isEmpty && !isName(bytes) { problems.append(valueRule) }
        return problems
    }

    private static let nameRule =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
        + " (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is"
        + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
    private static let valueRule =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start"
        + " and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for"
        + " validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
    private static let subdomainRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start"
        + " and end with an alphanumeric character (e.g. 'example.com', regex used for validation is"
        + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"

    private static func isName(_ bytes: Substring.UTF8View) -> Bool {
        guard let first = bytes.first, let last = bytes.last, isAlphanumeric(first), isAlphanumeric(last) else {
            return false
        }
        return bytes.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }
    }

    private static func subdomainProblems(_ bytes: Substring.UTF8View) -> [String] {
        var problems: [String] = []
        if bytes.count > 253 { problems.append("must be no more than 253 bytes") }
        let isSubdomain = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy {
            guard let first = $0.first, let last = $0.last, isLower(first), isLower(last) else { return false }
            return $0.allSatisfy { isLower($0) || $0 == 0x2D }
        }
        if !isSubdomain { problems.append(subdomainRule) }
        return problems
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func isLower(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
