/// Why a text is not YAML that JSON can express. The reason is worded as Go's yaml package words it, because clients of
/// Kubernetes know these texts.
package struct YAMLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Counted from 1; nil where the fault has no place.
    package var line: Int?
    package var reason: String

    package init(line: Int? = nil, _ reason: String) {
        self.line = line
        self.reason = reason
    }

    package var description: String {
        "error converting YAML to JSON: yaml: " + (line.map { "line \($0): " } ?? "") + reason
    }
}
