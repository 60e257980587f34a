internal import JSON
internal import KubeAPI
internal import Store

/// Changes an object: replaces it, patches it, or a part of it.
final class ModifyRun: WriteRun {
    /// Makes the new object from the one that is there; called once an attempt. nil leaves it as it is.
    typealias Change = (_ old: JSONValue, _ revision: Revision) throws(APIStatus) -> JSONValue?

    private let name: String
    private let change: Change
    /// The body to make the object from when there is none; nil answers 404 then.
    private let creation: (() throws(APIStatus) -> JSONValue)?

    init(
        _ server: APIServer, _ context: WriteContext, name: String,
        creation: (() throws(APIStatus) -> JSONValue)? = nil,
        _ change: @escaping Change, _ done: @escaping (Result<WriteOutcome, APIStatus>) -> Void
    ) {
        self.name = name
        self.change = change
        self.creation = creation
        super.init(server, context, done)
    }

    override func attempt() throws(APIStatus) {
        let path = StoragePrefix.path(namespace: context.namespace, name: name)
        let key = storage.key(path)
        guard claim(key) else { return }
        let (current, old): (CachedObject, JSONValue)
        switch find(path) {
        case .object(let found, let value): (current, old) = (found, value)
        case .later: return
        case .nothing:
            guard let creation else { throw .notFound(context.type.groupResource, name) }
            let body = try creation()
            try checkNewUID(body)
            CreateRun(server, context, body) { result in
                switch result {
                case .success(let outcome): self.finish(outcome)
                case .failure(let status): self.fail(status)
                }
            }.start()
            return
        }
        guard var object = try change(old, current.revision) else {
            return finish(WriteOutcome(object: current))
        }
        try checkPreconditions(object, current, old)
        ObjectMetadata.carry(&object, from: old)
        object = try part(old, object)
        let operation = WriteOperation(
            .update, user: context.user, type: context.type, subresource: context.subresource,
            namespace: context.namespace, name: name, isDryRun: context.isDryRun, cluster: server, object: object,
            old: old)
        // What the client changes is his; what admission and the kind's own rules add belongs to nobody.
        server.fieldOwnership.record(operation, context)
        try strategy.prepareForUpdate(operation)
        countGeneration(operation, old)
        try server.admission.admit(operation)
        try check(operation)
        if context.subresource.isEmpty {
            operation.warnings += Warnings.updating(operation.object, from: old, context.type)
        }
        try write(operation, current, key)
    }

    private func write(_ operation: WriteOperation, _ current: CachedObject, _ key: String) throws(APIStatus) {
        let object = operation.object
        let isDeleting = object.at("metadata", "deletionTimestamp") != nil
        if isDeleting, object.list("metadata", "finalizers").isEmpty, strategy.isFinalized(object),
            object.integer("metadata", "deletionGracePeriodSeconds") == 0
        {
            // The last finalizer has gone, and with it the object.
            commit(operation, .delete(key, expected: current.revision)) { object in
                WriteOutcome(object: object, isDeleted: true, warnings: operation.warnings)
            }
            return
        }
        if operation.companions.isEmpty, operation.old?.isEquivalent(to: object) == true {
            operation.end(.refused)
            return finishUnchanged(WriteOutcome(object: current, warnings: operation.warnings))
        }
        let bytes = ObjectMetadata.stored(object)
        let write = ObjectWrite.update(key, bytes, expected: current.revision, ttl: strategy.timeToLive)
        commit(operation, write) { object in WriteOutcome(object: object, warnings: operation.warnings) }
    }

    /// Who names a certain object does not want another one made in its place.
    private func checkNewUID(_ body: JSONValue) throws(APIStatus) {
        let uid = body.text("metadata", "uid")
        if uid.isEmpty { return }
        throw .conflict(
            context.type.groupResource, name,
            context.isApply
                ? "uid mismatch: the provided object specified uid \(uid), and no existing object was found"
                : "Precondition failed: UID in precondition: \(uid), UID in object meta: ")
    }

    private func checkPreconditions(_ object: JSONValue, _ current: CachedObject, _ old: JSONValue) throws(APIStatus) {
        let resource = context.type.groupResource
        let uid = object.text("metadata", "uid")
        let oldUID = old.text("metadata", "uid")
        if !uid.isEmpty, uid != oldUID {
            throw .conflict(
                resource, name,
                "Precondition failed: UID in precondition: \(uid), UID in object meta: \(oldUID)")
        }
        let version = object.text("metadata", "resourceVersion")
        if version.isEmpty {
            if !strategy.allowsUnconditionalUpdate {
                throw .invalid(
                    context.type.groupKind, name,
                    [
                        .invalid(
                            "metadata.resourceVersion", 0, "must be specified for an update")
                    ])
            }
        } else if version != "\(current.revision)" {
            throw .modified(resource, name)
        }
    }

    /// Of the new object only what may be written through this path.
    private func part(_ old: JSONValue, _ new: JSONValue) throws(APIStatus) -> JSONValue {
        switch context.subresource {
        case "", "scale":
            guard context.type.subresource("status") != nil else { return new }
            var new = new
            new.set(old.at("status"), at: "status")
            return new
        case "status": return StatusPart.merge(old, new, context.type)
        case let name:
            guard let merged = strategy.part(name, of: old, from: new) else { throw .noSuchPath }
            return merged
        }
    }

    private func countGeneration(_ operation: WriteOperation, _ old: JSONValue) {
        guard context.subresource != "status", strategy.countsGenerations,
            server.strategies.hasGeneration(context.type)
        else { return }
        let isChanged = !Self.withoutMetadata(operation.object).isEquivalent(to: Self.withoutMetadata(old))
        if isChanged {
            operation.object.set(
                .number(JSONNumber(old.integer("metadata", "generation") + 1)), at: "metadata", "generation")
        }
    }

    private static func withoutMetadata(_ object: JSONValue) -> JSONValue {
        var object = object
        object.set(nil, at: "metadata")
        object.set(nil, at: "status")
        return object
    }
}

/// A write through `status`: the status is the new one, all else stays, but for the metadata that clients of the
/// built-in kinds write with it (flannel's annotations on nodes).
enum StatusPart {
    static func merge(_ old: JSONValue, _ new: JSONValue, _ type: ResourceType) -> JSONValue {
        var merged = metadata(type.isCustom ? ["managedFields"] : written, of: new, in: old)
        merged.set(new.at("status"), at: "status")
        return merged
    }

    static let written = ["managedFields", "labels", "annotations", "finalizers"]

    /// The old object with the metadata of the new one that may be written beside a part of it.
    static func metadata(_ members: [String] = written, of new: JSONValue, in old: JSONValue) -> JSONValue {
        var merged = old
        for key in members { merged.set(new.at("metadata", key), at: "metadata", key) }
        return merged
    }
}
