package import JSON

/// Server-side apply, and the record of owners that every other change keeps for it (Kubernetes concept "Server-Side
/// Apply"). One value serves one kind and subresource.
package struct FieldManager: Sendable {
    let kind: GroupVersionKind
    let schema: Schema
    let subresource: String
    /// Fields that this path of the API does not write, so that nobody owns them through it: `status` of the object
    /// itself, `spec` of its status.
    let ignored: FieldSet

    /// `ignoring` has the paths of fields that the request cannot change: by default `status`, and for the subresource
    /// `status` everything of `spec`.
    package init(
        kind: GroupVersionKind, schema: Schema, subresource: String = "", ignoring: [String]? = nil
    ) {
        self.kind = kind
        self.schema = schema
        self.subresource = subresource
        ignored = FieldSet(paths: ignoring ?? (subresource == "status" ? ["spec"] : ["status"]))
    }

    /// Of a resource: `status` is written through the object itself where it has no subresource of that name.
    package init(type: ResourceType, schema: Schema, subresource: String = "") {
        let hasStatus = type.subresources.contains { $0.name == "status" }
        self.init(kind: type.gvk, schema: schema, subresource: subresource, ignoring: hasStatus ? nil : [])
    }

    /// The name of a manager who gave none: the program in its user agent, `kubectl/v1.32.0 (linux)` → `kubectl`.
    package static func defaultName(userAgent: String) -> String {
        let name = userAgent.utf8.prefix { $0 != UInt8(ascii: "/") }
        if !name.isEmpty, name.count <= 128, name.allSatisfy({ (0x20..<0x7F).contains($0) }) {
            return String(decoding: name, as: UTF8.self)
        }
        var result = ""
        for scalar in String(decoding: name, as: UTF8.self).unicodeScalars
        where scalar.value >= 0x20 && scalar.value != 0x7F && result.utf8.count + UTF8.width(scalar) <= 128 {
            result.unicodeScalars.append(scalar)
        }
        return result.isEmpty ? "unknown" : result
    }

    /// Records what a create, update or patch has changed. Returns the new object with its `managedFields`.
    ///
    /// `live` is nil for an object that is created; `new` is what will be stored, with defaults; `time` is now (RFC
    /// 3339, whole seconds). An update never conflicts: it takes what it changes.
    package func update(live: JSONValue?, new: JSONValue, manager: String, time: String) -> JSONValue {
        let sent = new.member("metadata")?.member("managedFields")
        let old = live?.member("metadata")?.member("managedFields")
        var managed = ManagedFields()
        if ManagedFields.isReset(sent) {
            // A client asks for a fresh start; it begins with what this very change changes.
        } else if let sent = ManagedFields(json: sent), !sent.isEmpty {
            managed = sent
        } else if let old = ManagedFields(json: old) {
            managed = old
        }
        let before = live ?? zeroObject
        var after = recordUpdate(managed, before, new, manager, subresource, time)
        after.capUpdates()
        return finished(new, after, live)
    }

    /// Merges what a manager wants into an object, takes away what it wanted before and no longer does, and records it.
    /// Returns the object with its `managedFields`, still to be defaulted and validated. Conflicts with other managers
    /// are refused with 409 and a cause for each, unless `force`.
    ///
    /// `live` is nil when there is no object yet.
    package func apply(
        _ configuration: JSONValue, to live: JSONValue?, manager: String, force: Bool, time: String
    ) throws(APIStatus) -> JSONValue {
        let sentVersion = configuration.member("apiVersion")?.string ?? ""
        guard sentVersion == kind.apiVersion else {
            throw .badRequest(
                "Incorrect version specified in apply patch. Specified patch version: \(sentVersion), expected:"
                    + " \(kind.apiVersion)")
        }
        if let sent = configuration.member("metadata")?.member("managedFields"), !sent.isNull {
            throw .badRequest("metadata.managedFields must be nil")
        }
        let type = FieldType(schema)
        if let problem = ConfigurationCheck.problem(in: configuration, type) {
            throw APIStatus(
                code: 500, reason: "",
                message: "failed to create typed patch object (\(name(of: configuration))): \(problem)")
        }
        let base = live ?? zeroObject
        var managed = ManagedFields(json: base.member("metadata")?.member("managedFields")) ?? ManagedFields()
        if managed.isEmpty, live != nil {
            managed = recordUpdate(managed, zeroObject, base, "before-first-apply", subresource, time)
        }
        let own = ManagedFields.Manager(name: manager, isApply: true, apiVersion: "", subresource: subresource)
        let last = managed.entries[own]?.fields ?? FieldSet()
        let wanted = TypedValue.fields(of: configuration, type).subtractingTrees(ignored)
        managed.entries[own] = .init(fields: wanted, apiVersion: kind.apiVersion, time: managed.entries[own]?.time)
        let before = withoutManagedFields(base)
        var after = TypedValue.merged(before, configuration, type)
        after = pruned(after, managed, last, wanted, type)
        try take(&managed, TypedValue.compare(before, after, type).without(ignored), own, force: force)
        strip(&managed, own)
        let isChanged = live == nil || managed.entries[own]?.fields != last || !after.isEquivalent(to: before)
        if isChanged { managed.entries[own]?.time = time }
        managed.capUpdates()
        return finished(after, managed, live)
    }

    private func recordUpdate(
        _ managed: ManagedFields, _ live: JSONValue, _ new: JSONValue, _ manager: String, _ subresource: String,
        _ time: String
    ) -> ManagedFields {
        var managed = managed
        let name = manager.isEmpty ? "unknown" : manager
        let own = ManagedFields.Manager(
            name: name, isApply: false, apiVersion: kind.apiVersion, subresource: subresource)
        let change = TypedValue.compare(Self.ownable(live), Self.ownable(new), FieldType(schema)).without(ignored)
        if change.isEmpty { return managed }
        // The manager's own entry loses fields like any other's, and gets those of this change back.
        for (other, entry) in managed.entries {
            let fields = entry.fields.subtracting(change.modified).subtracting(change.added)
                .subtracting(change.removed)
            managed.entries[other] =
                fields.isEmpty ? nil : .init(fields: fields, apiVersion: entry.apiVersion, time: entry.time)
        }
        let taken = change.modified.union(change.added)
        guard !taken.isEmpty else { return managed }
        let previous = managed.entries[own]?.fields ?? FieldSet()
        managed.entries[own] = .init(fields: previous.union(taken), apiVersion: kind.apiVersion, time: time)
        return managed
    }

    /// Takes fields that an apply changes from the managers that own them, which is a conflict without `force`.
    private func take(
        _ managed: inout ManagedFields, _ change: TypedValue.Comparison, _ own: ManagedFields.Manager, force: Bool
    ) throws(APIStatus) {
        let changed = change.modified.union(change.added)
        var conflicts: [ApplyConflict] = []
        for (other, entry) in managed.entries where other != own {
            let conflict = entry.fields.intersection(changed)
            if !conflict.isEmpty { conflicts.append(.init(manager: other, paths: conflict.paths)) }
            let fields = entry.fields.subtracting(conflict).subtracting(change.removed)
            managed.entries[other] =
                fields.isEmpty ? nil : .init(fields: fields, apiVersion: entry.apiVersion, time: entry.time)
        }
        if !force, !conflicts.isEmpty { throw ApplyConflict.status(conflicts) }
    }

    /// Without what the manager owned, no longer wants, and nobody else owns.
    private func pruned(
        _ merged: JSONValue, _ managed: ManagedFields, _ last: FieldSet, _ wanted: FieldSet, _ type: FieldType
    ) -> JSONValue {
        if last.subtracting(wanted).isEmpty { return merged }
        let all = TypedValue.fields(of: merged, type).withNamedFields(type)
        let lastNamed = last.withNamedFields(type)
        let owned = FieldSet.union(of: managed.entries.values.map(\.fields))
        func without(_ fields: FieldSet) -> JSONValue {
            TypedValue.removing(fields, keeping: owned, from: merged, type) ?? .object(JSONObject())
        }
        func left(after removed: FieldSet) -> FieldSet {
            TypedValue.fields(of: without(removed), type).withNamedFields(type)
        }
        // What others own comes back, and so does what is below it and was nobody's.
        let unowned = all.subtracting(left(after: lastNamed).union(owned.withNamedFields(type)))
        return without(all.subtracting(left(after: unowned)).intersection(lastNamed))
    }

    private func strip(_ managed: inout ManagedFields, _ own: ManagedFields.Manager) {
        guard var entry = managed.entries[own] else { return }
        entry.fields = entry.fields.subtracting(Self.stripped)
        managed.entries[own] = entry.fields.isEmpty ? nil : entry
    }

    /// Puts the list into the object. Where nothing but times would change, the old times stay, so that a request that
    /// changes nothing writes nothing.
    private func finished(_ object: JSONValue, _ managed: ManagedFields, _ live: JSONValue?) -> JSONValue {
        var json = managed.json
        if let live, let old = live.member("metadata")?.member("managedFields"),
            let before = ManagedFields(json: old), before.isEqualExceptTimes(managed),
            withoutManagedFields(live).isEquivalent(to: withoutManagedFields(object))
        {
            json = old
        }
        var object = object
        var metadata = object.member("metadata") ?? .object(JSONObject())
        metadata.setMember("managedFields", json)
        object.setMember("metadata", metadata)
        return object
    }

    private func withoutManagedFields(_ object: JSONValue) -> JSONValue {
        guard var metadata = object.member("metadata"), metadata.member("managedFields") != nil else { return object }
        var object = object
        metadata.setMember("managedFields", nil)
        object.setMember("metadata", metadata)
        return object
    }

    /// What an object is before it is created.
    private var zeroObject: JSONValue { ["kind": .string(kind.kind), "apiVersion": .string(kind.apiVersion)] }

    private func name(of object: JSONValue) -> String {
        let metadata = object.member("metadata")
        let namespace = metadata?.member("namespace")?.string ?? ""
        return
            "\(namespace)/\(metadata?.member("name")?.string ?? ""); \(kind.group)/\(kind.version), Kind=\(kind.kind)"
    }

    // What the server itself writes; nobody owns it.
    private static let serverFields = ["apiVersion", "kind"]
    private static let serverMetadata = [
        "name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields",
        "resourceVersion",
    ]
    private static let stripped = FieldSet(
        paths: serverFields + ["metadata"] + serverMetadata.map { "metadata." + $0 })

    /// The object without what the server writes.
    private static func ownable(_ object: JSONValue) -> JSONValue {
        guard case .object(let whole) = object else { return object }
        var members = whole.members.filter { !serverFields.contains($0.key) }
        if let place = members.lastIndex(where: { $0.key == "metadata" }),
            case .object(let metadata) = members[place].value
        {
            let ownable = metadata.members.filter { !serverMetadata.contains($0.key) }
            members[place].value = .object(JSONObject(uncheckedMembers: ownable))
        }
        return .object(JSONObject(uncheckedMembers: members))
    }
}
