import Crypto
import Foundation
import Identity
import JSON
import KubeAPI
import Linux
import TestSupport
import Testing

@Suite("TokenRequests")
struct TokenIssuerTests {
    @Test("claims and header are those that upstream writes")
    func claims() throws {
        let fixture = try TokenFixture()
        let answer = try fixture.request([
            "audiences": ["api", "vault"], "expirationSeconds": 1200, "boundObjectRef": TokenFixture.pod,
        ])
        let token = answer.member(at: "status", "token")?.string ?? ""
        let claims = JSONValue.parsed(tokenPart(token, 1))
        #expect(
            claims.object?.keys == ["aud", "exp", "iat", "iss", "jti", "kubernetes.io", "nbf", "sub"], "\(claims)")
        #expect(claims.member("aud") == ["api", "vault"])
        #expect(claims.member("iss")?.string == TokenFixture.issuerURL)
        #expect(claims.member("sub")?.string == "system:serviceaccount:shop:web")
        #expect(claims.member("iat")?.int == TokenFixture.now.seconds)
        #expect(claims.member("nbf")?.int == TokenFixture.now.seconds)
        #expect(claims.member("exp")?.int == TokenFixture.now.seconds + 1200)
        #expect(claims.member("jti")?.string?.utf8.count == 36)
        #expect(
            claims.member("kubernetes.io") == [
                "namespace": "shop", "node": ["name": "node-a", "uid": "node-uid"],
                "pod": ["name": "web-1", "uid": "pod-uid"], "serviceaccount": ["name": "web", "uid": "sa-uid"],
            ])
        let header = JSONValue.parsed(tokenPart(token, 0))
        #expect(header.member("alg")?.string == "ES256")
        #expect(header.member("kid") == (try fixture.issuer.keys.webKeySet()).member("keys")?.array?[0].member("kid"))

        #expect(answer.member("apiVersion")?.string == "authentication.k8s.io/v1")
        #expect(answer.member(at: "metadata", "namespace")?.string == "shop")
        #expect(
            answer.member(at: "status", "expirationTimestamp")?.string
                == TokenFixture.now.advanced(bySeconds: 1200).time)
    }

    @Test("without a word in the request a token is for the server and lasts an hour")
    func defaults() throws {
        let fixture = try TokenFixture()
        let answer = try fixture.request([:])
        #expect(answer.member(at: "spec", "expirationSeconds")?.int == 3600)
        #expect(answer.member(at: "spec", "audiences") == [.string(TokenFixture.issuerURL)])
        let claims = JSONValue.parsed(tokenPart(try fixture.token(), 1))
        #expect(claims.member("exp")?.int == TokenFixture.now.seconds + 3600)
        #expect(claims.member("kubernetes.io")?.object?.keys == ["namespace", "serviceaccount"])
    }

    @Test("a kubelet's hourly token lasts a year, with a mark after the hour")
    func extended() throws {
        let fixture = try TokenFixture()
        let answer = try fixture.request(["expirationSeconds": 3607, "boundObjectRef": TokenFixture.pod])
        let claims = JSONValue.parsed(tokenPart(answer.member(at: "status", "token")?.string ?? "", 1))
        #expect(claims.member("exp")?.int == TokenFixture.now.seconds + 365 * 86400)
        #expect(claims.member(at: "kubernetes.io", "warnafter")?.int == TokenFixture.now.seconds + 3607)
        #expect(
            answer.member(at: "status", "expirationTimestamp")?.string
                == TokenFixture.now.advanced(bySeconds: 3607).time)
        for spec: JSONValue in [
            ["expirationSeconds": 3607], ["expirationSeconds": 3600, "boundObjectRef": TokenFixture.pod],
            ["expirationSeconds": 3607, "boundObjectRef": TokenFixture.pod, "audiences": ["vault"]],
        ] {
            let claims = JSONValue.parsed(tokenPart(try fixture.token(spec), 1))
            #expect(claims.member(at: "kubernetes.io", "warnafter") == nil)
        }
    }

    static let refusals: [(JSONValue, String, Int, String)] = [
        (
            ["expirationSeconds": 599], "web", 422,
            #"TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 599: "#
                + "may not specify a duration less than 10 minutes"
        ),
        (
            ["expirationSeconds": 4_294_967_297], "web", 422,
            #"TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 4294967297: "#
                + "may not specify a duration larger than 2^32 seconds"
        ),
        ([:], "gone", 404, #"serviceaccounts "gone" not found"#),
        (
            ["boundObjectRef": ["kind": "Pod", "apiVersion": "v1", "name": "gone"]], "web", 404,
            #"pods "gone" not found"#
        ),
        (
            ["boundObjectRef": ["kind": "Pod", "apiVersion": "v1", "name": "web-1", "uid": "old"]], "web", 409,
            #"Operation cannot be fulfilled on Pod "web-1": the UID in the bound object reference (old) does not "#
                + "match the UID in record. The object might have been deleted and then recreated"
        ),
        (
            ["boundObjectRef": TokenFixture.pod], "other", 400,
            #"cannot bind token for serviceaccount "other" to pod running with serviceaccount "web""#
        ),
        (
            ["boundObjectRef": ["kind": "ConfigMap", "apiVersion": "v1", "name": "x"]], "web", 400,
            "cannot bind token to object of type /v1, Kind=ConfigMap"
        ),
        (
            ["boundObjectRef": ["kind": "Pod", "apiVersion": "apps/v1", "name": "x"]], "web", 400,
            "cannot bind token to object of type apps/v1, Kind=Pod"
        ),
    ]

    @Test("requests that cannot be answered get upstream's Status", arguments: refusals)
    func refused(spec: JSONValue, account: String, code: Int, message: String) throws {
        let fixture = try TokenFixture()
        let status = #expect(throws: APIStatus.self) { try fixture.request(spec, account: account) }
        #expect(status?.code == code)
        #expect(status?.message == message)
    }

    @Test("openssl verifies the signature, by the key that the key set publishes", arguments: ["RS256", "ES256"])
    func signature(algorithm: String) throws {
        let fixture = try TokenFixture(kind: algorithm == "ES256" ? .p256 : .rsa(bits: 2048))
        let token = try fixture.token()
        let directory = try TemporaryDirectory()
        let signed = token.split(separator: ".").prefix(2).joined(separator: ".")
        try Files.replace(directory.file("text"), signed.utf8)
        var signature = tokenPart(token, 2)
        if algorithm == "ES256" { signature = Self.der(signature) }
        try Files.replace(directory.file("signature"), signature)
        let keySet = try fixture.issuer.keys.webKeySet().member("keys")?.array?[0] ?? .null
        #expect(keySet.member("alg")?.string == algorithm && keySet.member("use")?.string == "sig")
        try Files.replace(directory.file("key.pem"), try Self.pem(keySet).utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = [
            "dgst", "-sha256", "-verify", directory.file("key.pem"), "-signature", directory.file("signature"),
            directory.file("text"),
        ]
        process.standardOutput = FileHandle.nullDevice
        try process.start()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    /// r and s of 32 bytes each as the SEQUENCE of two INTEGERs that openssl reads.
    private static func der(_ raw: [UInt8]) -> [UInt8] {
        func integer(_ bytes: some Sequence<UInt8>) -> [UInt8] {
            var bytes = Array(bytes.drop { $0 == 0 })
            if bytes.first.map({ $0 >= 0x80 }) ?? true { bytes.insert(0, at: 0) }
            return [2, UInt8(bytes.count)] + bytes
        }
        let body = integer(raw[..<32]) + integer(raw[32...])
        return [0x30, UInt8(body.count)] + body
    }

    /// A key of a key set as SubjectPublicKeyInfo, put together by hand.
    private static func pem(_ key: JSONValue) throws -> String {
        func number(_ name: String) -> [UInt8] { tokenPart(key.member(name)?.string ?? "", 0) }
        func wrap(_ tag: UInt8, _ body: [UInt8]) -> [UInt8] {
            switch body.count {
            case ..<128: [tag, UInt8(body.count)] + body
            case ..<256: [tag, 0x81, UInt8(body.count)] + body
            default: [tag, 0x82, UInt8(body.count >> 8), UInt8(body.count & 255)] + body
            }
        }
        if key.member("kty")?.string == "EC" {
            let algorithm: [UInt8] = [
                0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE,
                0x3D, 0x03, 0x01, 0x07,
            ]
            return PEM.encode("PUBLIC KEY", wrap(0x30, algorithm + wrap(3, [0, 4] + number("x") + number("y"))))
        }
        let algorithm: [UInt8] = [
            0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
        ]
        let numbers = wrap(0x30, wrap(2, [0] + number("n")) + wrap(2, number("e")))
        return PEM.encode("PUBLIC KEY", wrap(0x30, algorithm + wrap(3, [0] + numbers)))
    }

    @Test("the discovery document names issuer, key set and algorithms")
    func discovery() throws {
        let keys = try TokenKeys(
            signing: .generate(.rsa(bits: 2048)), others: [PrivateKey.generate(.p256).publicKey()])
        let document = keys.discoveryDocument(issuer: "https://i", keySetURL: "https://i/openid/v1/jwks")
        #expect(
            document.serialized()
                == #"{"issuer":"https://i","jwks_uri":"https://i/openid/v1/jwks","response_types_supported":["id_token"],"#
                + #""subject_types_supported":["public"],"id_token_signing_alg_values_supported":["ES256","RS256"]}"#)
        #expect(try keys.webKeySet().member("keys")?.array?.count == 2)
    }
}
