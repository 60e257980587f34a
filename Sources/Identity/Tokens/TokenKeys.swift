package import Crypto
package import JSON

/// The keys of ServiceAccount tokens: one that signs, and all that verify, so that keys can be exchanged without a token
/// becoming invalid.
package struct TokenKeys: Sendable {
    let signing: PrivateKey
    let signingID: String
    let verifying: [(id: String, key: PublicKey)]

    /// `others` are keys of earlier times.
    package init(signing: PrivateKey, others: [PublicKey] = []) throws(CryptoError) {
        self.signing = signing
        let own = try signing.publicKey()
        signingID = Self.id(of: own)
        var verifying = [(id: signingID, key: own)]
        for other in others where other.der != own.der { verifying.append((Self.id(of: other), other)) }
        self.verifying = verifying
    }

    /// As upstream names keys: SHA-256 of the key's SubjectPublicKeyInfo.
    static func id(of key: PublicKey) -> String { Base64URL.encode(Digest.sha256(key.der)) }

    /// Those that may have signed a token: the one that it names, or all when it names none.
    func candidates(_ id: String) -> [PublicKey] { verifying.filter { id.isEmpty || $0.id == id }.map(\.key) }

    /// The set as JSON web keys (RFC 7517), served at `/openid/v1/jwks`.
    package func webKeySet() throws(CryptoError) -> JSONValue {
        var keys: [JSONValue] = []
        for (id, key) in verifying {
            var members: [(String, JSONValue)] = [("use", "sig")]
            switch try key.parameters() {
            case .rsa(let modulus, let exponent):
                members += [
                    ("kty", "RSA"), ("kid", .string(id)), ("alg", "RS256"), ("n", .string(Base64URL.encode(modulus))),
                    ("e", .string(Base64URL.encode(exponent))),
                ]
            case .p256(let x, let y):
                members += [
                    ("kty", "EC"), ("kid", .string(id)), ("crv", "P-256"), ("alg", "ES256"),
                    ("x", .string(Base64URL.encode(x))), ("y", .string(Base64URL.encode(y))),
                ]
            }
            keys.append(.object(JSONObject(members)))
        }
        return ["keys": .array(keys)]
    }

    /// The discovery document (OpenID Connect Discovery 1.0, section 3), served at `/.well-known/openid-configuration`.
    package func discoveryDocument(issuer: String, keySetURL: String) -> JSONValue {
        let algorithms = Set(verifying.map(\.key.algorithm.rawValue)).sorted()
        return [
            "issuer": .string(issuer), "jwks_uri": .string(keySetURL), "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": .array(algorithms.map { .string($0) }),
        ]
    }
}
