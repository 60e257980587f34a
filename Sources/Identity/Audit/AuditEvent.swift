package import JSON
package import KubeAPI

/// One request, as the audit log keeps it: who did what to which object, and how it ended; never what was in it
/// (audit.k8s.io/v1, level Metadata, stage ResponseComplete).
package struct AuditEvent: Hashable, Sendable {
    package struct Object: Hashable, Sendable {
        package var resource: String
        package var subresource = ""
        package var namespace = ""
        package var name = ""
        package var uid = ""
        package var apiGroup = ""
        package var apiVersion = ""
        package var resourceVersion = ""

        package init(resource: String) { self.resource = resource }
    }

    /// A UUID, which the response's header Audit-ID names too.
    package var id: String
    package var requestURI: String
    package var verb: String
    package var user: User
    /// Whom the user acted as.
    package var impersonatedUser: User?
    /// The client's address, proxies' before it.
    package var sourceAddresses: [String] = []
    package var userAgent = ""
    /// Nil for paths outside the API.
    package var object: Object?
    /// The HTTP status; for a watch that of its beginning.
    package var code = 200
    /// The Status of a request that failed.
    package var failure: APIStatus?
    package var received: Timestamp
    package var completed: Timestamp
    /// `authorization.k8s.io/decision` and others.
    package var annotations: [(key: String, value: String)] = []

    package init(id: String, requestURI: String, verb: String, user: User, received: Timestamp, completed: Timestamp) {
        self.id = id
        self.requestURI = requestURI
        self.verb = verb
        self.user = user
        self.received = received
        self.completed = completed
    }

    package static func == (a: Self, b: Self) -> Bool { a.json == b.json }
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }

    /// Adds the annotations about authorisation.
    package mutating func annotate(_ decision: Decision) {
        annotations.append(("authorization.k8s.io/decision", decision.isAllowed ? "allow" : "forbid"))
        annotations.append(("authorization.k8s.io/reason", decision.reason))
    }

    package var json: JSONValue {
        var event = JSONObject()
        event.append("kind", "Event")
        event.append("apiVersion", "audit.k8s.io/v1")
        event.append("level", "Metadata")
        event.append("auditID", .string(id))
        event.append("stage", "ResponseComplete")
        event.append("requestURI", .string(requestURI))
        event.append("verb", .string(verb))
        event.append("user", user.userInfo)
        if let impersonatedUser { event.append("impersonatedUser", impersonatedUser.userInfo) }
        if !sourceAddresses.isEmpty { event.append("sourceIPs", .array(sourceAddresses.map { .string($0) })) }
        if !userAgent.isEmpty { event.append("userAgent", .string(userAgent)) }
        if let object { event.append("objectRef", object.json) }
        event.append("responseStatus", status)
        event.append("requestReceivedTimestamp", .string(received.microTime))
        event.append("stageTimestamp", .string(completed.microTime))
        if !annotations.isEmpty {
            event.append(
                "annotations",
                .object(JSONObject(uncheckedMembers: annotations.map { .init(key: $0.key, value: .string($0.value)) })))
        }
        return .object(event)
    }

    /// The event on a line of its own, with the line's end.
    package var line: [UInt8] {
        var text = json.serialized()
        text.append("\n")
        return Array(text.utf8)
    }

    private var status: JSONValue {
        var status = JSONObject()
        status.append("metadata", [:])
        if let failure {
            status.append("status", "Failure")
            if !failure.message.isEmpty { status.append("message", .string(failure.message)) }
            if !failure.reason.isEmpty { status.append("reason", .string(failure.reason)) }
        }
        status.append("code", .number(JSONNumber(code)))
        return .object(status)
    }
}

extension AuditEvent.Object {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        for (key, value) in [
            ("resource", resource), ("namespace", namespace), ("name", name), ("uid", uid), ("apiGroup", apiGroup),
            ("apiVersion", apiVersion), ("resourceVersion", resourceVersion), ("subresource", subresource),
        ] where !value.isEmpty {
            object.append(key, .string(value))
        }
        return .object(object)
    }
}
