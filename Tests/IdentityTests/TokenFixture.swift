import Crypto
import Identity
import JSON
import KubeAPI

/// A cluster with a ServiceAccount, a pod on a node, and a Secret, in the words of `BoundObject.Lookup`.
final class TokenFixture {
    static let now = Timestamp(seconds: 1_790_000_000)
    static let issuerURL = "https://kubernetes.default.svc.cluster.local"

    var objects: [String: BoundObject] = [
        "ServiceAccount/shop/web": BoundObject(uid: "sa-uid"),
        "ServiceAccount/shop/other": BoundObject(uid: "other-uid"),
        "Pod/shop/web-1": BoundObject(uid: "pod-uid", serviceAccountName: "web", nodeName: "node-a"),
        "Secret/shop/token": BoundObject(uid: "secret-uid"),
        "Node//node-a": BoundObject(uid: "node-uid"),
    ]
    let issuer: TokenIssuer
    private(set) var verifier: TokenVerifier

    init(kind: PrivateKey.Kind = .p256) throws {
        issuer = TokenIssuer(issuer: Self.issuerURL, keys: try TokenKeys(signing: .generate(kind)))
        verifier = TokenVerifier(issuer: issuer) { _, _, _ in nil }
        verifier = TokenVerifier(issuer: issuer, lookup: lookup)
    }

    func lookup(_ kind: BoundObject.Kind, _ namespace: String, _ name: String) -> BoundObject? {
        objects["\(kind.rawValue)/\(namespace)/\(name)"]
    }

    func request(_ spec: JSONValue, account: String = "web") throws -> JSONValue {
        try issuer.answer(
            ["kind": "TokenRequest", "spec": spec], namespace: "shop", serviceAccount: account, lookup: lookup,
            now: Self.now)
    }

    func token(_ spec: JSONValue = [:]) throws -> String {
        try request(spec).member(at: "status", "token")?.string ?? ""
    }

    static let pod: JSONValue = ["kind": "Pod", "apiVersion": "v1", "name": "web-1", "uid": "pod-uid"]
    static let secret: JSONValue = ["kind": "Secret", "apiVersion": "v1", "name": "token"]
    static let node: JSONValue = ["kind": "Node", "apiVersion": "v1", "name": "node-a"]
}

/// A part of a token, from base64 for URLs.
func tokenPart(_ token: String, _ index: Int) -> [UInt8] {
    let parts = token.split(separator: ".")
    var text = String(parts[index]).replacing("-", with: "+").replacing("_", with: "/")
    while !text.utf8.count.isMultiple(of: 4) { text += "=" }
    return Base64.decode(text) ?? []
}

extension JSONValue {
    static func parsed(_ bytes: [UInt8]) -> JSONValue { (try? JSONValue.parse(bytes)) ?? .null }
}
