import Crypto
import Identity
import JSON
import KubeAPI
import TestSupport
import Testing

@Suite("Authentication")
struct AuthenticatorTests {
    static let now = TokenFixture.now

    /// An authority, and an authenticator with every means there is.
    final class Server {
        let fixture: TokenFixture
        let authority: CertificateAuthority
        let authenticator: Authenticator
        var secrets: [String: JSONValue] = [:]

        init(anonymous: Bool = true) throws {
            fixture = try TokenFixture()
            authority = try .create(
                commonName: "ca", notBefore: now.seconds - 3600, notAfter: now.seconds + 36_000_000)
            var sources = Authenticator.Sources()
            sources.staticTokens = try StaticTokens("# comment\nsecret-1,jane,7,\"ops,devs\"\nsecret-2,joe,8\n")
            sources.serviceAccounts = fixture.verifier
            sources.allowsAnonymous = anonymous
            sources.audiences = [TokenFixture.issuerURL]
            let box = Box()
            sources.bootstrapSecret = { box.server?.secrets[$0] }
            authenticator = Authenticator(sources)
            box.server = self
        }

        private final class Box { weak var server: Server? }

        func certificate(
            _ name: String, _ groups: [String] = [], to end: Int = 3600, by other: CertificateAuthority? = nil
        )
            throws -> [UInt8]
        {
            let template = CertificateTemplate(
                subject: DistinguishedName(commonName: name, organizations: groups), usages: [.clientAuth],
                notBefore: now.seconds - 60, notAfter: now.seconds + end)
            return try (other ?? authority).issue(template, for: try PrivateKey.generate(.p256).publicKey()).der
        }

        /// Certificates are seen as TLS sees them.
        func user(_ certificates: [[UInt8]] = [], _ authorization: String? = nil, at offset: Int = 0) throws -> User {
            try authenticator.authenticate(
                peer(certificates), authorization: authorization, now: now.advanced(bySeconds: offset))
        }

        private func peer(_ certificates: [[UInt8]]) -> PeerCertificate {
            guard let first = certificates.first else { return .none }
            do {
                let chain = try certificates.map { try Certificate(der: $0) }
                try CertificateVerifier(roots: [authority.certificate]).verify(chain, for: .client, at: now.seconds)
                let subject = chain[0].subject
                return .verified(
                    ClientCertificate(
                        commonName: subject.commonName, organizations: subject.organizations, der: first))
            } catch {
                return .untrusted("\(error)")
            }
        }
    }

    @Test("a certificate's user is its common name, its groups the organizations")
    func certificate() throws {
        let server = try Server()
        let der = try server.certificate("system:node:a", ["system:nodes", "x"])
        for _ in 0..<2 {
            let user = try server.user([der], "Bearer nonsense")
            #expect(user.name == "system:node:a")
            #expect(user.groups == ["system:nodes", "x", "system:authenticated"])
            #expect(user.nodeName == "a")
            #expect(
                user.extra["authentication.kubernetes.io/credential-id"]?.first?.hasPrefix("X509SHA256=") == true)
        }
        #expect(throws: APIStatus.self) { try server.user([der], at: 3601) }
    }

    @Test("what TLS has verified counts until the certificate ends, what it has not verified never")
    func connection() throws {
        let server = try Server()
        let other = try CertificateAuthority.create(commonName: "x", notBefore: 0, notAfter: 1 << 33)
        // By whom it was issued is TLS's concern: it may have come with others that lead to the authority.
        let der = try server.certificate("jane", ["ops"], by: other)
        let shown = PeerCertificate.verified(
            ClientCertificate(commonName: "jane", organizations: ["ops"], der: der))
        func user(_ certificate: PeerCertificate, _ authorization: String? = nil, at offset: Int = 0) throws(APIStatus)
            -> User
        {
            try server.authenticator.authenticate(
                certificate, authorization: authorization, now: Self.now.advanced(bySeconds: offset))
        }
        #expect(try user(shown).groups == ["ops", "system:authenticated"])
        #expect(try user(shown, "Bearer secret-1").name == "jane")
        #expect(throws: APIStatus.self) { try user(shown, at: 3601) }
        #expect(throws: APIStatus.self) { try user(.untrusted("expired")) }
        #expect(try user(.untrusted("expired"), "Bearer secret-2").name == "joe")
        #expect(try user(.none) == .anonymous)
    }

    @Test("bad credentials are refused, none are anonymous")
    func refused() throws {
        let server = try Server()
        let other = try CertificateAuthority.create(commonName: "ca", notBefore: 0, notAfter: 1 << 33)
        let good = try server.certificate("jane")
        let cases: [(String, [[UInt8]], String?)] = [
            ("another authority's", [try server.certificate("jane", by: other)], nil),
            ("expired", [try server.certificate("jane", to: -1)], nil),
            ("without a name", [try server.certificate("")], nil),
            ("no certificate", [[1, 2, 3]], nil),
            ("good one that does not lead", [[1, 2, 3], good], nil),
            ("unknown token", [], "Bearer x"),
            ("a token that begins like a known one", [], "Bearer secret-"),
            ("token of a bad form", [], "Bearer a.b.c"), ("two words", [], "Bearer a b"),
            ("expired certificate with an unknown token", [try server.certificate("jane", to: -1)], "Bearer x"),
        ]
        for (what, certificates, authorization) in cases {
            let status = #expect(throws: APIStatus.self, "\(what)") { try server.user(certificates, authorization) }
            #expect(status?.code == 401 && status?.message == "Unauthorized")
        }
        #expect(try server.user() == .anonymous)
        for scheme in ["Basic eDp5", "Bearer", "Bearer  secret-1", ""] {
            #expect(try server.user([], scheme) == .anonymous)
        }
        #expect(throws: APIStatus.self) { try Server(anonymous: false).user() }
    }

    @Test("tokens of the file, of ServiceAccounts, and with a bad certificate beside them")
    func tokens() throws {
        let server = try Server()
        let jane = User(name: "jane", uid: "7", groups: ["ops", "devs", "system:authenticated"])
        #expect(try server.user([], "Bearer secret-1") == jane)
        #expect(try server.user([], "bearer secret-1 x") == jane)
        #expect(try server.user([[1]], "Bearer secret-1") == jane)
        let robot = try server.user([], "Bearer \(try server.fixture.token())")
        #expect(robot.name == "system:serviceaccount:shop:web")
        #expect(robot.groups.last == "system:authenticated")
    }

    static func secret(_ changes: [String: String?] = [:], type: String = "bootstrap.kubernetes.io/token") -> JSONValue
    {
        var data: [String: String?] = [
            "token-id": "abcdef", "token-secret": "0123456789abcdef", "usage-bootstrap-authentication": "true",
            "expiration": now.advanced(bySeconds: 60).time,
            "auth-extra-groups": "system:bootstrappers:kubeadm:default-node-token",
        ]
        for (key, value) in changes { data[key] = value }
        let members = data.compactMap { key, value in value.map { (key, JSONValue.base64($0.utf8)) } }
        return ["type": .string(type), "metadata": ["name": "x"], "data": .object(JSONObject(members))]
    }

    @Test("a bootstrap token is its Secret's")
    func bootstrap() throws {
        let server = try Server()
        server.secrets["bootstrap-token-abcdef"] = Self.secret()
        let user = try server.user([], "Bearer abcdef.0123456789abcdef")
        #expect(user.name == "system:bootstrap:abcdef")
        #expect(
            user.groups == [
                "system:bootstrappers", "system:bootstrappers:kubeadm:default-node-token", "system:authenticated",
            ])
        let bad: [JSONValue] = [
            Self.secret(["token-secret": "0123456789abcdeg"]), Self.secret(["token-id": "abcdeg"]),
            Self.secret(["usage-bootstrap-authentication": "yes"]),
            Self.secret(["usage-bootstrap-authentication": nil]),
            Self.secret(["expiration": Self.now.time]), Self.secret(["expiration": "tomorrow"]),
            Self.secret(["auth-extra-groups": "system:masters"]), Self.secret(type: "Opaque"),
            Self.secret(["auth-extra-groups": "system:bootstrappers:"]),
        ]
        for secret in bad {
            server.secrets["bootstrap-token-abcdef"] = secret
            #expect(throws: APIStatus.self, "\(secret)") { try server.user([], "Bearer abcdef.0123456789abcdef") }
        }
        server.secrets["bootstrap-token-abcdef"] = Self.secret(["expiration": nil])
        #expect(try server.user([], "Bearer abcdef.0123456789abcdef").name == "system:bootstrap:abcdef")
        #expect(throws: APIStatus.self) { try server.user([], "Bearer abcdee.0123456789abcdef") }
    }

    @Test(
        "only six and sixteen small letters and digits are a bootstrap token",
        arguments: [
            "abcdef.0123456789abcde", "abcde.0123456789abcdef", "Abcdef.0123456789abcdef", "abcdef-0123456789abcdef",
            "abcdef.0123456789abcdef.", "", ".", "abcd/f.0123456789abcdef",
        ])
    func form(text: String) { #expect(BootstrapToken(text) == nil) }

    @Test(
        "a token file with a broken line says which",
        arguments: [("a,b\n", 1), ("a,b,c\n\"x,y,z\n", 2), (",b,c\n", 1), ("\n\na,,c", 3)])
    func file(text: String, line: Int) {
        let problem = #expect(throws: StaticTokens.Problem.self) { try StaticTokens(text) }
        #expect(problem?.line == line)
    }

    @Test("a TokenReview tells the user, or why there is none")
    func tokenReview() throws {
        let server = try Server()
        func review(_ token: String, _ audiences: [String] = []) throws -> JSONValue {
            let spec: JSONValue = ["token": .string(token), "audiences": .array(audiences.map { .string($0) })]
            return try IdentityReview.answer(
                tokenReview: ["kind": "TokenReview", "spec": spec], authenticator: server.authenticator, now: Self.now)
        }
        let good = try review("secret-1")
        #expect(
            good.member("status") == [
                "authenticated": true,
                "user": ["username": "jane", "uid": "7", "groups": ["ops", "devs", "system:authenticated"]],
                "audiences": [.string(TokenFixture.issuerURL)],
            ])
        #expect(try review("nonsense").member("status") == ["user": [:], "error": "invalid bearer token"])
        let token = try server.fixture.token(["audiences": ["vault"]])
        #expect(try review(token).member(at: "status", "authenticated") == nil)
        let vault = try review(token, ["vault", "x"])
        #expect(vault.member(at: "status", "audiences") == ["vault"])
        #expect(vault.member(at: "status", "user", "username")?.string == "system:serviceaccount:shop:web")
        server.fixture.objects["ServiceAccount/shop/web"] = nil
        #expect(
            try review(token, ["vault"]).member(at: "status", "error")?.string
                == #"[invalid bearer token, serviceaccounts "web" not found]"#)
        #expect(throws: APIStatus.self) { try review("") }
    }

    @Test("who am I")
    func selfReview() {
        let user = User(name: "jane", groups: ["a"], extra: ["z": ["1"], "b": ["2", "3"]])
        let review = IdentityReview.answer(selfReview: ["kind": "SelfSubjectReview"], user: user)
        #expect(
            review.serialized()
                == #"{"kind":"SelfSubjectReview","status":{"userInfo":{"username":"jane","groups":["a"],"#
                + #""extra":{"b":["2","3"],"z":["1"]}}}}"#)
    }
}
