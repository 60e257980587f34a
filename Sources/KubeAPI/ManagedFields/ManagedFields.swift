package import JSON

/// Who owns which fields of an object: its `metadata.managedFields`.
package struct ManagedFields: Sendable {
    /// What makes an entry one of its own. A manager's applies are one entry whatever version they came in, its updates
    /// one for each version.
    package struct Manager: Hashable, Sendable {
        package var name: String
        /// `Apply`; else `Update`.
        package var isApply: Bool
        /// Empty for applies.
        var apiVersion: String
        package var subresource: String
    }

    package struct Entry: Hashable, Sendable {
        package var fields: FieldSet
        package var apiVersion: String
        /// RFC 3339; nil where none was written.
        package var time: String?
    }

    package var entries: [Manager: Entry] = [:]

    package init() {}

    package var isEmpty: Bool { entries.isEmpty }

    /// Reads `metadata.managedFields`; nil when it is not valid. An empty list, and one of a single empty entry, is a
    /// client's way to ask for a fresh start, and gives no entries.
    package init?(json: JSONValue?) {
        guard let json, !json.isNull else { return }
        guard let list = json.array else { return nil }
        if list.count == 1, list[0].object?.isEmpty ?? false { return }
        for item in list {
            guard let operation = item.member("operation")?.string, operation == "Apply" || operation == "Update",
                item.member("fieldsType")?.string ?? "FieldsV1" == "FieldsV1"
            else { return nil }
            var fields = FieldSet()
            if let json = item.member("fieldsV1"), !json.isNull {
                guard let set = FieldSet(json: json) else { return nil }
                fields = set
            }
            let apiVersion = item.member("apiVersion")?.string ?? ""
            let manager = Manager(
                name: item.member("manager")?.string ?? "", isApply: operation == "Apply",
                apiVersion: operation == "Apply" ? "" : apiVersion,
                subresource: item.member("subresource")?.string ?? "")
            entries[manager] = Entry(fields: fields, apiVersion: apiVersion, time: item.member("time")?.string)
        }
    }

    /// Whether a client asks that all ownership be forgotten.
    static func isReset(_ json: JSONValue?) -> Bool {
        guard let list = json?.array else { return false }
        return list.isEmpty || (list.count == 1 && list[0].object?.isEmpty ?? false)
    }

    /// The list as it is stored: applies first, then by time and name; nil when there is no entry.
    package var json: JSONValue? {
        if entries.isEmpty { return nil }
        let sorted = entries.sorted { a, b in
            if a.key.isApply != b.key.isApply { return a.key.isApply }
            let (left, right) = (a.value.time ?? "", b.value.time ?? "")
            if left != right { return left < right }
            if a.key.name != b.key.name { return a.key.name < b.key.name }
            if a.value.apiVersion != b.value.apiVersion { return a.value.apiVersion < b.value.apiVersion }
            return a.key.subresource < b.key.subresource
        }
        return .array(sorted.map { Self.json($0.key, $0.value) })
    }

    private static func json(_ manager: Manager, _ entry: Entry) -> JSONValue {
        var members: [JSONObject.Member] = []
        members.reserveCapacity(7)
        func add(_ key: String, _ value: JSONValue) { members.append(.init(key: key, value: value)) }
        if !manager.name.isEmpty { add("manager", .string(manager.name)) }
        add("operation", .string(manager.isApply ? "Apply" : "Update"))
        add("apiVersion", .string(entry.apiVersion))
        if let time = entry.time { add("time", .string(time)) }
        add("fieldsType", "FieldsV1")
        add("fieldsV1", entry.fields.json)
        if !manager.subresource.isEmpty { add("subresource", .string(manager.subresource)) }
        return .object(JSONObject(uncheckedMembers: members))
    }

    /// The same owners of the same fields, whenever that was written down.
    func isEqualExceptTimes(_ other: ManagedFields) -> Bool {
        entries.count == other.entries.count
            && entries.allSatisfy { manager, entry in
                other.entries[manager].map { $0.fields == entry.fields && $0.apiVersion == entry.apiVersion } ?? false
            }
    }

    /// Keeps the entries of updates from growing without end: the oldest become one, `ancient-changes`, for each
    /// version.
    mutating func capUpdates(at most: Int = 10) {
        if entries.count <= most { return }
        let updates = entries.filter { !$0.key.isApply }.sorted {
            let (a, b) = ($0.value.time ?? "", $1.value.time ?? "")
            return a == b ? $0.key.name < $1.key.name : a < b
        }
        var count = updates.count
        var first: [String: Manager] = [:]
        var ancient: [Manager: [FieldSet]] = [:]
        for (manager, entry) in updates where count > most {
            let version = entry.apiVersion
            guard let oldest = first[version] else {
                first[version] = manager
                continue
            }
            let bucket = Manager(name: "ancient-changes", isApply: false, apiVersion: version, subresource: "")
            if bucket != oldest, entries[bucket] == nil { entries[bucket] = entries.removeValue(forKey: oldest) }
            if bucket == manager { continue }
            ancient[bucket, default: []].append(entry.fields)
            entries[bucket]?.time = entry.time
            entries[manager] = nil
            count -= 1
        }
        for (bucket, sets) in ancient {
            guard let fields = entries[bucket]?.fields else { continue }
            entries[bucket]?.fields = FieldSet.union(of: [fields] + sets)
        }
    }
}

extension ManagedFields.Manager: CustomStringConvertible {
    /// As the messages of conflicts name a manager.
    package var description: String {
        var text = FieldCause.quoted(name)
        if !subresource.isEmpty { text += " with subresource \(FieldCause.quoted(subresource))" }
        if !isApply { text += " using \(apiVersion)" }
        return text
    }
}
