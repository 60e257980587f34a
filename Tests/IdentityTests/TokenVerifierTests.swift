import Crypto
import Identity
import JSON
import KubeAPI
import TestSupport
import Testing

@Suite("ServiceAccount tokens are verified")
struct TokenVerifierTests {
    @Test("a good token is its ServiceAccount, with what it is bound to")
    func good() throws {
        let fixture = try TokenFixture()
        let token = try fixture.token(["boundObjectRef": TokenFixture.pod])
        for _ in 0..<2 {
            let identity = try #require(try fixture.verifier.verify(token, now: TokenFixture.now))
            #expect(identity.audiences == [TokenFixture.issuerURL])
            #expect(identity.user.name == "system:serviceaccount:shop:web")
            #expect(identity.user.uid == "sa-uid")
            #expect(
                identity.user.groups == [
                    "system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated",
                ])
            var extra = identity.user.extra
            let credential = extra.removeValue(forKey: "authentication.kubernetes.io/credential-id")
            #expect(credential?.first?.hasPrefix("JTI=") == true)
            #expect(
                extra == [
                    "authentication.kubernetes.io/pod-name": ["web-1"],
                    "authentication.kubernetes.io/pod-uid": ["pod-uid"],
                    "authentication.kubernetes.io/node-name": ["node-a"],
                    "authentication.kubernetes.io/node-uid": ["node-uid"],
                ])
        }
    }

    struct Loss: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bound: JSONValue
        var key: String
        var object: BoundObject?
        var reason: String
    }

    static let gone = BoundObject(uid: "sa-uid", deletionTime: TokenFixture.now.seconds - 61)
    static let losses: [Loss] = [
        Loss(
            testDescription: "account deleted", bound: .null, key: "ServiceAccount/shop/web", object: nil,
            reason: #"serviceaccounts "web" not found"#),
        Loss(
            testDescription: "account being deleted", bound: .null, key: "ServiceAccount/shop/web", object: gone,
            reason: "service account shop/web has been deleted"),
        Loss(
            testDescription: "account made anew", bound: .null, key: "ServiceAccount/shop/web",
            object: BoundObject(uid: "new"), reason: "service account UID (new) does not match claim (sa-uid)"),
        Loss(
            testDescription: "pod deleted", bound: TokenFixture.pod, key: "Pod/shop/web-1", object: nil,
            reason: "service account token has been invalidated"),
        Loss(
            testDescription: "pod made anew", bound: TokenFixture.pod, key: "Pod/shop/web-1",
            object: BoundObject(uid: "new"),
            reason: "pod UID (new) does not match service account pod ref claim (pod-uid)"),
        Loss(
            testDescription: "pod being deleted", bound: TokenFixture.pod, key: "Pod/shop/web-1",
            object: BoundObject(uid: "pod-uid", deletionTime: TokenFixture.now.seconds - 61),
            reason: "service account token has been invalidated"),
        Loss(
            testDescription: "secret deleted", bound: TokenFixture.secret, key: "Secret/shop/token", object: nil,
            reason: "service account token has been invalidated"),
        Loss(
            testDescription: "node made anew", bound: TokenFixture.node, key: "Node//node-a",
            object: BoundObject(uid: "new"),
            reason: "node UID (new) does not match service account node ref claim (node-uid)"),
    ]

    @Test("a token ends with what it is bound to", arguments: losses)
    func bound(loss: Loss) throws {
        let fixture = try TokenFixture()
        let token = try fixture.token(loss.bound.isNull ? [:] : ["boundObjectRef": loss.bound])
        #expect(try fixture.verifier.verify(token, now: TokenFixture.now) != nil)
        fixture.objects[loss.key] = loss.object
        let failure = #expect(throws: TokenFailure.self) {
            try fixture.verifier.verify(token, now: TokenFixture.now)
        }
        #expect(failure?.description == loss.reason)
    }

    @Test("a pod's token outlives its node, and an object counts for a minute after its deletion began")
    func mild() throws {
        let fixture = try TokenFixture()
        let token = try fixture.token(["boundObjectRef": TokenFixture.pod])
        fixture.objects["Node//node-a"] = nil
        fixture.objects["ServiceAccount/shop/web"]?.deletionTime = TokenFixture.now.seconds - 30
        #expect(try fixture.verifier.verify(token, now: TokenFixture.now) != nil)
    }

    @Test(
        "time decides, with a minute's grace on both sides",
        arguments: [
            (0, nil), (659, nil), (661, "service account token has expired"), (-59, nil),
            (-61, "service account token is not valid yet"),
        ])
    func time(offset: Int, reason: String?) throws {
        let fixture = try TokenFixture()
        let token = try fixture.token(["expirationSeconds": 600])
        let now = TokenFixture.now.advanced(bySeconds: offset)
        guard let reason else {
            #expect(try fixture.verifier.verify(token, now: now) != nil)
            return
        }
        let failure = #expect(throws: TokenFailure.self) { try fixture.verifier.verify(token, now: now) }
        #expect(failure?.description == reason)
    }

    @Test("one of the audiences must be the token's")
    func audiences() throws {
        let fixture = try TokenFixture()
        let token = try fixture.token(["audiences": ["vault", "db"]])
        let now = TokenFixture.now
        #expect(throws: TokenFailure.self) { try fixture.verifier.verify(token, now: now) }
        #expect(try fixture.verifier.verify(token, audiences: ["x", "db"], now: now)?.audiences == ["db"])
        #expect(throws: TokenFailure.self) { try fixture.verifier.verify(token, audiences: ["x"], now: now) }
    }

    @Test("tokens of other issuers are nobody's, those of other keys are refused")
    func foreign() throws {
        let (fixture, other) = (try TokenFixture(), try TokenFixture())
        let stranger = TokenIssuer(issuer: "https://elsewhere", keys: fixture.issuer.keys)
        let strange = try stranger.answer(
            [:], namespace: "shop", serviceAccount: "web", lookup: fixture.lookup, now: TokenFixture.now)
        let text = strange.member(at: "status", "token")?.string ?? ""
        #expect(try fixture.verifier.verify(text, now: TokenFixture.now) == nil)
        let forged = try other.token()
        #expect(throws: TokenFailure.self) { try fixture.verifier.verify(forged, now: TokenFixture.now) }
    }

    @Test("a key that no longer signs still verifies")
    func rotation() throws {
        let old = try TokenFixture()
        let token = try old.token()
        let oldKey = try #require(try old.issuer.keys.webKeySet().member("keys")?.array?.first)
        let keys = try TokenKeys(signing: .generate(.rsa(bits: 2048)), others: [try old.publicKey()])
        let issuer = TokenIssuer(issuer: TokenFixture.issuerURL, keys: keys)
        let verifier = TokenVerifier(issuer: issuer, lookup: old.lookup)
        #expect(try verifier.verify(token, now: TokenFixture.now) != nil)
        #expect(try keys.webKeySet().member("keys")?.array?.contains(oldKey) == true)
    }

    @Test("a token cannot choose how it is verified")
    func algorithms() throws {
        let fixture = try TokenFixture(kind: .rsa(bits: 2048))
        let token = try fixture.token()
        let parts = token.split(separator: ".").map(String.init)
        func encode(_ text: String) -> String {
            Base64.encode(text.utf8).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }
        for header in [
            #"{"alg":"none"}"#, #"{"alg":"HS256"}"#, #"{"alg":"ES256"}"#, #"{"alg":"RS256","crit":["exp"]}"#,
            #"{"alg":"RS384"}"#, #"{}"#,
        ] {
            for signature in [parts[2], ""] {
                let forged = "\(encode(header)).\(parts[1]).\(signature)"
                let identity = try? fixture.verifier.verify(forged, now: TokenFixture.now)
                #expect(identity == nil, "\(header)")
            }
        }
    }

    @Test("no changed token is accepted")
    func fuzz() throws {
        var random = SeededGenerator()
        let fixture = try TokenFixture()
        let token = Array(try fixture.token(["boundObjectRef": TokenFixture.pod]).utf8)
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/{\u{0}é".utf8)
        for _ in 0..<5000 {
            var bytes = token
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
            case 1:
                bytes.insert(
                    letters.randomElement(using: &random) ?? 0, at: .random(in: 0...bytes.count, using: &random))
            case 2: bytes.remove(at: .random(in: 0..<bytes.count, using: &random))
            default:
                bytes[.random(in: 0..<bytes.count, using: &random)] = letters.randomElement(using: &random) ?? 0
            }
            if bytes == token { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            let identity = try? fixture.verifier.verify(text, now: TokenFixture.now)
            #expect(identity == nil, "seed \(random.seed): \(text)")
        }
    }
}

extension TokenFixture {
    /// The signing key's public half, from the published key set.
    func publicKey() throws -> PublicKey {
        let key = try issuer.keys.webKeySet().member("keys")?.array?[0] ?? .null
        let prefix: [UInt8] = [
            0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48,
            0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
        ]
        let (x, y) = (key.member("x")?.string ?? "", key.member("y")?.string ?? "")
        return try PublicKey(der: prefix + tokenPart(x, 0) + tokenPart(y, 0))
    }
}

@Suite("The tokens of old, in Secrets")
struct LegacyTokenTests {
    private static let token = LegacyToken(namespace: "shop", secret: "token", account: "web", accountUID: "sa-uid")

    private func fixture() throws -> (TokenFixture, String) {
        let fixture = try TokenFixture()
        let text = try Self.token.signed(by: fixture.issuer.keys)
        fixture.objects["Secret/shop/token"] = BoundObject(uid: "secret-uid", token: text)
        return (fixture, text)
    }

    @Test("a token that is in its Secret is its ServiceAccount's, for ever")
    func good() throws {
        let (fixture, text) = try fixture()
        let later = Timestamp(seconds: TokenFixture.now.seconds + 10 * 365 * 86400)
        let identity = try #require(try fixture.verifier.verify(text, now: later))
        #expect(identity.user.name == "system:serviceaccount:shop:web" && identity.user.uid == "sa-uid")
        #expect(identity.user.groups.last == "system:authenticated")
        #expect(throws: TokenFailure.self) { try fixture.verifier.verify(text, audiences: ["vault"], now: later) }
    }

    @Test(
        "it ends with its Secret and its account, and when the Secret has another one",
        arguments: [
            ("Secret/shop/token", nil), ("Secret/shop/token", BoundObject(uid: "secret-uid", token: "another")),
            ("Secret/shop/token", BoundObject(uid: "secret-uid")), ("ServiceAccount/shop/web", nil),
            ("ServiceAccount/shop/web", BoundObject(uid: "new-uid")),
        ])
    func lost(key: String, object: BoundObject?) throws {
        let (fixture, text) = try fixture()
        fixture.objects[key] = object
        #expect(throws: TokenFailure.self) { try fixture.verifier.verify(text, now: TokenFixture.now) }
    }

    @Test("a label takes it out of service")
    func invalidated() throws {
        let (fixture, text) = try fixture()
        fixture.objects["Secret/shop/token"] = BoundObject(uid: "secret-uid", token: text, isInvalid: true)
        #expect(throws: TokenFailure.self) { try fixture.verifier.verify(text, now: TokenFixture.now) }
    }

    @Test("another cluster's is none of ours")
    func foreign() throws {
        let (fixture, _) = try fixture()
        let text = try Self.token.signed(by: TokenFixture().issuer.keys)
        fixture.objects["Secret/shop/token"] = BoundObject(uid: "secret-uid", token: text)
        #expect(throws: TokenFailure.self) { try fixture.verifier.verify(text, now: TokenFixture.now) }
    }
}
