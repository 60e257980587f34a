import JSON
import TestSupport
import Testing
import YAML

@Suite("YAML as it is written")
struct YAMLWritingTests {
    @Test(
        "The layout is kubectl's",
        arguments: [
            (
                #"{"apiVersion":"v1","items":[{"a":1},{"b":[]}],"m":{}}"#,
                "apiVersion: v1\nitems:\n- a: 1\n- b: []\nm: {}\n"
            ),
            (
                #"{"t":"true","n":"12","o":"017","e":"","d":"2001-01-01","s":"1:30","f":"1e3","y":"y"}"#,
                "t: \"true\"\n\"n\": \"12\"\no: \"017\"\ne: \"\"\nd: \"2001-01-01\"\ns: \"1:30\"\nf: \"1e3\"\n\"y\": \"y\"\n"
            ),
            (#"{"x":true,"i":12,"z":null,"q":1.5}"#, "x: true\ni: 12\nz: null\nq: 1.5\n"),
            (#"{"script":"one\ntwo\n","last":"one\ntwo"}"#, "script: |\n  one\n  two\nlast: |-\n  one\n  two\n"),
            (#"{"u":"é","c":"a: b","h":"a #b","l":" x"}"#, "u: é\nc: 'a: b'\nh: 'a #b'\nl: ' x'\n"),
            (#"["a"]"#, "- a\n"), (#""x""#, "x\n"), ("[]", "[]\n"),
        ])
    func layout(json: String, yaml: String) throws {
        let written = try JSONValue.parse(json).yaml()
        #expect(written == yaml, "\(written)")
    }

    @Test("Every value that is written is read back the same")
    func roundTrip() throws {
        var random = SeededGenerator()
        print("seed \(random.seed)")
        for _ in 0..<5_000 {
            let value = JSONValue.random(depth: 4, using: &random)
            let text = value.yaml()
            #expect(try YAMLDocument.parse(text).value == value, "\(text)")
        }
    }
}

extension JSONValue {
    static func random(depth: Int, using random: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: .number(JSONNumber(Int.random(in: -2000...2000, using: &random)))
        case 3, 4: .string(text(using: &random))
        case 5:
            .array((0..<Int.random(in: 0..<4, using: &random)).map { _ in .random(depth: depth - 1, using: &random) })
        default:
            .object(
                JSONObject(
                    (0..<Int.random(in: 0..<5, using: &random)).map { _ in
                        (text(using: &random), .random(depth: depth - 1, using: &random))
                    }))
        }
    }

    private static func text(using random: inout SeededGenerator) -> String {
        let pieces = [
            "a", "Z", "0", "1", "-", " ", "\n", ":", "#", "'", "\"", "\\", "é", "😀", "\t", "[", "{", "yes", "~", "<<",
            "null",
            ".5", "1e3", "&", "*", "!", "|", ">", "%", "@", "?", ",", "\u{7F}", "\u{2028}", "\0", "\r", "---", "...",
            "=",
            "\u{FEFF}", "\u{85}",
        ]
        return (0..<Int.random(in: 0..<6, using: &random)).map { _ in
            pieces[Int.random(in: 0..<pieces.count, using: &random)]
        }.joined()
    }
}
