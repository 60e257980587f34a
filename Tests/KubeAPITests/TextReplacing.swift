/// Text in a test's template, replaced.
extension String {
    func replacing(_ part: String, with other: String) -> String {
        components(separatedBy: part).joined(separator: other)
    }

    private func components(separatedBy part: String) -> [String] {
        var rest = self[...]
        var parts: [String] = []
        while let range = rest.firstRange(of: part) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
