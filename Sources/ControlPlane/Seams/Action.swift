package import Identity
package import JSON
package import KubeAPI

/// What a POST to `…/name/subresource` does when it is not the update of a part: binding, eviction, token.
package protocol Action: AnyObject {
    /// Answers once, now or later, on the loop.
    func run(_ call: ActionCall)
}

package final class ActionCall {
    package let user: User
    /// The resource whose subresource it is.
    package let type: ResourceType
    package let subresource: String
    package let namespace: String
    package let name: String
    /// Decoded, defaulted and checked.
    package let body: JSONValue
    package let isDryRun: Bool
    package let cluster: any Cluster
    private let answer: (Result<Answer, APIStatus>) -> Void

    package enum Answer {
        case object(JSONValue, code: Int)
        case status(APIStatus)
    }

    package init(
        user: User, type: ResourceType, subresource: String, namespace: String, name: String, body: JSONValue,
        isDryRun: Bool, cluster: any Cluster, answer: @escaping (Result<Answer, APIStatus>) -> Void
    ) {
        self.user = user
        self.type = type
        self.subresource = subresource
        self.namespace = namespace
        self.name = name
        self.body = body
        self.isDryRun = isDryRun
        self.cluster = cluster
        self.answer = answer
    }

    package func succeed(_ object: JSONValue, code: Int = 201) { answer(.success(.object(object, code: code))) }
    /// With a Status object that says success.
    package func succeed(_ status: APIStatus) { answer(.success(.status(status))) }
    package func fail(_ status: APIStatus) { answer(.failure(status)) }
}
