import JSON
import KubeAPI
import TestSupport
import Testing

@Suite("JSONPath")
struct JSONPathTests {
    static let document = #"""
        {"a":{"b":[1,2,3,4],"c":"x"},"l":[{"n":"p","v":1},{"n":"q","v":2.5},{"n":"r"}],"d.e":{"f":true},"empty":[]}
        """#

    @Test(
        "Paths find what kubectl's would",
        arguments: [
            (".a.c", #"["x"]"#), ("{.a.c}", #"["x"]"#), ("$.a.c", #"["x"]"#), ("a.c", #"["x"]"#), (".a.b[0]", "[1]"),
            (".a.b[-1]", "[4]"),
            (".a.b[1:3]", "[2,3]"), (".a.b[:2]", "[1,2]"), (".a.b[2:]", "[3,4]"), (".a.b[::2]", "[1,3]"),
            (".a.b[0,2]", "[1,3]"),
            (".a.b[*]", "[1,2,3,4]"), (".a.*", #"[[1,2,3,4],"x"]"#), ("..n", #"["p","q","r"]"#),
            (".l[*].n", #"["p","q","r"]"#),
            (".l[?(@.n=='q')].v", "[2.5]"), (#".l[?(@.n != "q")].n"#, #"["p","r"]"#), (".l[?(@.v)].n", #"["p","q"]"#),
            (".l[?(@.v > 1)].n", #"["q"]"#), (".l[?(@.v<=1)].n", #"["p"]"#), (".l[?(@.v == @.v)].n", #"["p","q"]"#),
            (".a['c','b']", #"["x",[1,2,3,4]]"#), ("['d.e'].f", "[true]"), (#".d\.e.f"#, "[true]"), (".none.x", "[]"),
            (".a.b[9]", "[]"),
            (".empty[*]", "[]"), (".a.c.x", "[]"),
        ])
    func finds(path: String, expected: String) throws {
        let path = try #require(JSONPath(path))
        #expect(JSONValue.array(path.values(in: try JSONValue.parse(Self.document))).serialized() == expected)
    }

    @Test(
        "What is no path is none",
        arguments: [
            ".a[", ".a[x]", ".a[?(@.b]", ".a[?(b)]", "{.a", ".a}", ".a..", ".a[0:1:0]", ".a['b", "a b",
            ".a[?(@.b ~ 1)]",
        ])
    func refused(path: String) {
        #expect(JSONPath(path) == nil)
    }

    @Test("Any text is a path or none, and a path finds a bounded number of values")
    func fuzz() throws {
        var random = SeededGenerator()
        print("seed \(random.seed)")
        let pieces = [
            ".", "..", "a", "b", "[", "]", "*", "0", "-1", ":", ",", "?(", "@", ")", "==", "'x'", "\"", "\\", "{", "}",
            "$", " ", "é", "<",
        ]
        let document = try JSONValue.parse(Self.document)
        for _ in 0..<50_000 {
            let text = (0..<Int.random(in: 0..<10, using: &random)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }.joined()
            guard let path = JSONPath(text) else { continue }
            #expect(path.values(in: document).count < 20_000)
        }
    }
}
