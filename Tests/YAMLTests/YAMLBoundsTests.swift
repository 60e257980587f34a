import JSON
import TestSupport
import Testing
import YAML

@Suite("YAML costs what its bytes allow")
struct YAMLBoundsTests {
    @Test("Nesting is bounded, with brackets, with blocks and through aliases")
    func depth() throws {
        let brackets = { (n: Int) in String(repeating: "[", count: n) + String(repeating: "]", count: n) }
        #expect(throws: Never.self) { try YAMLDocument.parse(brackets(128)) }
        #expect(throws: YAMLError.self) { try YAMLDocument.parse(brackets(129)) }
        #expect(throws: YAMLError.self) { try YAMLDocument.parse(brackets(200_000)) }
        #expect(throws: YAMLError.self) { try YAMLDocument.parse(String(repeating: "- ", count: 100_000)) }
        #expect(throws: YAMLError.self) { try YAMLDocument.parse(String(repeating: "? ", count: 1000)) }
        let chain = (1...400).reduce(into: "- &a0 [x]\n") { $0 += "- &a\($1) [*a\($1 - 1)]\n" }
        let error = #expect(throws: YAMLError.self) { try YAMLDocument.parse(chain) }
        #expect(error?.reason == "nested too deeply")
    }

    @Test("A billion laughs are refused, and so is one loud one")
    func aliases() {
        var nodes = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        for level in 1...9 {
            nodes +=
                "a\(level): &a\(level) [" + repeatElement("*a\(level - 1)", count: 10).joined(separator: ",") + "]\n"
        }
        let bytes = "- &a " + String(repeating: "x", count: 1 << 20) + "\n" + String(repeating: "- *a\n", count: 90)
        for text in [nodes, bytes] {
            let error = #expect(throws: YAMLError.self) { try YAMLDocument.parse(text) }
            #expect(error?.reason == "document contains excessive aliasing")
        }
    }

    @Test("A mapping of very many keys is read in linear time")
    func wide() throws {
        let text = (0..<100_000).map { "k\($0): 1\n" }.joined()
        #expect(try YAMLDocument.parse(text).value.object?.members.count == 100_000)
    }

    @Test("Any bytes give a value or an error, and what gives a value can be written and read again")
    func fuzz() throws {
        var random = SeededGenerator()
        print("seed \(random.seed)")
        let pieces = [
            "a", "b: ", ": ", "- ", "\n", "\n  ", "\n    ", "[", "]", "{", "}", ",", "&x ", "*x", "!!int ", "!!str ",
            "\"", "'",
            "|\n", ">-\n", "#", "---\n", "...\n", "<<: ", "? ", "\\", "\\x41", "é", "\u{FEFF}", "0x1", "1e3", "~",
            "yes", "%",
            "@", "`", "\t", "\r\n", "\0", "2001-01-01", ".nan", "-", "+", "|2+\n", "!<tag:x> ", "\u{2028}",
        ]
        var accepted = 0
        for _ in 0..<20_000 {
            let count = Int.random(in: 0..<24, using: &random)
            var bytes = (0..<count).flatMap { _ in Array(pieces[Int.random(in: 0..<pieces.count, using: &random)].utf8)
            }
            if !bytes.isEmpty, Int.random(in: 0..<4, using: &random) == 0 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let documents = try? YAMLDocument.parseAll(bytes) else { continue }
            for document in documents {
                accepted += 1
                let text = document.value.yaml()
                #expect(try YAMLDocument.parse(text).value == document.value, "\(bytes) as \(text)")
            }
        }
        #expect(accepted > 500)
    }
}
