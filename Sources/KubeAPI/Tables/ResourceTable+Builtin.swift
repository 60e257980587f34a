internal import JSON

extension ResourceTable {
    static let builtin: [GroupKind: ResourceTable] = {
        var tables: [GroupKind: ResourceTable] = [:]
        for group in [core, workloads, network, access, storage, extensions] {
            for (kind, table) in group { tables[GroupKind(group: kind.0, kind: kind.1)] = table }
        }
        return tables
    }()

    typealias Group = [((String, String), ResourceTable)]

    /// A table whose columns stand in a text (`TableColumn.parse`).
    init(_ columns: String, _ cells: @escaping @Sendable (JSONValue, Timestamp) -> [JSONValue]) {
        self.init(TableColumn.parse(columns), cells)
    }
}
