import Foundation
import Testing

@Suite("Tests that documents name")
struct DocumentedTestsTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The names in the last column of the tables, each in backquotes, maybe after its suite's name and a slash.
    private static func names(in document: String) throws -> [String] {
        let text = try String(contentsOf: root.appending(path: "docs/\(document).md"), encoding: .utf8)
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

    @Test("the list of regressions names only tests that there are")
    func namesExist() throws {
        let tests = try Self.tests()
        let names = try Self.names(in: "regressions")
        #expect(names.count > 60)
        for name in names {
            let isThere =
                tests.contains(name[...])
                || name.firstIndex(of: "/").map { tests.contains(name[$0...].dropFirst()) } == true
            #expect(isThere, "no test is named: \(name)")
        }
    }

    /// Each suite with its target before it, and each target.
    private static func suites() throws -> [String] {
        let declaration = #/(?:struct|class|extension) (?<name>\w+Tests)\b/#
        let files = FileManager.default.enumerator(at: root.appending(path: "Tests"), includingPropertiesForKeys: nil)
        var names: Set<String> = []
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            let target = file.pathComponents.drop { $0 != "Tests" }.dropFirst().first ?? ""
            names.insert("Tests/\(target)")
            for match in try String(contentsOf: file, encoding: .utf8).matches(of: declaration) {
                names.insert("\(target)/\(match.output.name)")
            }
        }
        return names.sorted()
    }

    /// In that document a name is a suite's, of ControlPlaneTests or of the target before the slash; `*` stands for any
    /// letters; a suite may follow from the target of the name before it.
    @Test("the list of what of the API is served names only suites that there are")
    func suitesExist() throws {
        let suites = try Self.suites()
        let names = try Self.names(in: "api").filter { $0.hasSuffix("Tests") }
        #expect(names.count > 40)
        for name in names {
            let pattern = (name.contains("/") ? "" : "*/") + name
            #expect(suites.contains { fnmatch(pattern, $0, 0) == 0 }, "no suite is named: \(name)")
        }
    }
}
