/// What a request is about, worked out from its method and path alone, by the API's conventions: whom to authorise, and
/// whom to route it to.
package struct RequestInfo: Hashable, Sendable {
    /// Of a resource: get, list, watch, create, update, patch, delete, deletecollection. Of any other path: the method in
    /// lower case.
    package var verb: String
    package var path: String
    package var isResource = false
    /// `api` or `apis`.
    package var prefix = ""
    package var group = ""
    package var version = ""
    /// Empty for the whole cluster. Of a Namespace object, its own name.
    package var namespace = ""
    package var resource = ""
    package var subresource = ""
    package var name = ""
    /// What comes after the subresource, as in `pods/x/proxy/some/path`.
    package var rest: [String] = []

    /// Subresources of namespaces, which would else be taken for resources in them.
    private static let namespaceSubresources: Set<String> = ["status", "finalize"]

    /// The path is decoded and without the query, of which only `watch` and `fieldSelector` matter.
    package init(method: String, path: String, query: Query) {
        self.path = path
        verb = method.lowercased()
        var text = path
        var parts = text.withUTF8 { bytes in
            bytes.split(separator: UInt8(ascii: "/")).map {
                String(decoding: UnsafeBufferPointer(rebasing: $0), as: UTF8.self)
            }
        }
        guard let first = parts.first, first == "api" || first == "apis" else { return }
        let groupParts = first == "api" ? 2 : 3
        // A version and at least a resource.
        guard parts.count > groupParts else { return }
        prefix = first
        if first == "apis" { group = parts[1] }
        version = parts[groupParts - 1]
        parts.removeFirst(groupParts)
        isResource = true

        var isLegacyWatch = false
        if parts.first == "watch", parts.count > 1 {
            isLegacyWatch = true
            parts.removeFirst()
        }
        if parts.first == "namespaces", parts.count > 1 {
            namespace = parts[1]
            // /namespaces/x/pods is about pods; /namespaces/x and /namespaces/x/status are about x.
            if parts.count > 2, !Self.namespaceSubresources.contains(parts[2]) { parts.removeFirst(2) }
        }
        resource = parts[0]
        if parts.count > 1 { name = parts[1] }
        if parts.count > 2 { subresource = parts[2] }
        if parts.count > 3 { rest = Array(parts[3...]) }

        switch method {
        case "POST": verb = "create"
        case "GET", "HEAD": verb = "get"
        case "PUT": verb = "update"
        case "PATCH": verb = "patch"
        case "DELETE": verb = "delete"
        default: verb = ""
        }
        if isLegacyWatch { verb = "watch" }
        if name.isEmpty {
            if verb == "get" { verb = query.flag("watch") ? "watch" : "list" }
            if verb == "delete" { verb = "deletecollection" }
        }
        // A list of one name is about that name: this is how a watch of one object is authorised.
        if name.isEmpty, verb == "list" || verb == "watch" || verb == "deletecollection",
            let selector = query["fieldSelector"], let single = Self.singleName(selector)
        {
            name = single
        }
    }

    /// The name of `metadata.name=x` when the selector has exactly one such term.
    static func singleName(_ selector: String) -> String? {
        for term in selector.split(separator: ",") {
            for prefix in ["metadata.name==", "metadata.name="] where term.hasPrefix(prefix) {
                let name = String(term.dropFirst(prefix.count))
                return name.isEmpty || name.contains("/") ? nil : name
            }
        }
        return nil
    }
}
