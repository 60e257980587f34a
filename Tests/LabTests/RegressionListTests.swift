import Foundation
import Testing

@Suite("The list of regressions")
struct RegressionListTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The names in the last column of the tables, each in backquotes, maybe after its suite's name and a slash.
    private static func names() throws -> [String] {
        let text = try String(contentsOf: root.appending(path: "docs/regressions.md"), encoding: .utf8)
        return text.split(separator: "\n").filter { $0.hasPrefix("| ") }.flatMap { row in
            (row.components(separatedBy: " | ").last ?? "").split(separator: "`", omittingEmptySubsequences: false)
                .enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
        }
    }

    /// The names that tests are declared with, comments left out.
    private static func tests() throws -> Set<Substring> {
        let declaration = #/@Test\(\s*"(?<argument>(?:[^"\\]|\\.)*)"|func `(?<function>[^`]+)`/#
        let files = FileManager.default.enumerator(at: root.appending(path: "Tests"), includingPropertiesForKeys: nil)
        var names: Set<Substring> = []
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            let code = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { line in
                !line.drop { $0 == " " }.hasPrefix("//")
            }
            for match in code.joined(separator: "\n").matches(of: declaration) {
                if let name = match.output.argument ?? match.output.function { names.insert(name) }
            }
        }
        return names
    }

    @Test("names only tests that there are")
    func namesExist() throws {
        let tests = try Self.tests()
        let names = try Self.names()
        #expect(names.count > 60)
        for name in names {
            let isThere =
                tests.contains(name[...])
                || name.firstIndex(of: "/").map { tests.contains(name[$0...].dropFirst()) } == true
            #expect(isThere, "no test is named: \(name)")
        }
    }
}
