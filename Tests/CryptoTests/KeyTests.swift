import Crypto
import Linux
import TestSupport
import Testing

@Suite("Keys and signatures")
struct KeyTests {
    static let kinds: [PrivateKey.Kind] = [.p256, .rsa(bits: 2048)]

    @Test("a key comes back from its file, and the openssl program finds it good", arguments: kinds)
    func roundTrip(kind: PrivateKey.Kind) throws {
        let key = try PrivateKey.generate(kind)
        let again = try PrivateKey(pem: try key.pem())
        #expect(try again.publicKey().der == key.publicKey().der)
        let check = try openssl("pkey", "-check", "-noout", input: try key.pem())
        #expect(check.status == 0, "\(check.output)")
        let publicKey = try openssl("pkey", "-pubout", input: try key.pem())
        #expect(publicKey.output == (try key.publicKey().pem()))
    }

    @Test("what a key signs its public half verifies, and nothing else", arguments: kinds)
    func signature(kind: PrivateKey.Kind) throws {
        let key = try PrivateKey.generate(kind)
        let message = Array("header.payload".utf8)
        let signature = try key.sign(message)
        let publicKey = try key.publicKey()
        #expect(publicKey.verifies(signature, of: message))
        #expect(signature.count == (kind == .p256 ? 64 : 256))
        #expect(!publicKey.verifies(signature, of: Array("header.Payload".utf8)))
        #expect(!publicKey.verifies(Array(signature.dropLast()), of: message))
        #expect(!publicKey.verifies([], of: message))
        for index in [0, 31, 32, 63] {
            var changed = signature
            changed[index] ^= 1
            #expect(!publicKey.verifies(changed, of: message))
        }
        #expect(!(try PrivateKey.generate(kind).publicKey().verifies(signature, of: message)))
    }

    @Test("keys in the older forms are read: SEC 1 and PKCS #1", arguments: ["ec", "rsa"])
    func olderForms(form: String) throws {
        let made =
            form == "ec"
            ? try openssl("ecparam", "-name", "prime256v1", "-genkey")
            : try openssl("genrsa", "-traditional", "2048")
        #expect(try PrivateKey(pem: made.output).algorithm == (form == "ec" ? .es256 : .rs256))
    }

    @Test(
        "keys that are too weak, of another curve, encrypted or broken are refused with the reason",
        arguments: [
            (["genrsa", "-traditional", "1024"], "neither P-256 nor RSA"),
            (["ecparam", "-name", "secp384r1", "-genkey"], "neither P-256 nor RSA"),
            (["genpkey", "-algorithm", "ed25519"], "neither P-256 nor RSA"),
            (["genrsa", "-traditional", "-aes128", "-passout", "pass:secret", "2048"], "encrypted"),
        ])
    func refused(command: [String], reason: String) throws {
        let directory = try TemporaryDirectory()
        let file = directory.file("key")
        let made =
            switch command.count {
            case 3 where command[0] == "genrsa": try openssl(command[0], command[1], "-out", file, command[2])
            case 3: try openssl(command[0], command[1], command[2], "-out", file)
            case 4: try openssl(command[0], command[1], command[2], command[3], "-out", file)
            default:
                try openssl(
                    command[0], command[1], command[2], command[3], command[4], "-out", file, command[5])
            }
        #expect(made.status == 0, "\(made.output)")
        let pem = try Files.readText(file)
        let error = #expect(throws: CryptoError.self) { try PrivateKey(pem: pem) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test("the numbers of a key for a JSON web key are those that openssl prints")
    func parameters() throws {
        let key = try PrivateKey.generate(.rsa(bits: 2048))
        guard case .rsa(let modulus, let exponent) = try key.publicKey().parameters() else {
            Issue.record("not RSA")
            return
        }
        #expect(exponent == [1, 0, 1])
        let hex = modulus.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined().uppercased()
        #expect(try openssl("rsa", "-modulus", "-noout", input: try key.pem()).output == "Modulus=\(hex)\n")
        guard case .p256(let x, let y) = try PrivateKey.generate(.p256).publicKey().parameters() else {
            Issue.record("not P-256")
            return
        }
        #expect(x.count == 32 && y.count == 32)
    }

    @Test("a file may hold several keys, public, private and in certificates")
    func several() throws {
        let keys = [try PrivateKey.generate(.p256), try PrivateKey.generate(.p256)]
        let authority = try CertificateAuthority.create(commonName: "a", notBefore: 0, notAfter: 1 << 31)
        let text = try "comment\n" + keys[0].pem() + keys[1].publicKey().pem() + authority.certificate.pem()
        let expected = try keys.map { try $0.publicKey().der } + [authority.key.publicKey().der]
        #expect(try PublicKey.all(pem: text).map(\.der) == expected)
        #expect(throws: CryptoError.self) { try PublicKey.all(pem: "nothing") }
    }
}
