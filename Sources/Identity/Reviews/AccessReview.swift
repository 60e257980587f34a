package import JSON
package import KubeAPI

/// The reviews of authorization.k8s.io: an object with a question comes in, the same object with the answer goes out.
package struct AccessReview {
    package enum Kind: String, Hashable, Sendable {
        /// About anybody.
        case subject = "SubjectAccessReview"
        /// About anybody, in the request's namespace.
        case local = "LocalSubjectAccessReview"
        /// About whoever asks.
        case own = "SelfSubjectAccessReview"
    }

    private let kind: Kind
    private let decide: (AccessRequest) -> Decision

    package init(_ kind: Kind, decide: @escaping (AccessRequest) -> Decision) {
        self.kind = kind
        self.decide = decide
    }

    /// - Parameters:
    ///   - review: the object of the request.
    ///   - namespace: the request's, for `.local`.
    ///   - user: who asks.
    /// - Returns: the review with its status.
    /// - Throws: Invalid with the causes.
    package func answer(_ review: JSONValue, namespace: String = "", user: User) throws(APIStatus) -> JSONValue {
        let spec = review.member("spec") ?? .null
        let causes = problems(spec, review, namespace)
        if !causes.isEmpty {
            throw .invalid(GroupKind(group: "authorization.k8s.io", kind: kind.rawValue), "", causes)
        }
        let subject = kind == .own ? user : User(reviewSpec: spec)
        let decision = decide(Self.request(spec, subject))
        var status = JSONObject()
        status.append("allowed", .bool(decision.isAllowed))
        if decision.verdict == .deny { status.append("denied", true) }
        let reason = decision.reason
        if !reason.isEmpty { status.append("reason", .string(reason)) }
        var answer = review
        answer.setMember("status", .object(status))
        return answer
    }

    private func problems(_ spec: JSONValue, _ review: JSONValue, _ namespace: String) -> [FieldCause] {
        var causes: [FieldCause] = []
        let resource = Self.present(spec.member("resourceAttributes"))
        let path = Self.present(spec.member("nonResourceAttributes"))
        switch (resource, path) {
        case (nil, nil):
            causes.append(
                .invalid(
                    "spec.resourceAttributes", .null,
                    "exactly one of nonResourceAttributes or resourceAttributes must be specified"))
        case (_?, let path?):
            causes.append(
                .invalid(
                    "spec.nonResourceAttributes", path, "cannot be specified in combination with resourceAttributes"))
        default: break
        }
        if kind != .own {
            let hasSubject =
                spec.member("user")?.string?.isEmpty == false || spec.member("groups")?.array?.isEmpty == false
            if !hasSubject {
                causes.append(.invalid("spec.user", "", "at least one of user or group must be specified"))
            }
        }
        if kind == .local {
            if let path {
                causes.append(.invalid("spec.nonResourceAttributes", path, "disallowed on this kind of request"))
            }
            let asked = resource?.member("namespace")?.string ?? ""
            if resource != nil && asked != namespace {
                causes.append(
                    .invalid("spec.resourceAttributes.namespace", .string(asked), "must match metadata.namespace"))
            }
        }
        return causes
    }

    private static func present(_ value: JSONValue?) -> JSONValue? { value?.isNull == true ? nil : value }

    private static func request(_ spec: JSONValue, _ user: User) -> AccessRequest {
        func text(_ attributes: JSONValue, _ key: String) -> String { attributes.member(key)?.string ?? "" }
        guard let resource = present(spec.member("resourceAttributes")) else {
            let path = spec.member("nonResourceAttributes") ?? .null
            return AccessRequest(user: user, verb: text(path, "verb"), path: text(path, "path"))
        }
        var fields: [String: String] = [:]
        for requirement in resource.member(at: "fieldSelector", "requirements")?.array ?? [] {
            let values = requirement.member("values")?.array?.compactMap(\.string) ?? []
            if requirement.member("operator")?.string == "In", values.count == 1 {
                fields[text(requirement, "key")] = values[0]
            }
        }
        return AccessRequest(
            user: user, verb: text(resource, "verb"), apiGroup: text(resource, "group"),
            apiVersion: text(resource, "version"), resource: text(resource, "resource"),
            subresource: text(resource, "subresource"), namespace: text(resource, "namespace"),
            name: text(resource, "name"), fieldRequirements: fields)
    }
}
