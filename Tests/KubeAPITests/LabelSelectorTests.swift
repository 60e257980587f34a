import JSON
import KubeAPI
import TestSupport
import Testing

@Suite("Label selectors")
struct LabelSelectorTests {
    @Test(
        "A query is read as upstream reads it, and written in its canonical form",
        arguments: [
            ("", ""), ("a=b", "a=b"), ("a == b", "a==b"), ("a!=b", "a!=b"), ("a", "a"), ("!a", "!a"), ("a=", "a="),
            ("a=,b", "a=,b"), ("x in (b,a,b)", "x in (a,b)"), ("x notin ()", "x notin ()"), ("x in (,a)", "x in (,a)"),
            ("x in (a,)", "x in (,a)"), ("x in (a,,b)", "x in (,a,b)"), ("n>3", "n>3"), ("n < 4", "n<4"),
            ("z=1,a=2,m in (x)", "a=2,m in (x),z=1"), ("in=notin", "in=notin"), ("in in (in)", "in in (in)"),
            ("!service.kubernetes.io/headless", "!service.kubernetes.io/headless"), (" \ta\n=\rb ", "a=b"),
            ("a=b,", "error"), ("a in (notin)", "a in (notin)"), ("a=b\0,c", "a=b"),
        ])
    func parsing(text: String, canonical: String) {
        #expect((try? LabelSelector(parsing: text).description) ?? "error" == canonical)
    }

    @Test(
        "What is no selector is refused in upstream's words",
        arguments: [
            ("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
            ("a=b c", "found 'c', expected: ',' or 'end of string'"),
            (",a", "found ',', expected: !, identifier, or 'end of string'"),
            ("a,,b", "found ',', expected: identifier after ','"),
            ("!", "unable to parse requirement: found '', expected: identifier"),
            ("a in b", "unable to parse requirement: found 'b' expected: '('"),
            ("a in (b", "unable to parse requirement: found '', expected: ',' or ')'"),
            ("a in (b c)", "unable to parse requirement: found 'c', expected: ',' or ')'"),
            ("a=!", "unable to parse requirement: found '!', expected: identifier"),
            ("a in (=)", "unable to parse requirement: found '=', expected: ',', ')' or identifier"),
            (
                "a>x",
                "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer"
            ),
            ("/x", "unable to parse requirement: <nil>: Invalid value: \"/x\": prefix part must be non-empty"),
        ])
    func refusals(text: String, message: String) {
        let error = #expect(throws: SelectorError.self) { try LabelSelector(parsing: text) }
        #expect(error?.message == message)
    }

    @Test("A value and a key that no label can have are refused with the rule")
    func syntax() {
        let value = #expect(throws: SelectorError.self) { try LabelSelector(parsing: "app=-x") }
        #expect(
            value?.message.hasPrefix(
                "unable to parse requirement: values[0][app]: Invalid value: \"-x\": a valid label must be an empty string or consist of"
            ) ?? false)
        let key = #expect(throws: SelectorError.self) { try LabelSelector(parsing: "EXAMPLE.com/app") }
        #expect(key?.message.contains("prefix part a lowercase RFC 1123 subdomain must consist of") ?? false)
        #expect(
            LabelSyntax.problems(key: String(repeating: "a", count: 64)).first
                == "name part must be no more than 63 bytes")
        #expect(LabelSyntax.problems(key: "a/b/c").count == 1)
        #expect(LabelSyntax.problems(key: "a/").count == 2)
    }

    static let labels = ["app": "web", "tier": "", "n": "5"]

    @Test(
        "Requirements hold or do not",
        arguments: [
            ("app=web", true), ("app=x", false), ("app!=x", true), ("none!=x", true), ("none=x", false),
            ("none", false),
            ("!none", true), ("!app", false), ("tier", true), ("tier=", true), ("none=", false),
            ("app in (a,web)", true),
            ("app notin (a,web)", false), ("none notin (a)", true), ("n>4", true), ("n>5", false), ("n<6", true),
            ("app>1", false), ("none<1", false), ("app=web,n>9", false), ("", true),
        ])
    func matching(text: String, expected: Bool) throws {
        let selector = try LabelSelector(parsing: text)
        #expect(selector.matches(Self.labels) == expected)
        let object = JSONValue.object(JSONObject(Self.labels.map { ($0.key, .string($0.value)) }))
        #expect(selector.matches(object) == expected)
    }

    @Test(
        "A LabelSelector in an object means what it says",
        arguments: [
            (#"{}"#, ""), (#"{"matchLabels":{"b":"1","a":"2"}}"#, "a=2,b=1"),
            (
                #"{"matchExpressions":[{"key":"k","operator":"In","values":["y","x"]},{"key":"j","operator":"DoesNotExist"}]}"#,
                "!j,k in (x,y)"
            ),
            (
                #"{"matchExpressions":[{"key":"k","operator":"Near"}]}"#,
                #"error: "Near" is not a valid label selector operator"#
            ),
            (
                #"{"matchExpressions":[{"key":"k","operator":"In"}]}"#,
                "error: values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty"
            ),
            (
                #"{"matchExpressions":[{"key":"k","operator":"Exists","values":["a"]}]}"#,
                #"error: values: Invalid value: ["a"]: values set must be empty for exists and does not exist"#
            ),
        ])
    func objects(json: String, expected: String) throws {
        let object = try JSONValue.parse(json)
        let text: String
        do { text = try LabelSelector(object: object).description } catch { text = "error: \(error)" }
        #expect(text == expected)
    }

    @Test("No selector selects nothing, an empty one everything")
    func absent() throws {
        #expect(try !LabelSelector(object: nil).matches(Self.labels))
        #expect(try !LabelSelector(object: .null).matches(Self.labels))
        #expect(try LabelSelector(object: [:]).matches(Self.labels))
    }

    @Test("Any text is read or refused, and what is read is read the same from its canonical form")
    func fuzz() throws {
        var random = SeededGenerator()
        print("seed \(random.seed)")
        let pieces = [
            "a", "b", "in", "notin", " ", ",", "(", ")", "=", "==", "!=", "!", ">", "<", "5", "x/y", "é", "-", ".",
            "\0", "gt",
        ]
        for _ in 0..<50_000 {
            let text = (0..<Int.random(in: 0..<12, using: &random)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }.joined()
            guard let selector = try? LabelSelector(parsing: text) else { continue }
            #expect(try LabelSelector(parsing: selector.description) == selector, "\(text)")
            _ = selector.matches(Self.labels)
        }
    }
}
