internal import JSON
internal import KubeAPI
internal import Store

/// Makes an object.
final class CreateRun: WriteRun {
    private let body: JSONValue

    init(
        _ server: APIServer, _ context: WriteContext, _ body: JSONValue,
        _ done: @escaping (Result<WriteOutcome, APIStatus>) -> Void
    ) {
        self.body = body
        super.init(server, context, done)
    }

    override var conflictIsFinal: Bool { !isGenerated }

    private var isGenerated: Bool { body.text("metadata", "name").isEmpty }

    override func attempt() throws(APIStatus) {
        let name = try name()
        let path = StoragePrefix.path(namespace: context.namespace, name: name)
        let key = storage.key(path)
        guard claim(key) else { return }
        if server.cache.object(storage, path) != nil {
            guard isGenerated else { throw .alreadyExists(context.type.groupResource, name) }
            guard attempts < Self.attemptLimit else {
                throw .generateNameConflict(context.type.groupResource, name)
            }
            return start()
        }
        var object = body
        ObjectMetadata.begin(
            &object, name: name, namespace: context.namespace, uid: ObjectMetadata.newUID(), now: server.now)
        if context.type.subresource("status") != nil, !strategy.keepsFirstStatus {
            object.set(context.type.emptyStatus, at: "status")
        }
        if strategy.countsGenerations, server.strategies.hasGeneration(context.type) {
            object.set(1, at: "metadata", "generation")
        }
        let operation = WriteOperation(
            .create, user: context.user, type: context.type, subresource: context.subresource,
            namespace: context.namespace, name: name, isDryRun: context.isDryRun, cluster: server, object: object)
        // What the client says is his; what admission and the kind's own rules add belongs to nobody.
        server.fieldOwnership.record(operation, context)
        try server.admission.admit(operation)
        try strategy.prepareForCreate(operation)
        try check(operation)
        operation.warnings += Warnings.creating(operation.object, context.type)
        let write = ObjectWrite.create(key, ObjectMetadata.stored(operation.object), ttl: strategy.timeToLive)
        commit(operation, write) { object in
            WriteOutcome(object: object, isCreated: true, warnings: operation.warnings)
        }
    }

    private func name() throws(APIStatus) -> String {
        let name = body.text("metadata", "name")
        if !name.isEmpty { return name }
        let base = body.text("metadata", "generateName")
        if base.isEmpty {
            throw .invalid(
                context.type.groupKind, "",
                [.required("metadata.name", "name or generateName is required")])
        }
        return ObjectMetadata.generatedName(base)
    }
}
