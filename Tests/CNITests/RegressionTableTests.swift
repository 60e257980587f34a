import Linux
import TestSupport
import Testing

/// docs/regressions.md promises tests by name; a test that is renamed must be renamed there too.
@Suite struct RegressionTableTests {
    private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    @Test func `every test that the table of CNI plugins names is there`() throws {
        let text = try Files.readText("\(Self.root)/docs/regressions.md")
        let sections = text.split(separator: "\n## ", omittingEmptySubsequences: false)
        let section = try #require(sections.first { $0.hasPrefix("CNI plugins\n") })
        let sources = try Self.sources("\(Self.root)/Tests")
        var names = 0
        for row in section.split(separator: "\n") where row.hasPrefix("|") {
            let cells = row.split(separator: "|").map(String.init)
            let quoted = cells.last?.split(separator: "`").filter { !$0.allSatisfy { ", ".contains($0) } } ?? []
            for name in quoted where name != " test " && !name.hasPrefix("---") {
                let test = name.split(separator: "/").last.map(String.init) ?? ""
                #expect(sources.contains("`\(test)`") || sources.contains("\"\(test)\""), "\(test)")
                names += 1
            }
        }
        #expect(names > 40)
    }

    private static func sources(_ directory: String) throws -> String {
        var text = ""
        for name in try Files.list(directory) {
            let path = "\(directory)/\(name)"
            if name.hasSuffix(".swift") { text += try Files.readText(path) } else { text += try sources(path) }
        }
        return text
    }
}
