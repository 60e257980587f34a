package import JSON

/// A request to the API server.
package struct APIRequest: Hashable, Sendable {
    package var method: String
    /// Encoded, from `/` on: `ResourcePath.path`.
    package var path: String
    package var query: [Parameter]
    package var body: Body?
    /// The form that the answer shall have.
    package var accept = "application/json"
    /// How long an answer may take.
    package var timeout: Duration = .seconds(30)
    /// How large it may be, in bytes.
    package var limit = 64 << 20

    package struct Parameter: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package struct Body: Hashable, Sendable {
        package var type: String
        package var bytes: [UInt8]
    }

    package init(_ method: String = "GET", _ path: String, query: [Parameter] = [], body: Body? = nil) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
    }

    /// What a patch is (Kubernetes: "Update API Objects in Place Using kubectl patch").
    package enum PatchKind: String, Sendable {
        case json = "application/json-patch+json"
        case merge = "application/merge-patch+json"
        case strategicMerge = "application/strategic-merge-patch+json"
        case apply = "application/apply-patch+yaml"
    }

    /// The path with its parameters.
    var target: String {
        if query.isEmpty { return path }
        return path + "?"
            + query.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
            .joined(separator: "&")
    }
}

extension APIRequest {
    package static func get(_ resource: ResourcePath, _ name: String, subresource: String? = nil) -> APIRequest {
        APIRequest("GET", resource.path(name, subresource: subresource))
    }

    package static func create(_ resource: ResourcePath, _ object: JSONValue) -> APIRequest {
        APIRequest("POST", resource.path(), body: json(object))
    }

    /// Replaces the whole object; its resourceVersion, if it has one, must be the present one.
    package static func update(
        _ resource: ResourcePath, _ name: String, subresource: String? = nil, _ object: JSONValue
    ) -> APIRequest {
        APIRequest("PUT", resource.path(name, subresource: subresource), body: json(object))
    }

    package static func patch(
        _ resource: ResourcePath, _ name: String, subresource: String? = nil, _ kind: PatchKind, _ patch: JSONValue
    ) -> APIRequest {
        APIRequest(
            "PATCH", resource.path(name, subresource: subresource),
            body: Body(type: kind.rawValue, bytes: Array(patch.serialized().utf8)))
    }

    package static func delete(_ resource: ResourcePath, _ name: String) -> APIRequest {
        APIRequest("DELETE", resource.path(name))
    }

    private static func json(_ object: JSONValue) -> Body {
        Body(type: "application/json", bytes: Array(object.serialized().utf8))
    }
}
