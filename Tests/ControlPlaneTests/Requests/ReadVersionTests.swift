import KubeAPI
import Testing

@testable import ControlPlane

@Suite("The version that a read is made at")
struct ReadVersionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var query: String
        var expected: String
        var testDescription: String { query.isEmpty ? "nothing" : query }

        init(_ query: String, _ expected: String) {
            self.query = query
            self.expected = expected
        }
    }

    static let lists: [Case] = [
        Case("", "mostRecent"),
        Case("limit=5", "mostRecent"),
        Case("resourceVersion=0", "any"),
        Case("resourceVersion=0&limit=5", "any"),
        Case("resourceVersion=7", "notOlderThan(7)"),
        Case("resourceVersion=7&limit=5", "exact(7)"),
        Case("resourceVersion=7&resourceVersionMatch=Exact", "exact(7)"),
        Case("resourceVersion=7&resourceVersionMatch=Exact&limit=5", "exact(7)"),
        Case("resourceVersion=7&resourceVersionMatch=NotOlderThan", "notOlderThan(7)"),
        Case("resourceVersion=7&resourceVersionMatch=NotOlderThan&limit=5", "notOlderThan(7)"),
        Case("resourceVersion=0&resourceVersionMatch=NotOlderThan", "any"),
        Case("resourceVersion=0&resourceVersionMatch=Exact", "422"),
        Case("resourceVersionMatch=Exact", "422"),
        Case("resourceVersionMatch=NotOlderThan", "422"),
        Case("resourceVersion=7&resourceVersionMatch=Newest", "422"),
        Case("resourceVersion=x", "400"),
        Case("resourceVersion=-1", "400"),
        Case("limit=-1", "mostRecent"),
        Case("limit=x", "400"),
        Case("continue=rubbish", "400"),
        Case("continue=\(ContinueToken(revision: 9, start: "a/b").text)", "page(9 a/b)"),
        Case("resourceVersion=0&continue=\(ContinueToken(revision: 9, start: "a/b").text)", "page(9 a/b)"),
        Case("resourceVersion=7&continue=\(ContinueToken(revision: 9, start: "a/b").text)", "400"),
        Case("resourceVersion=7&resourceVersionMatch=Exact&continue=x", "422"),
        Case("sendInitialEvents=true", "422"),
    ]

    @Test("of a list", arguments: lists)
    func list(_ test: Case) {
        let result = outcome {
            switch try ReadVersion.ofList(ListOptions(Query(test.query))) {
            case .mostRecent: "mostRecent"
            case .any: "any"
            case .notOlderThan(let revision): "notOlderThan(\(revision))"
            case .exact(let revision): "exact(\(revision))"
            case .page(let token): "page(\(token.revision ?? -1) \(token.start))"
            }
        }
        #expect(result == test.expected)
    }

    static let watches: [Case] = [
        Case("", "state, most recent"),
        Case("resourceVersion=0", "state"),
        Case("resourceVersion=7", "after 7"),
        Case("resourceVersion=7&resourceVersionMatch=NotOlderThan", "422"),
        Case("sendInitialEvents=true", "422"),
        Case("sendInitialEvents=true&resourceVersionMatch=Exact", "422"),
        Case(
            "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true",
            "state, marked, most recent"),
        Case(
            "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion=0",
            "state, marked"),
        Case(
            "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion=7",
            "state, marked, after 7"),
        Case("sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=7", "after 7"),
        Case("sendInitialEvents=false&resourceVersionMatch=NotOlderThan", "most recent"),
    ]

    @Test("of a watch", arguments: watches)
    func watch(_ test: Case) {
        let result = outcome {
            let start = try WatchStart(ListOptions(Query(test.query)))
            var words: [String] = []
            if start.sendsState { words.append("state") }
            if start.marksEnd { words.append("marked") }
            if let revision = start.revision { words.append("after \(revision)") }
            if start.isMostRecent { words.append("most recent") }
            return words.joined(separator: ", ")
        }
        #expect(result == test.expected)
    }

    private func outcome(_ body: () throws -> String) -> String {
        do { return try body() } catch { return "\((error as? APIStatus)?.code ?? 0)" }
    }
}
