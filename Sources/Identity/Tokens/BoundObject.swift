package import JSON
internal import KubeAPI

/// What a token's validity hangs on: a ServiceAccount, Pod, Secret or Node as it is now.
package struct BoundObject: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case serviceAccount = "ServiceAccount"
        case pod = "Pod"
        case secret = "Secret"
        case node = "Node"
    }

    package var uid: String
    /// Seconds since 1970; nil when it is not being deleted.
    package var deletionTime: Int?
    /// Of a pod.
    package var serviceAccountName: String
    package var nodeName: String

    package init(uid: String, deletionTime: Int? = nil, serviceAccountName: String = "", nodeName: String = "") {
        self.uid = uid
        self.deletionTime = deletionTime
        self.serviceAccountName = serviceAccountName
        self.nodeName = nodeName
    }

    package init(json: JSONValue) {
        self.init(
            uid: json.member(at: "metadata", "uid")?.string ?? "",
            deletionTime: json.member(at: "metadata", "deletionTimestamp")?.string.flatMap { Timestamp($0)?.seconds },
            serviceAccountName: json.member(at: "spec", "serviceAccountName")?.string ?? "",
            nodeName: json.member(at: "spec", "nodeName")?.string ?? "")
    }

    /// Finds one; the namespace of a Node is empty. Nil when there is none.
    package typealias Lookup = (_ kind: Kind, _ namespace: String, _ name: String) -> BoundObject?
}
