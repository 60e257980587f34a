internal import JSON
internal import KubeAPI

/// Objects as a table, which is what `kubectl get` prints.
enum TableRendering {
    /// A Table of `meta.k8s.io`. `metadata` is that of the list that the rows are of; `includeObject` is the request's
    /// parameter, what each row carries besides its cells; `withColumns` is false for all but the first event of a watch.
    static func table(
        _ objects: [JSONValue], columns: ResourceTable, version: String, metadata: JSONValue, includeObject: String,
        now: Double, withColumns: Bool
    ) -> JSONValue {
        let included = ResourceTable.Included(rawValue: includeObject) ?? .metadata
        let now = Timestamp(seconds: Int(now))
        return [
            "kind": "Table", "apiVersion": .string("meta.k8s.io/\(version)"), "metadata": metadata,
            "columnDefinitions": withColumns ? .array(columns.columns.map(\.json)) : nil,
            "rows": .array(objects.map { columns.row($0, including: included, now: now) }),
        ]
    }
}
