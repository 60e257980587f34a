import Crypto
import Testing

@Suite("Digests and random bytes")
struct DigestTests {
    @Test(
        "SHA-256 is that of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ])
    func sha256(text: String, hex: String) {
        #expect(Digest.sha256(Array(text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == hex)
    }

    @Test("random bytes differ from call to call")
    func random() throws {
        let first = try RandomBytes.generate(32)
        #expect(try RandomBytes.generate(32) != first)
    }

    @Test("secrets are equal only when all of their bytes are")
    func comparison() {
        #expect(RandomBytes.areEqual([], []))
        #expect(RandomBytes.areEqual([1, 2], [1, 2]))
        #expect(!RandomBytes.areEqual([1, 2], [1, 3]))
        #expect(!RandomBytes.areEqual([1, 2], [1]))
    }
}
