import Crypto
import TestSupport
import Testing

@Suite("PEM and DER")
struct PEMTests {
    @Test("every length comes back")
    func roundTrip() throws {
        for count in 0..<200 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            #expect(try PEM.decode(PEM.encode("THING", bytes)) == [PEM.Block(label: "THING", bytes: bytes)])
        }
    }

    @Test("comments, empty lines, CR LF and indentation are no part of a block")
    func tolerant() throws {
        let text = "Bag Attributes: x\r\n-----BEGIN A-----\r\n  AAEC\r\n\r\n-----END A-----\r\nend"
        #expect(try PEM.decode(text) == [PEM.Block(label: "A", bytes: [0, 1, 2])])
        #expect(try PEM.decode("").isEmpty)
    }

    @Test(
        "a broken block is an error",
        arguments: [
            "-----BEGIN A-----\nAAEC\n", "-----BEGIN A-----\nAA?C\n-----END A-----\n",
            "-----BEGIN A-----\nAAE\n-----END A-----\n", "-----BEGIN A-----\nAAEC\n-----END B-----\n",
            "-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\n\nAAEC\n-----END A-----\n",
            "-----BEGIN A-----\n====\n-----END A-----\n",
        ])
    func broken(text: String) {
        #expect(throws: CryptoError.self) { try PEM.decode(text) }
    }

    @Test("no change of a byte makes a decoder crash or say two things at once")
    func fuzz() throws {
        var random = SeededGenerator()
        let authority = try CertificateAuthority.create(commonName: "a", notBefore: 0, notAfter: 1 << 31)
        let request = try CertificateRequest.create(
            subject: DistinguishedName(commonName: "b"), names: SubjectNames(dns: ["c"]), key: authority.key)
        let key = try authority.key.publicKey().der
        let verifier = try CertificateVerifier(roots: [authority.certificate])
        for _ in 0..<3000 {
            var certificate = authority.certificate.der
            mutate(&certificate, &random)
            if let read = try? Certificate(der: certificate), certificate != authority.certificate.der {
                #expect(throws: CryptoError.self, "seed \(random.seed)") {
                    try verifier.verify([read], for: .client, at: 1)
                }
            }
            var other = request.der
            mutate(&other, &random)
            if other != request.der { #expect((try? CertificateRequest(der: other)) == nil, "seed \(random.seed)") }
            var bytes = key
            mutate(&bytes, &random)
            _ = try? PublicKey(der: bytes)
            var text = Array(authority.certificate.pem().utf8)
            mutate(&text, &random)
            _ = try? Certificate.all(pem: String(decoding: text, as: UTF8.self))
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
        case 1: bytes.insert(.random(in: 0...255, using: &random), at: .random(in: 0...bytes.count, using: &random))
        case 2: bytes = (0..<Int.random(in: 0..<64, using: &random)).map { _ in .random(in: 0...255, using: &random) }
        default:
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
        }
    }
}
