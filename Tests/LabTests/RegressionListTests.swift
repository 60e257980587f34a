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

    @Test("names only tests that there are")
    func namesExist() throws {
        let files = FileManager.default.enumerator(
            at: Self.root.appending(path: "Tests"), includingPropertiesForKeys: nil)
        var source = ""
        while let file = files?.nextObject() as? URL {
            if file.pathExtension == "swift" { source += try String(contentsOf: file, encoding: .utf8) }
        }
        let names = try Self.names()
        #expect(names.count > 60)
        for name in names {
            let isThere =
                source.contains(name)
                || name.firstIndex(of: "/").map { source.contains(name[$0...].dropFirst()) } == true
            #expect(isThere, "no test is named: \(name)")
        }
    }
}
