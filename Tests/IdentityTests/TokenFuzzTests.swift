import Identity
import TestSupport
import Testing

@Suite("Noise in tokens")
struct TokenFuzzTests {
    @Test("a token of which anything is changed is nobody's or refused")
    func tokens() throws {
        let fixture = try TokenFixture()
        let good = Array(try fixture.token().utf8)
        #expect(try fixture.verifier.verify(String(decoding: good, as: UTF8.self), now: TokenFixture.now) != nil)
        var random = SeededGenerator()
        for _ in 0..<500 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 33...126, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8(ascii: "."), at: place)
                }
            }
            if bytes == good { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            let identity = try? fixture.verifier.verify(text, now: TokenFixture.now)
            #expect(identity == nil, "\(text), seed \(random.seed)")
        }
    }
}
