import JSON
import Testing

struct JSONTests {
    @Test(
        "What is read and written again is the same text",
        arguments: [
            "null", "true", "[]", "{}", "0", "-0", "-1.50e+10", "18446744073709551615", #""a\"b\\c\n""#,
            #"{"b":1,"a":[{"x":null},"é",""]}"#, #""\u0001""#,
        ])
    func roundTrip(_ text: String) throws {
        #expect(try JSONValue.parse(text).serialized() == text)
        var bytes = Array("before".utf8)
        try JSONValue.parse(text).append(to: &bytes)
        #expect(bytes == Array("before\(text)".utf8))
    }

    @Test(
        "What is special in a string is seen wherever it stands",
        arguments: [
            ("\"", "\\\""), ("\\", "\\\\"), ("\n", "\\n"), ("\u{1}", "\\u0001"), ("\u{7F}", "\u{7F}"), ("é", "é"),
            ("😀", "😀"),
        ])
    func specialBytes(_ special: String, _ written: String) throws {
        // Strings are looked through eight bytes at a time.
        for before in 0..<18 {
            for after in 0..<18 {
                let (start, end) = (String(repeating: "x", count: before), String(repeating: "y", count: after))
                for (value, text) in [
                    (start + special + end, start + written + end),
                    (start + special + special + end, start + written + written + end),
                ] {
                    #expect(JSONValue.string(value).serialized() == "\"\(text)\"")
                    #expect(try JSONValue.parse("[\"\(text)\"]") == [.string(value)])
                }
            }
        }
    }

    @Test("Escapes and surrogate pairs are decoded")
    func escapes() throws {
        #expect(try JSONValue.parse(#""\u0041\ud83d\ude00\/\b\f""#).string == "A😀/\u{8}\u{c}")
    }

    @Test(
        "Text that is not JSON is refused with its place",
        arguments: [
            ("", 1, "the text ends where a value should be"), ("{\"a\":1,}", 8, "expected a member's name in quotes"),
            ("[1,]", 4, "no value begins with this character"), ("[1 2]", 4, "expected \",\" or \"]\""),
            ("01", 3, "a number must not begin with 0"), ("1.", 3, "expected a digit"), ("-", 2, "expected a digit"),
            ("\"a", 3, "the text ends inside a string"),
            ("\"\u{1}\"", 2, "a control character in a string must be escaped"),
            (#""\x""#, 4, "no such escape in a string"), (#""\ud800""#, 8, "a surrogate without its pair"),
            (#""\udc00""#, 8, "a surrogate without its pair"), ("nul", 4, "expected \"null\""),
            ("{} {}", 4, "text after the end of the document"),
            ("{\"a\" 1}", 6, "expected \":\" after a member's name"),
            ("+1", 1, "no value begins with this character"), ("NaN", 1, "no value begins with this character"),
        ])
    func refusals(_ text: String, _ column: Int, _ reason: String) {
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(text) }
        #expect(error?.column == column)
        #expect(error?.reason == reason)
    }

    @Test("A string that is not UTF-8 is refused, on the right line")
    func invalidUTF8() {
        let error = #expect(throws: JSONError.self) { try JSONValue.parse([0x5B, 0x0A, 0x22, 0xC3, 0x28, 0x22, 0x5D]) }
        #expect(error?.description == "invalid JSON at line 2, column 5: the string before this is not UTF-8")
    }

    @Test("Deep nesting is refused before the stack is used up")
    func depth() throws {
        #expect(throws: JSONError.self) { try JSONValue.parse(String(repeating: "[", count: 100_000)) }
        #expect(throws: Never.self) {
            try JSONValue.parse(String(repeating: "[", count: 128) + String(repeating: "]", count: 128))
        }
    }

    @Test("Keys are found as Go finds them: exactly first, then without regard to case, the last one")
    func keys() throws {
        let value = try JSONValue.parse(#"{"bandWidth":1,"NAME":2,"name":3,"a":4,"a":5}"#)
        #expect(value["bandwidth"] == 1)
        #expect(value["name"] == 3)
        #expect(value["Name"] == 3)
        #expect(value["a"] == 5)
        #expect(value["b"] == nil)
    }

    @Test(
        "Integers are read from any spelling that is one",
        arguments: [("1e3", 1000), ("2.0", 2), ("1.5", nil), ("1e30", nil)])
    func integers(_ text: String, _ expected: Int?) throws {
        #expect(try JSONValue.parse(text).int == expected)
    }

    @Test("Mutated documents never crash the parser, and what it takes survives a round trip")
    func fuzz() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let source = Array(#"{"cniVersion":"1.0.0","a":[1,-2.5e3,true,null,"\u00e9\n"],"b":{"c":{}}}"#.utf8)
        for round in 0..<20_000 {
            var bytes = source
            for _ in 0...random(4) {
                switch random(3) {
                case 0: bytes[random(bytes.count)] = UInt8(random(256))
                case 1: bytes.remove(at: random(bytes.count))
                default: bytes.insert(source[random(source.count)], at: random(bytes.count))
                }
            }
            guard let value = try? JSONValue.parse(bytes) else { continue }
            #expect(try JSONValue.parse(value.serialized()) == value, "seed \(seed), round \(round)")
        }
    }
}
