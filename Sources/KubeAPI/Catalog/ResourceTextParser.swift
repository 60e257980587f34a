/// Reads the resources of a group from its text; `SchemaText` describes the notation.
enum ResourceTextParser {
    static func parse(_ text: SchemaText) -> [ResourceType] {
        var blocks: [[Substring]] = []
        for line in text.resources.split(separator: "\n") {
            if line.hasPrefix("  ") { blocks[blocks.count - 1].append(line) } else { blocks.append([line]) }
        }
        return blocks.map { resource($0, of: text.groupVersion) }
    }

    private static func resource(_ lines: [Substring], of groupVersion: GroupVersion) -> ResourceType {
        let words = lines[0].split(separator: " ")
        func list(_ name: String) -> [Substring] {
            guard let word = words.first(where: { $0.hasPrefix(name + "(") }) else { return [] }
            return word.dropFirst(name.count + 1).dropLast().split(separator: ",")
        }
        let verbs = list("verbs").compactMap { Verbs(word: $0) }
        return ResourceType(
            groupVersion: groupVersion, plural: String(words[0]), kind: String(words[1]),
            isNamespaced: words.contains("namespaced"), shortNames: list("short").map(String.init),
            categories: list("categories").map(String.init),
            verbs: verbs.isEmpty ? .all : verbs.reduce([]) { $0.union($1) },
            subresources: lines.dropFirst().map { subresource($0, of: groupVersion) })
    }

    private static func subresource(_ line: Substring, of groupVersion: GroupVersion) -> Subresource {
        let words = line.split(separator: " ")
        let verbs = words[2].split(separator: ",").compactMap { Verbs(word: $0) }.reduce(Verbs()) { $0.union($1) }
        var kind = GroupVersionKind(groupVersion, String(words[1]))
        if let dot = words[1].lastIndex(of: "."), let other = GroupVersion(apiVersion: String(words[1][..<dot])) {
            kind = GroupVersionKind(other, String(words[1][words[1].index(after: dot)...]))
        }
        return Subresource(name: String(words[0]), kind: kind, verbs: verbs)
    }
}
