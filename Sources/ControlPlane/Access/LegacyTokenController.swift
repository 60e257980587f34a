internal import Crypto
internal import Identity
internal import JSON
internal import KubeAPI

/// Fills in Secrets of type `kubernetes.io/service-account-token`, and deletes them with their accounts
/// (https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets).
final class LegacyTokenController: Controller {
    let name = "serviceaccount-token"
    private let keys: TokenKeys
    /// In PEM.
    private let authority: String
    private var cluster: (any Cluster)?
    /// Paths of Secrets.
    private var queue: WorkQueue<String>?

    init(keys: TokenKeys, authority: String) {
        self.keys = keys
        self.authority = authority
    }

    func start(_ cluster: any Cluster) {
        self.cluster = cluster
        queue = WorkQueue(cluster) { [weak self] secret, finish in self?.sync(secret, finish) }
        add(in: "")
    }

    func stop() {
        queue?.stop()
        queue = nil
        cluster = nil
    }

    func observe(_ change: ObjectChange) {
        if change.storage == .secrets, change.kind != .deleted {
            if Self.isToken(change.object) { queue?.add(change.object.path) }
        } else if change.storage == .serviceAccounts, change.kind == .deleted {
            // A new account of the name is another one.
            add(in: "\(change.object.namespace)/")
        }
    }

    private func add(in prefix: String) {
        cluster?.cache[.secrets].forEach(prefix: prefix) { secret in
            if Self.isToken(secret) { queue?.add(secret.path) }
            return true
        }
    }

    private static func isToken(_ secret: CachedObject) -> Bool {
        secret.decoded?.text("type") == LegacyToken.secretType
    }

    private func sync(_ path: String, _ finish: @escaping (WorkQueue<String>.Outcome) -> Void) {
        guard let cluster, let type = cluster.type(of: .secrets),
            let secret = cluster.cache.object(.secrets, path)?.decoded, secret.text("type") == LegacyToken.secretType,
            secret.at("metadata", "deletionTimestamp") == nil
        else { return finish(.done) }
        let (namespace, name) = (secret.text("metadata", "namespace"), secret.text("metadata", "name"))
        let end = { (result: Result<JSONValue, APIStatus>) in
            if case .failure(let status) = result, ![403, 404, 409].contains(status.code) { return finish(.retry) }
            finish(.done)
        }
        let accountName = secret.text("metadata", "annotations", LegacyToken.nameAnnotation)
        let account = cluster.object(.serviceAccounts, namespace: namespace, name: accountName)
        let uid = secret.text("metadata", "annotations", LegacyToken.uidAnnotation)
        let accountUID = account?.text("metadata", "uid") ?? ""
        guard account != nil, uid.isEmpty || uid == accountUID else {
            var options = DeleteOptions(uid: secret.text("metadata", "uid"))
            options.resourceVersion = secret.text("metadata", "resourceVersion")
            return cluster.perform(.delete(type, namespace: namespace, name: name, options), end)
        }
        let token = LegacyToken(namespace: namespace, secret: name, account: accountName, accountUID: accountUID)
        guard let wanted = missing(in: secret, token) else { return finish(.done) }
        let change = { (secret: inout JSONValue) throws(APIStatus) -> Bool in
            guard secret.text("metadata", "annotations", LegacyToken.nameAnnotation) == accountName else {
                return false
            }
            secret.set(.string(accountUID), at: "metadata", "annotations", LegacyToken.uidAnnotation)
            for (key, value) in wanted { secret.set(.base64(value.utf8), at: "data", key) }
            return true
        }
        cluster.perform(.modify(type, namespace: namespace, name: name, change), end)
    }

    /// What is not in the Secret as it should be; nil when nothing is missing. A token that is there stays: somebody
    /// uses it.
    private func missing(in secret: JSONValue, _ token: LegacyToken) -> [(String, String)]? {
        func present(_ key: String) -> String {
            secret.at("data", key)?.base64Bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        var wanted: [(String, String)] = []
        if present("ca.crt") != authority { wanted.append(("ca.crt", authority)) }
        if present("namespace") != token.namespace { wanted.append(("namespace", token.namespace)) }
        if present("token").isEmpty {
            guard let text = try? token.signed(by: keys) else { return nil }
            wanted.append(("token", text))
        }
        let isNamed = secret.text("metadata", "annotations", LegacyToken.uidAnnotation) == token.accountUID
        return wanted.isEmpty && isNamed ? nil : wanted
    }
}
