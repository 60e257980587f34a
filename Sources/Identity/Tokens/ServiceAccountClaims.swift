internal import JSON

/// What a ServiceAccount's token says besides the registered claims (`kubernetes.io`).
struct ServiceAccountClaims: Hashable {
    struct Reference: Hashable {
        var name: String
        var uid: String

        init(name: String, uid: String) {
            self.name = name
            self.uid = uid
        }

        init?(_ json: JSONValue?) {
            guard let name = json?.member("name")?.string else { return nil }
            self.init(name: name, uid: json?.member("uid")?.string ?? "")
        }

        var json: JSONValue {
            uid.isEmpty ? ["name": .string(name)] : ["name": .string(name), "uid": .string(uid)]
        }
    }

    var namespace: String
    var serviceAccount: Reference
    var pod: Reference?
    var secret: Reference?
    var node: Reference?
    /// Seconds since 1970, after which the use of a token whose life was extended is remarkable.
    var warnAfter: Int?

    init(namespace: String, serviceAccount: Reference) {
        self.namespace = namespace
        self.serviceAccount = serviceAccount
    }

    /// From a token's claims; nil when they are not a ServiceAccount's.
    init?(_ claims: JSONValue) {
        guard let own = claims.member("kubernetes.io"), let namespace = own.member("namespace")?.string,
            let serviceAccount = Reference(own.member("serviceaccount"))
        else { return nil }
        self.init(namespace: namespace, serviceAccount: serviceAccount)
        pod = Reference(own.member("pod"))
        secret = Reference(own.member("secret"))
        node = Reference(own.member("node"))
        warnAfter = own.member("warnafter")?.int
    }

    /// Members in alphabetical order, as upstream writes them.
    var json: JSONValue {
        var object = JSONObject()
        object.append("namespace", .string(namespace))
        if let node { object.append("node", node.json) }
        if let pod { object.append("pod", pod.json) }
        if let secret { object.append("secret", secret.json) }
        object.append("serviceaccount", serviceAccount.json)
        if let warnAfter { object.append("warnafter", .number(JSONNumber(warnAfter))) }
        return .object(object)
    }
}
