import JSON
import TestSupport
import Testing

@Suite("The JSON cursor")
struct JSONCursorTests {
    private func read<Result>(
        _ text: String, _ body: (inout JSONCursor) throws(JSONError) -> Result
    ) throws(JSONError) -> Result {
        try JSONCursor.read(Array(text.utf8), body)
    }

    @Test("Fields are taken out of objects and arrays, and all else is passed")
    func fields() throws {
        struct Port: Equatable {
            var name: String?
            var port = 0
        }
        let text = #"""
            { "kind": "Service", "skipped": {"a":[1,{"b":null}],"c":"\u00e9"},
              "spec": {"ports": [ {"name":"a\"b","port":80,"x":[]}, {"port":443} ], "ip":"10.0.0.1"},
              "ok": true, "none": null, "n": -12, "\u006be\u0079": 1e3 }
            """#
        var ports: [Port] = []
        var address: [UInt8] = []
        var (isOK, number, escaped) = (false, 0, 0)
        var kind = ""
        try read(text) { (cursor) throws(JSONError) in
            try cursor.enterObject()
            while try cursor.nextMember() {
                if cursor.isAt("kind") {
                    kind = try cursor.string()
                } else if cursor.isAt("spec") {
                    try cursor.enterObject()
                    while try cursor.nextMember() {
                        if cursor.isAt("ports") {
                            try cursor.enterArray()
                            while try cursor.nextElement() {
                                var port = Port()
                                try cursor.enterObject()
                                while try cursor.nextMember() {
                                    if cursor.isAt("name") {
                                        port.name = try cursor.optionalString()
                                    } else if cursor.isAt("port") {
                                        port.port = try cursor.int()
                                    } else {
                                        try cursor.skip()
                                    }
                                }
                                ports.append(port)
                            }
                        } else {
                            #expect(cursor.key == "ip" && cursor.isAt(prefix: "i"))
                            address = try cursor.withString { Array($0) }
                        }
                    }
                } else if cursor.isAt("ok") {
                    isOK = try cursor.bool()
                } else if cursor.isAt("n") {
                    number = try cursor.int()
                } else if cursor.isAt("key") {
                    #expect(cursor.key == "key")
                    escaped = try cursor.int()
                } else {
                    try cursor.skip()
                }
            }
        }
        #expect(kind == "Service" && isOK && number == -12 && escaped == 1000)
        #expect(ports == [Port(name: "a\"b", port: 80), Port(name: nil, port: 443)])
        #expect(address == Array("10.0.0.1".utf8))
    }

    @Test("Null is an empty object, array and string, a zero, a false")
    func nulls() throws {
        let read = try read("[null,null,null,null,null,null,null]") { (cursor) throws(JSONError) in
            var read: [Bool] = []
            try cursor.enterArray()
            read.append(try cursor.nextElement())
            try cursor.enterObject()
            read.append(try !cursor.nextMember())
            read.append(try cursor.nextElement())
            try cursor.enterArray()
            read.append(try !cursor.nextElement())
            read.append(try cursor.nextElement())
            read.append(try cursor.string() == "")
            read.append(try cursor.nextElement())
            read.append(try cursor.int() == 0)
            read.append(try cursor.nextElement())
            read.append(try cursor.optionalBool() == nil)
            read.append(try cursor.nextElement())
            read.append(try cursor.withString { $0.isEmpty })
            read.append(try cursor.nextElement())
            read.append(try cursor.value() == .null)
            read.append(try !cursor.nextElement())
            return read
        }
        #expect(read == Array(repeating: true, count: 15))
    }

    @Test(
        "Integers of every size are read, and what is none is refused",
        arguments: [
            ("0", 0), ("-0", 0), ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min), ("2.0", 2),
            ("1e3", 1000), ("9223372036854775808", nil), ("1.5", nil), ("\"1\"", nil), ("01", nil), ("-", nil),
        ])
    func integers(_ text: String, _ expected: Int?) {
        #expect((try? read(text) { (cursor) throws(JSONError) in try cursor.int() }) == expected)
    }

    @Test(
        "A value of another kind than asked for is refused, with its place",
        arguments: ["{\"a\": 1}", "{\"a\": {}}", "{\"a\": true}", "{\"a\": [\"x\"]}"])
    func kinds(_ text: String) {
        let error = #expect(throws: JSONError.self) {
            try read(text) { (cursor) throws(JSONError) in
                try cursor.enterObject()
                while try cursor.nextMember() { _ = try cursor.string() }
            }
        }
        #expect(error?.reason == "expected a string" && error?.column == 7)
    }

    @Test("Nesting deeper than the limit is refused, counted through entered and skipped containers alike")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        let skip = { (cursor: inout JSONCursor) throws(JSONError) in try cursor.skip() }
        #expect(throws: Never.self) { try read(nested(128), skip) }
        #expect(throws: JSONError.self) { try read(nested(129), skip) }
        #expect(throws: JSONError.self) { try read(String(repeating: "[", count: 1_000_000), skip) }
        let enterAndSkip = { (cursor: inout JSONCursor) throws(JSONError) in
            try cursor.enterArray()
            while try cursor.nextElement() { try cursor.skip() }
        }
        #expect(throws: Never.self) { try read(nested(128), enterAndSkip) }
        #expect(throws: JSONError.self) { try read(nested(129), enterAndSkip) }
    }

    @Test("Strings that are not UTF-8 are refused wherever they stand, each bad sequence by itself")
    func invalidUTF8() {
        let bad: [[UInt8]] = [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE0, 0xA0],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xF0, 0x9F, 0x98],
        ]
        let good = ["é", "€", "😀", "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}", "\u{D7FF}", "\u{E000}"]
        for filler in 0..<20 {
            let padding = [UInt8](repeating: 0x61, count: filler)
            for sequence in bad {
                let text = [0x22] + padding + sequence + padding + [0x22]
                #expect(throws: JSONError.self, "\(sequence)") {
                    try JSONCursor.read(text) { (cursor) throws(JSONError) in try cursor.skip() }
                }
            }
            for character in good {
                let text = [0x22] + padding + Array(character.utf8) + padding + [0x22]
                let read = try? JSONCursor.read(text) { (cursor) throws(JSONError) in try cursor.string() }
                #expect(read?.utf8.elementsEqual(text[1..<text.count - 1]) == true, "\(character)")
            }
        }
    }

    @Test("Of mutated documents it takes exactly those that the parser takes, and reads the same")
    func fuzz() throws {
        var random = SeededGenerator()
        let source = Array(
            #"{"cniVersion":"1.0.0","a":[1,-2.5e3,true,null,"\u00e9\n\ud83d\ude00"],"b":{"c":{}},"é€😀":"0123456789"}"#
                .utf8)
        for round in 0..<30_000 {
            var bytes = source
            for _ in 0...Int.random(in: 0...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + 7))
                default: bytes.insert(source[Int.random(in: 0..<source.count, using: &random)], at: place)
                }
                if bytes.isEmpty { break }
            }
            let parsed = try? JSONValue.parse(bytes)
            let skipped: Void? = try? JSONCursor.read(bytes) { (cursor) throws(JSONError) in try cursor.skip() }
            let walked = try? JSONCursor.read(bytes) { (cursor) throws(JSONError) in try walk(&cursor) }
            #expect((skipped != nil) == (parsed != nil), "seed \(random.seed), round \(round)")
            if case .object = parsed { #expect(walked == parsed, "seed \(random.seed), round \(round)") }
            if bytes.isEmpty { continue }
        }
    }

    /// An object by the cursor's steps, its values by their kinds.
    private func walk(_ cursor: inout JSONCursor) throws(JSONError) -> JSONValue {
        var text = "{"
        try cursor.enterObject()
        while try cursor.nextMember() {
            if text.count > 1 { text += "," }
            text += JSONValue.string(cursor.key).serialized() + ":"
            if cursor.isAt("a") {
                text += String(decoding: try cursor.bytes(), as: UTF8.self)
            } else {
                text += try cursor.value().serialized()
            }
        }
        return try JSONValue.parse(text + "}")
    }
}
