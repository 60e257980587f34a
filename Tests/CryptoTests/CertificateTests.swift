import Crypto
import Linux
import NetTypes
import TestSupport
import Testing

@Suite("Certificates")
struct CertificateTests {
    static let now = 1_790_000_000
    static let day = 86400

    static func authority(_ name: String = "kubernetes") throws -> CertificateAuthority {
        try .create(commonName: name, notBefore: now - day, notAfter: now + 3650 * day)
    }

    static func template(
        _ name: String, _ organizations: [String] = [], _ usages: [CertificateTemplate.Usage] = [.clientAuth],
        names: SubjectNames = SubjectNames(), from: Int = now - day, to: Int = now + day
    ) -> CertificateTemplate {
        CertificateTemplate(
            subject: DistinguishedName(commonName: name, organizations: organizations), names: names, usages: usages,
            notBefore: from, notAfter: to)
    }

    @Test("a leaf says what its template says, and openssl verifies it against the authority")
    func leaf() throws {
        let authority = try Self.authority()
        let key = try PrivateKey.generate(.p256)
        let addresses = ["10.96.0.1", "fd00::1"].compactMap { IPAddress($0) }
        let names = SubjectNames(dns: ["kubernetes", "kubernetes.default.svc"], addresses: addresses)
        let template = Self.template("kube-apiserver", [], [.serverAuth], names: names)
        let leaf = try authority.issue(template, for: try key.publicKey())
        #expect(leaf.subject.commonName == "kube-apiserver")
        #expect(leaf.issuer.commonName == "kubernetes")
        #expect(leaf.names == names)
        #expect((leaf.notBefore, leaf.notAfter) == (Self.now - Self.day, Self.now + Self.day))
        #expect(!leaf.isAuthority && authority.certificate.isAuthority)
        #expect(leaf.matches(key) && !leaf.matches(authority.key))
        #expect(leaf.serialNumber.count == 40)
        #expect(try Certificate(pem: leaf.pem()) == leaf)

        let directory = try TemporaryDirectory()
        try Files.replace(directory.file("ca.pem"), authority.certificate.pem().utf8)
        try Files.replace(directory.file("leaf.pem"), leaf.pem().utf8)
        let time = String(Self.now)
        func verify(_ purpose: String, _ arguments: String...) throws -> String {
            try openssl(
                "verify", "-x509_strict", "-attime", time, "-CAfile", directory.file("ca.pem"), "-purpose", purpose,
                arguments.first ?? "-verify_ip", arguments.last ?? "10.96.0.1", directory.file("leaf.pem")
            ).output
        }
        #expect(try verify("sslserver").hasSuffix("OK\n"))
        #expect(try verify("sslserver", "-verify_ip", "fd00::1").hasSuffix("OK\n"))
        #expect(try verify("sslserver", "-verify_hostname", "kubernetes.default.svc").hasSuffix("OK\n"))
        #expect(!(try verify("sslserver", "-verify_hostname", "example.com").hasSuffix("OK\n")))
        #expect(!(try verify("sslclient").hasSuffix("OK\n")))
        let text = try openssl("x509", "-noout", "-text", "-in", directory.file("leaf.pem")).output
        #expect(text.contains("X509v3 Authority Key Identifier"))
        #expect(text.contains("TLS Web Server Authentication"))
    }

    @Test("user and groups are the common name and every organization, whatever they contain")
    func subject() throws {
        let authority = try Self.authority()
        let key = try PrivateKey.generate(.p256).publicKey()
        let groups = ["system:masters", "system:nodes", "Gärtner, \"die\" /O=x"]
        let leaf = try authority.issue(Self.template("system:node:a", groups), for: key)
        #expect(leaf.subject == DistinguishedName(commonName: "system:node:a", organizations: groups))
    }

    @Test("a name with a comma stays one name")
    func injection() throws {
        let names = SubjectNames(dns: ["a,DNS:b", "*.example.com"])
        let leaf = try Self.authority().issue(
            Self.template("a", names: names), for: try PrivateKey.generate(.p256).publicKey())
        #expect(leaf.names.dns == names.dns)
    }

    @Test("a leaf ends no later than its authority")
    func lifetime() throws {
        let authority = try Self.authority()
        let leaf = try authority.issue(
            Self.template("a", to: Self.now + 9999 * Self.day), for: try PrivateKey.generate(.p256).publicKey())
        #expect(leaf.notAfter == authority.certificate.notAfter)
    }

    @Test("an authority needs its own key and a certificate of an authority")
    func mismatch() throws {
        let (a, b) = (try Self.authority(), try Self.authority())
        #expect(throws: CryptoError.self) { try CertificateAuthority(certificate: a.certificate, key: b.key) }
        let leaf = try a.issue(Self.template("leaf"), for: try a.key.publicKey())
        #expect(throws: CryptoError.self) { try CertificateAuthority(certificate: leaf, key: a.key) }
    }

    @Test("only a certificate of one of the authorities, in time and for the purpose, is verified")
    func verification() throws {
        let (ours, other) = (try Self.authority(), try Self.authority())
        let key = try PrivateKey.generate(.p256).publicKey()
        let verifier = try CertificateVerifier(roots: [ours.certificate])
        let good = try ours.issue(Self.template("good"), for: key)
        try verifier.verify([good], for: .client, at: Self.now)

        let cases: [(String, [Certificate], CertificateVerifier.Purpose, Int)] = [
            ("another authority of the same name", [try other.issue(Self.template("x"), for: key)], .client, Self.now),
            ("expired", [good], .client, Self.now + 2 * Self.day),
            ("not yet valid", [good], .client, Self.now - 2 * Self.day),
            ("for servers only", [try ours.issue(Self.template("x", [], [.serverAuth]), for: key)], .client, Self.now),
            ("for clients only", [good], .server, Self.now),
            ("no certificate", [], .client, Self.now),
            ("a leaf as authority", [try leafSigned(by: ours), good], .client, Self.now),
        ]
        for (what, chain, purpose, time) in cases {
            #expect(throws: CryptoError.self, "\(what)") { try verifier.verify(chain, for: purpose, at: time) }
        }
    }

    /// A certificate that a leaf's key has signed, which makes it no authority.
    private func leafSigned(by authority: CertificateAuthority) throws -> Certificate {
        let key = try PrivateKey.generate(.p256)
        let impostor = try CertificateAuthority.create(
            commonName: "leaf", notBefore: Self.now - 1, notAfter: Self.now + Self.day)
        _ = try authority.issue(Self.template("leaf"), for: try impostor.key.publicKey())
        return try impostor.issue(Self.template("evil"), for: try key.publicKey())
    }

    @Test("a request comes back with its names, openssl verifies it, and the authority can answer it")
    func request() throws {
        let key = try PrivateKey.generate(.p256)
        let names = SubjectNames(dns: ["node-a"], addresses: [IPAddress("10.0.0.1")].compactMap(\.self))
        let subject = DistinguishedName(commonName: "system:node:node-a", organizations: ["system:nodes"])
        let request = try CertificateRequest.create(subject: subject, names: names, key: key)
        let again = try CertificateRequest(pem: request.pem())
        #expect(again == request)
        #expect(again.subject == subject && again.names == names)
        #expect(try again.publicKey().der == key.publicKey().der)
        #expect(try openssl("req", "-verify", "-noout", input: request.pem()).output.contains("OK"))
        let leaf = try Self.authority().issue(
            Self.template(again.subject.commonName, again.subject.organizations), for: try again.publicKey())
        #expect(leaf.matches(key))
    }

    @Test("a request of openssl's is read; one that is signed with another key is refused")
    func foreignRequest() throws {
        let directory = try TemporaryDirectory()
        let made = try openssl(
            "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", directory.file("key"), "-subj", "/O=g/CN=u",
            "-addext", "subjectAltName=DNS:a,URI:spiffe://b,email:c@d")
        let request = try CertificateRequest(pem: made.output)
        #expect(request.subject == DistinguishedName(commonName: "u", organizations: ["g"]))
        #expect(request.names.uris == ["spiffe://b"] && request.names.emails == ["c@d"])
        var der = request.der
        der[der.count - 1] ^= 1
        #expect(throws: CryptoError.self) { try CertificateRequest(der: der) }
    }
}
