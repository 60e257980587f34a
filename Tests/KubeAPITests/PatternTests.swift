import JSON
import TestSupport
import Testing

@testable import KubeAPI

@Suite("Regular expressions of schemas")
struct PatternTests {
    private static let cases: [(String, String, Bool)] = [
        ("^[a-z]+$", "abc", true), ("^[a-z]+$", "abC", false), ("a{2,3}", "caad", true), ("^a{2,3}$", "aaaa", false),
        ("(?i)HeLLo", "xhello", true), ("^\\d{3}-\\d{4}$", "123-4567", true), ("^$", "", true), ("^$", "a", false),
        ("", "a", true), ("a|b|", "c", true), ("^(foo|bar)$", "bar", true), ("[^a]", "a", false), ("[^a]", "b", true),
        ("\\bfoo\\b", "a foo b", true), ("\\bfoo\\b", "afoo", false), ("^[[:alpha:]_-]+$", "ab_-", true),
        ("\\p{Lu}", "É", true), ("\\pL", "1", false), ("^\\PL$", "1", true), ("x*", "", true),
        ("^(?:a|b)*c$", "ababc", true), (".", "\n", false), ("(?s).", "\n", true), ("^a$", "a\n", false),
        ("(?m)^a$", "a\nb", true), ("a{", "a{", true), ("\\x41", "A", true), ("\\x{1F600}", "😀", true),
        ("\\Qa.b\\E", "a.b", true), ("\\Qa.b\\E", "axb", false), ("[\\d.]+$", "1.2", true), ("[]a]", "]", true),
        ("[^\\D5]", "5", false), ("[^\\D5]", "6", true), ("^(?P<x>a)+$", "aaa", true), ("a+?b??$", "aa", true),
        ("^([a-z0-9]([-a-z0-9]*[a-z0-9])?)(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", "foo.bar-1", true),
    ]

    @Test("fit where Go's fit", arguments: cases)
    func match(pattern: String, text: String, expected: Bool) throws {
        #expect(try Pattern(pattern).matches(text) == expected)
    }

    @Test(
        "that are wrong are refused",
        arguments: [
            "(", "a)", "*", "a**", "[a", "\\", "a{1001}", "a{3,2}", "(?z)", "[b-a]", "\\8", "\\y", "[[:no:]]",
            "((((x{0}){1000}){1000}){1000})", "((a{1000}){1000})", String(repeating: "(", count: 5000),
        ])
    func wrong(pattern: String) {
        let failure = #expect(throws: Pattern.Failure.self) { try Pattern(pattern) }
        #expect(failure?.isUnsupported == false)
    }

    @Test(
        "take time that grows with the text, whatever it is made of",
        arguments: ["^(a+)+$", "(a|a)*b", "(.*)*(.*)*z", "^(([a-z])+.)+[A-Z]([a-z])+$", "(a?){30}a{30}b"])
    func bombs(pattern: String) throws {
        let pattern = try Pattern(pattern)
        let clock = ContinuousClock()
        let time = clock.measure { #expect(!pattern.matches(String(repeating: "a", count: 5000) + "!")) }
        // A walk through the alternatives would not end before the sun does.
        #expect(time < .seconds(20))
    }

    @Test("never crash, whatever they are")
    func fuzz() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        let words = [
            "a", "b", "(", ")", "[", "]", "*", "+", "?", "{2}", "{1,3}", "|", "^", "$", ".", "\\", "\\d", "\\b", "-",
            "(?i)", "(?:", "\\p", "{L}", "\\x", "4", "[:alpha:]", "\\Q", "\\E", "é", "&", ":",
        ]
        for round in 0..<4000 {
            let text = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                words[Int.random(in: 0..<words.count, using: &random)]
            }.joined()
            guard let pattern = try? Pattern(text) else { continue }
            // Everything that fits fits again with something around it, if it is not tied to an end.
            let isFree = !text.contains("^") && !text.contains("$") && !text.contains("\\b")
            if isFree, pattern.matches("ab4") { #expect(pattern.matches(" ab4 "), "seed \(seed), round \(round)") }
        }
    }

    @Test("of a definition must be right")
    func definition() throws {
        func causes(_ pattern: String) throws -> [String] {
            let schema: JSONValue = [
                "type": "object", "properties": ["a": ["type": "string", "pattern": .string(pattern)]],
            ]
            let definition: JSONValue = [
                "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                "metadata": ["name": "widgets.example.com"],
                "spec": [
                    "group": "example.com", "scope": "Namespaced", "names": ["plural": "widgets", "kind": "Widget"],
                    "versions": [
                        ["name": "v1", "served": true, "storage": true, "schema": ["openAPIV3Schema": schema]]
                    ],
                ],
            ]
            let kind = GroupVersionKind(
                GroupVersion(group: "apiextensions.k8s.io", version: "v1"), "CustomResourceDefinition")
            let type = try #require(APICatalog.builtin.resource(of: kind))
            return Validation.causes(creating: definition, type).map(\.description).filter { $0.contains("pattern") }
        }
        #expect(try causes("^a$") == [])
        #expect(try causes("\\p{Greek}") == [])
        #expect(try causes("(").first?.contains("must be a valid regular expression, but isn't: ") == true)
    }
}
