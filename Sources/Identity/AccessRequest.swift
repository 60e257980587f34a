internal import JSON
package import KubeAPI

/// What somebody wants to do: the question that authorisation answers.
package struct AccessRequest: Hashable, Sendable {
    package enum Target: Hashable, Sendable {
        case resource
        /// A path outside `/api` and `/apis`: `/healthz`.
        case path(String)
    }

    package let user: User
    /// get, list, watch, create, update, patch, delete, deletecollection or another word; for paths the HTTP method in
    /// lower case.
    package let verb: String
    package let target: Target
    package let apiGroup: String
    package let apiVersion: String
    package let resource: String
    /// Empty for the resource itself.
    package let subresource: String
    /// Empty for objects outside namespaces and for lists of all namespaces.
    package let namespace: String
    /// Empty when the request names no object.
    package let name: String
    /// Requirements `field=value` of a list's or watch's field selector; the Node authorizer lets a kubelet list only
    /// what it selects for itself.
    package let fieldRequirements: [String: String]
    /// `pods`, `pods/status`.
    let combinedResource: String

    package init(
        user: User, verb: String, apiGroup: String, apiVersion: String = "", resource: String, subresource: String = "",
        namespace: String = "", name: String = "", fieldRequirements: [String: String] = [:]
    ) {
        self.user = user
        self.verb = verb
        target = .resource
        self.apiGroup = apiGroup
        self.apiVersion = apiVersion
        self.resource = resource
        self.subresource = subresource
        self.namespace = namespace
        self.name = name
        self.fieldRequirements = fieldRequirements
        combinedResource = subresource.isEmpty ? resource : "\(resource)/\(subresource)"
    }

    package init(user: User, verb: String, path: String) {
        self.user = user
        self.verb = verb
        target = .path(path)
        (apiGroup, apiVersion, resource, subresource, namespace, name) = ("", "", "", "", "", "")
        fieldRequirements = [:]
        combinedResource = ""
    }

    var isReadOnly: Bool { verb == "get" || verb == "list" || verb == "watch" }

    /// Upstream's sentence about a request that was refused.
    package var refusal: String {
        let (user, verb) = (FieldCause.quoted(user.name), verb)
        if case .path(let path) = target { return "User \(user) cannot \(verb) path \(FieldCause.quoted(path))" }
        let what = "resource \(FieldCause.quoted(combinedResource)) in API group \(FieldCause.quoted(apiGroup))"
        let place = namespace.isEmpty ? "at the cluster scope" : "in the namespace \(FieldCause.quoted(namespace))"
        return "User \(user) cannot \(verb) \(what) \(place)"
    }

    /// The 403 that answers it; `reason` is the authorizers' words, and may be empty.
    package func forbidden(_ reason: String) -> APIStatus {
        let why = reason.isEmpty ? refusal : "\(refusal): \(reason)"
        return .forbidden(GroupResource(group: apiGroup, resource: resource), name, why)
    }
}
