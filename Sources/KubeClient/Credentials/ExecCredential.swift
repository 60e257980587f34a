internal import Glibc
internal import HTTP
internal import JSON
internal import KubeAPI

/// The object that an exec plugin is given in KUBERNETES_EXEC_INFO, and the one that it prints.
struct ExecCredential: Hashable, Sendable {
    var token: String?
    var certificate: String?
    var key: String?
    /// How long it holds; nil for as long as the server takes it.
    var lifetime: Duration?

    /// Reads what a plugin has printed. `now` in seconds since 1970.
    init(_ bytes: [UInt8], _ version: ExecPlugin.Version, now: Int = time(nil)) throws(CredentialFailure) {
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONValue.parse(bytes)
        } catch {
            throw CredentialFailure(reason: "the exec plugin's output is no JSON: \(error)")
        }
        guard document["kind"]?.string == "ExecCredential" else {
            throw CredentialFailure(reason: "the exec plugin has printed no ExecCredential")
        }
        guard document["apiVersion"]?.string == version.rawValue else {
            let said = document["apiVersion"]?.string ?? "nothing"
            throw CredentialFailure(reason: "the exec plugin speaks \(said), not \(version.rawValue)")
        }
        guard let status = document["status"]?.object else {
            throw CredentialFailure(reason: "the exec plugin's ExecCredential has no status")
        }
        token = status["token"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        certificate = status["clientCertificateData"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        key = status["clientKeyData"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        if token == nil && certificate == nil {
            throw CredentialFailure(reason: "the exec plugin gave neither a token nor a certificate")
        }
        if (certificate == nil) != (key == nil) {
            throw CredentialFailure(reason: "the exec plugin gave a certificate without its key, or the reverse")
        }
        if let token, !token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
            throw CredentialFailure(reason: "the exec plugin's token has characters that no token has")
        }
        if let text = status["expirationTimestamp"]?.string {
            guard let end = Timestamp(text)?.seconds else {
                throw CredentialFailure(reason: "the exec plugin's expirationTimestamp is no time: \(text)")
            }
            lifetime = .seconds(max(0, end - now))
        }
    }

    /// KUBERNETES_EXEC_INFO.
    static func question(_ plugin: ExecPlugin, _ cluster: ClusterAccess) -> String {
        var spec = JSONObject([("interactive", .bool(false))])
        if plugin.providesClusterInfo {
            var info = JSONObject([("server", .string(cluster.server))])
            if let name = cluster.route.serverName { info["tls-server-name"] = .string(name) }
            if !cluster.route.verifiesServer { info["insecure-skip-tls-verify"] = .bool(true) }
            if let authority = cluster.authorityText { info["certificate-authority-data"] = .base64(authority) }
            if let proxy = cluster.route.proxy { info["proxy-url"] = .string(proxy) }
            spec["cluster"] = .object(info)
        }
        let object: JSONValue = [
            "kind": "ExecCredential", "apiVersion": .string(plugin.version.rawValue), "spec": .object(spec),
        ]
        return object.serialized()
    }
}
