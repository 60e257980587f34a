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
    /// Of a Secret: the token in it.
    package var token: String
    /// Of a Secret: its token has been taken out of service.
    package var isInvalid: Bool

    package init(
        uid: String, deletionTime: Int? = nil, serviceAccountName: String = "", nodeName: String = "",
        token: String = "", isInvalid: Bool = false
    ) {
        self.uid = uid
        self.deletionTime = deletionTime
        self.serviceAccountName = serviceAccountName
        self.nodeName = nodeName
        self.token = token
        self.isInvalid = isInvalid
    }

    /// Finds one; the namespace of a Node is empty. Nil when there is none.
    package typealias Lookup = (_ kind: Kind, _ namespace: String, _ name: String) -> BoundObject?
}
