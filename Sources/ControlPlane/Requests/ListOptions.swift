package import KubeAPI

/// The parameters of a list or a watch, as they were written.
package struct ListOptions: Hashable, Sendable {
    package var labelSelector = ""
    package var fieldSelector = ""
    package var resourceVersion = ""
    package var match = ""
    /// 0 for no limit.
    package var limit = 0
    package var continuation = ""
    package var allowsBookmarks = false
    package var sendsInitialEvents: Bool?
    package var timeoutSeconds: Int?

    static let kind = GroupKind(group: "meta.k8s.io", kind: "ListOptions")

    package init() {}

    package init(_ query: Query) throws(APIStatus) {
        labelSelector = query["labelSelector"] ?? ""
        fieldSelector = query["fieldSelector"] ?? ""
        resourceVersion = query["resourceVersion"] ?? ""
        match = query["resourceVersionMatch"] ?? ""
        continuation = query["continue"] ?? ""
        allowsBookmarks = query.flag("allowWatchBookmarks")
        if query["sendInitialEvents"] != nil { sendsInitialEvents = query.flag("sendInitialEvents") }
        // As upstream's: fewer than none is no limit either.
        limit = max(0, try Self.number("limit", query) ?? 0)
        timeoutSeconds = try Self.number("timeoutSeconds", query)
    }

    private static func number(_ name: String, _ query: Query) throws(APIStatus) -> Int? {
        guard let text = query[name] else { return nil }
        guard let number = Int(text) else {
            throw .badRequest("strconv.ParseInt: parsing \"\(text)\": invalid syntax")
        }
        return number
    }
}
