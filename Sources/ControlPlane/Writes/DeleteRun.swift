internal import JSON
internal import KubeAPI
internal import Store

/// Deletes an object, or marks it as being deleted while a grace period, finalizers or dependents hold it.
final class DeleteRun: WriteRun {
    private let name: String
    private let options: DeleteOptions

    init(
        _ server: APIServer, _ context: WriteContext, name: String, _ options: DeleteOptions,
        _ done: @escaping (Result<WriteOutcome, APIStatus>) -> Void
    ) {
        self.name = name
        self.options = options
        super.init(server, context, done)
    }

    override func attempt() throws(APIStatus) {
        let path = StoragePrefix.path(namespace: context.namespace, name: name)
        let key = storage.key(path)
        guard claim(key) else { return }
        let (current, old): (CachedObject, JSONValue)
        switch find(path) {
        case .object(let found, let value): (current, old) = (found, value)
        case .nothing: throw .notFound(context.type.groupResource, name)
        case .later: return
        }
        try checkPreconditions(current, old)
        let operation = WriteOperation(
            .delete, user: context.user, type: context.type, namespace: context.namespace, name: name,
            isDryRun: context.isDryRun, cluster: server, object: old, old: old, deletion: options)
        try server.admission.admit(operation)
        try server.admission.validate(operation)
        try strategy.prepareForDelete(operation)
        hold(operation)
        let grace = strategy.gracePeriod(of: old, requested: options.gracePeriodSeconds)
        let isHeld = !operation.object.list("metadata", "finalizers").isEmpty || !strategy.isFinalized(operation.object)
        guard grace > 0 || isHeld else {
            commit(operation, .delete(key, expected: current.revision)) { object in
                WriteOutcome(object: object, isDeleted: true, warnings: operation.warnings)
            }
            return
        }
        mark(operation, grace)
        if operation.object == old {
            operation.end(.refused)
            return finishUnchanged(WriteOutcome(object: current, isPending: true, warnings: operation.warnings))
        }
        let write = ObjectWrite.update(
            key, ObjectMetadata.stored(operation.object), expected: current.revision, ttl: strategy.timeToLive)
        commit(operation, write) { object in
            WriteOutcome(object: object, isPending: true, warnings: operation.warnings)
        }
    }

    private func checkPreconditions(_ current: CachedObject, _ old: JSONValue) throws(APIStatus) {
        let uid = old.text("metadata", "uid")
        if let wanted = options.uid, wanted != uid {
            throw .conflict(
                context.type.groupResource, name,
                "Precondition failed: UID in precondition: \(wanted), UID in object meta: \(uid)")
        }
        if let wanted = options.resourceVersion, wanted != "\(current.revision)" {
            throw .conflict(
                context.type.groupResource, name,
                "Precondition failed: ResourceVersion in precondition: \(wanted), ResourceVersion in object meta: "
                    + "\(current.revision)")
        }
    }

    /// Finalizers that make the garbage collector deal with the dependents first.
    private func hold(_ operation: WriteOperation) {
        guard let propagation = options.propagation ?? strategy.defaultPropagation else { return }
        var finalizers = operation.object.texts("metadata", "finalizers")
        finalizers.removeAll { $0 == "orphan" || $0 == "foregroundDeletion" }
        switch propagation {
        case .orphan: finalizers.append("orphan")
        case .foreground: finalizers.append("foregroundDeletion")
        case .background: break
        }
        if finalizers != operation.object.texts("metadata", "finalizers") {
            operation.object.set(finalizers.isEmpty ? nil : .texts(finalizers), at: "metadata", "finalizers")
        }
    }

    /// A deletion that has begun can be made shorter, never longer.
    private func mark(_ operation: WriteOperation, _ grace: Int) {
        let old = operation.object
        let isMarked = old.at("metadata", "deletionTimestamp") != nil
        if isMarked, options.gracePeriodSeconds == nil || grace >= old.integer("metadata", "deletionGracePeriodSeconds")
        {
            return
        }
        operation.object.set(
            .string(Timestamp(since1970: server.now + Double(grace)).time), at: "metadata", "deletionTimestamp")
        operation.object.set(.number(JSONNumber(grace)), at: "metadata", "deletionGracePeriodSeconds")
        if !isMarked, strategy.countsGenerations, server.strategies.hasGeneration(context.type) {
            operation.object.set(
                .number(JSONNumber(old.integer("metadata", "generation") + 1)), at: "metadata", "generation")
        }
    }
}
