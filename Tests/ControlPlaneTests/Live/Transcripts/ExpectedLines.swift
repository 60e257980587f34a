/// Lines that were printed against lines that were expected, `...` being anything.
enum ExpectedLines {
    static func isMet(_ expected: ArraySlice<String>, by lines: ArraySlice<String>) -> Bool {
        guard let first = expected.first else { return lines.isEmpty }
        let rest = expected.dropFirst()
        if first == "..." {
            return (lines.startIndex...lines.endIndex).contains { isMet(rest, by: lines[$0...]) }
        }
        guard let line = lines.first, isMet(first, by: line) else { return false }
        return isMet(rest, by: lines.dropFirst())
    }

    static func isMet(_ expected: String, by line: String) -> Bool {
        let parts = expected.split(separator: "...", omittingEmptySubsequences: false)
        guard let first = parts.first, let last = parts.last, parts.count > 1 else { return expected == line }
        guard line.hasPrefix(first) else { return false }
        var rest = line.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}
