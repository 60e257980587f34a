package import JSON

/// How objects of one kind are shown as rows: kubectl asks for `application/json;as=Table`.
package struct ResourceTable: Sendable {
    /// What a row carries of its object besides the cells (`includeObject` of the request).
    package enum Included: String, Sendable {
        case none = "None"
        case metadata = "Metadata"
        case object = "Object"
    }

    package let columns: [TableColumn]
    private let makeCells: @Sendable (JSONValue, Timestamp) -> [JSONValue]
    private let makeConditions: (@Sendable (JSONValue) -> JSONValue?)?

    init(
        _ columns: [TableColumn], conditions: (@Sendable (JSONValue) -> JSONValue?)? = nil,
        _ cells: @escaping @Sendable (JSONValue, Timestamp) -> [JSONValue]
    ) {
        self.columns = columns
        makeConditions = conditions
        makeCells = cells
    }

    /// Of a built-in kind; those that upstream has no columns for show name and time of creation.
    package static func of(_ kind: GroupKind) -> ResourceTable { builtin[kind] ?? plain }

    /// One value for each column. `now` is what ages are counted to.
    package func cells(_ object: JSONValue, now: Timestamp) -> [JSONValue] { makeCells(object, now) }

    /// One row of the table.
    package func row(_ object: JSONValue, including: Included, now: Timestamp) -> JSONValue {
        var row = JSONObject()
        row.append("cells", .array(cells(object, now: now)))
        if let conditions = makeConditions?(object) { row.append("conditions", conditions) }
        switch including {
        case .none: row.append("object", .null)
        case .metadata: row.append("object", PartialMetadata.of(object))
        case .object: row.append("object", object)
        }
        return .object(row)
    }

    /// A `meta.k8s.io/v1` Table of objects, in their order. `metadata` is the list's (resourceVersion, continue); for a
    /// single object, and for an event of a watch, it has the object's resourceVersion. Only the first event of a watch
    /// describes the columns.
    package func table(
        _ objects: [JSONValue], metadata: JSONValue, including: Included, now: Timestamp, describesColumns: Bool = true
    ) -> JSONValue {
        [
            "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
            "columnDefinitions": describesColumns ? .array(columns.map(\.json)) : .null,
            "rows": .array(objects.map { row($0, including: including, now: now) }),
        ]
    }

    private static let plain = ResourceTable([
        TableColumn(name: "Name", format: "name", description: "The name, unique for its kind within a namespace."),
        TableColumn(name: "Created At", type: "date", description: "When the object was created."),
    ]) { object, _ in
        [object.cell("metadata", "name"), object.cell("metadata", "creationTimestamp")]
    }
}

/// Objects reduced to their metadata, for clients that want no more (`as=PartialObjectMetadata`).
package enum PartialMetadata {
    package static func of(_ object: JSONValue) -> JSONValue {
        [
            "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
            "metadata": object.member("metadata") ?? [:],
        ]
    }

    /// `metadata` is the list's own.
    package static func list(_ objects: [JSONValue], metadata: JSONValue) -> JSONValue {
        [
            "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
            "items": .array(objects.map(of)),
        ]
    }
}
