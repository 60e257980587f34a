/// Upstream's errors (apimachinery's api/errors), with its codes, reasons and words.
extension APIStatus {
    /// What a successful deletion answers with when there is no object to return.
    package static func success(details: Details? = nil) -> APIStatus {
        APIStatus(code: 200, reason: "", message: "", details: details)
    }

    package static func notFound(_ resource: GroupResource, _ name: String) -> APIStatus {
        APIStatus(
            code: 404, reason: "NotFound", message: "\(resource) \(FieldCause.quoted(name)) not found",
            details: Details(resource, name))
    }

    /// For a path that leads nowhere.
    package static var noSuchPath: APIStatus {
        APIStatus(
            code: 404, reason: "NotFound", message: "the server could not find the requested resource",
            details: Details())
    }

    package static func alreadyExists(_ resource: GroupResource, _ name: String) -> APIStatus {
        APIStatus(
            code: 409, reason: "AlreadyExists", message: "\(resource) \(FieldCause.quoted(name)) already exists",
            details: Details(resource, name))
    }

    /// After all attempts at a `generateName` met existing names.
    package static func generateNameConflict(_ resource: GroupResource, _ name: String) -> APIStatus {
        let sentence = "already exists, the server was not able to generate a unique name for the object"
        var details = Details(resource, name)
        details.retryAfterSeconds = 1
        return APIStatus(
            code: 409, reason: "AlreadyExists", message: "\(resource) \(FieldCause.quoted(name)) \(sentence)",
            details: details)
    }

    package static func conflict(_ resource: GroupResource, _ name: String, _ why: String) -> APIStatus {
        APIStatus(
            code: 409, reason: "Conflict",
            message: "Operation cannot be fulfilled on \(resource) \(FieldCause.quoted(name)): \(why)",
            details: Details(resource, name))
    }

    /// A write that names a resourceVersion that is no longer the object's.
    package static func modified(_ resource: GroupResource, _ name: String) -> APIStatus {
        conflict(
            resource, name,
            "the object has been modified; please apply your changes to the latest version and try again")
    }

    package static func invalid(_ kind: GroupKind, _ name: String, _ causes: [FieldCause]) -> APIStatus {
        var message = "\(kind) \(FieldCause.quoted(name)) is invalid"
        if !causes.isEmpty { message += ": \(aggregate(causes))" }
        return APIStatus(
            code: 422, reason: "Invalid", message: message,
            details: Details(name: name, group: kind.group, kind: kind.kind, causes: causes.map(Cause.init)))
    }

    /// Several errors as one line: each once, in brackets when there are more than one.
    static func aggregate(_ causes: [FieldCause]) -> String {
        var seen: Set<String> = []
        let texts = causes.map(\.description).filter { seen.insert($0).inserted }
        return texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
    }

    package static func badRequest(_ message: String) -> APIStatus {
        APIStatus(code: 400, reason: "BadRequest", message: message)
    }

    package static func unauthorized(_ message: String = "Unauthorized") -> APIStatus {
        APIStatus(code: 401, reason: "Unauthorized", message: message)
    }

    package static func forbidden(_ resource: GroupResource, _ name: String, _ why: String) -> APIStatus {
        let message =
            if resource.resource.isEmpty {
                "forbidden: \(why)"
            } else if name.isEmpty {
                "\(resource) is forbidden: \(why)"
            } else {
                "\(resource) \(FieldCause.quoted(name)) is forbidden: \(why)"
            }
        return APIStatus(code: 403, reason: "Forbidden", message: message, details: Details(resource, name))
    }

    /// The action is the verb: "create", "patch".
    package static func methodNotSupported(_ resource: GroupResource, _ action: String) -> APIStatus {
        APIStatus(
            code: 405, reason: "MethodNotAllowed",
            message: "\(action) is not supported on resources of kind \(FieldCause.quoted(resource.description))",
            details: Details(group: resource.group, kind: resource.resource))
    }

    package static func notAcceptable(_ accepted: [String]) -> APIStatus {
        APIStatus(
            code: 406, reason: "NotAcceptable",
            message: "only the following media types are accepted: \(accepted.joined(separator: ", "))")
    }

    package static func unsupportedMediaType(_ accepted: [String]) -> APIStatus {
        let list = accepted.joined(separator: ", ")
        return APIStatus(
            code: 415, reason: "UnsupportedMediaType",
            message: "the body of the request was in an unknown format - accepted media types include: \(list)")
    }

    /// For a revision that was compacted, and a `continue` token that is too old.
    package static func expired(_ message: String) -> APIStatus {
        APIStatus(code: 410, reason: "Expired", message: message)
    }

    package static func gone(_ message: String) -> APIStatus { APIStatus(code: 410, reason: "Gone", message: message) }

    package static func requestEntityTooLarge(_ what: String) -> APIStatus {
        APIStatus(code: 413, reason: "RequestEntityTooLarge", message: "Request entity too large: \(what)")
    }

    package static func tooManyRequests(_ message: String, retryAfterSeconds: Int) -> APIStatus {
        APIStatus(
            code: 429, reason: "TooManyRequests", message: message,
            details: Details(retryAfterSeconds: retryAfterSeconds))
    }

    package static func internalError(_ why: String) -> APIStatus {
        APIStatus(
            code: 500, reason: "InternalError", message: "Internal error occurred: \(why)",
            details: Details(causes: [Cause(message: why)]))
    }

    package static func serviceUnavailable(_ message: String) -> APIStatus {
        APIStatus(code: 503, reason: "ServiceUnavailable", message: message)
    }

    package static func timeout(_ message: String, retryAfterSeconds: Int) -> APIStatus {
        APIStatus(
            code: 504, reason: "Timeout", message: "Timeout: \(message)",
            details: Details(retryAfterSeconds: retryAfterSeconds))
    }

    /// A read at a revision that the server has not seen yet.
    package static func tooLargeResourceVersion(_ asked: UInt64, current: UInt64) -> APIStatus {
        var status = timeout("Too large resource version: \(asked), current: \(current)", retryAfterSeconds: 1)
        status.details?.causes = [
            Cause(reason: "ResourceVersionTooLarge", message: "Too large resource version")
        ]
        return status
    }
}

extension APIStatus.Details {
    fileprivate init(_ resource: GroupResource, _ name: String) {
        self.init(name: name, group: resource.group, kind: resource.resource)
    }
}
