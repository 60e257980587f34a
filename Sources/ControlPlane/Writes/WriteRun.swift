internal import JSON
internal import KubeAPI
internal import Store

/// One write from the decoded request to the committed object. It may take several attempts: each begins with what the
/// cache has, and ends with a compare-and-swap in the store.
class WriteRun {
    /// Upstream tries as often to find a free name; companions that collide are tried again as often.
    static let attemptLimit = 8

    let server: APIServer
    let context: WriteContext
    let storage: StoragePrefix
    let strategy: any ResourceStrategy
    private(set) var attempts = 0
    /// The cache has had everything, since this began, that any server had acknowledged before.
    private var hasCaughtUp = false
    private let done: (Result<WriteOutcome, APIStatus>) -> Void

    init(_ server: APIServer, _ context: WriteContext, _ done: @escaping (Result<WriteOutcome, APIStatus>) -> Void) {
        self.server = server
        self.context = context
        self.done = done
        storage = StoragePrefix(context.type)
        strategy = server.strategies.strategy(of: context.type)
    }

    /// Begins the next attempt. For subclasses to override.
    func attempt() throws(APIStatus) {}

    func start() {
        attempts += 1
        do throws(APIStatus) {
            try attempt()
        } catch {
            if !catchesUp() { done(.failure(error)) }
        }
    }

    func finish(_ outcome: WriteOutcome) { done(.success(outcome)) }

    /// There is nothing to write, if the object is what the cache has.
    func finishUnchanged(_ outcome: WriteOutcome) {
        if !catchesUp() { finish(outcome) }
    }

    /// What does not end with a compare-and-swap is decided by the cache alone, which on a shared store may be older than
    /// what another server has acknowledged: whether this attempt is made again when it no longer is.
    private func catchesUp() -> Bool {
        guard server.isShared, !hasCaughtUp else { return false }
        hasCaughtUp = true
        attempts -= 1
        server.whenCurrent { problem in
            if let problem { self.done(.failure(problem)) } else { self.start() }
        }
        return true
    }

    func fail(_ status: APIStatus) { done(.failure(status)) }

    /// True when the key is free; else this attempt is made again when it is.
    func claim(_ key: String) -> Bool {
        guard server.busy.isBusy(key) else { return true }
        attempts -= 1
        server.busy.wait(for: key) { self.start() }
        return false
    }

    enum Found {
        case object(CachedObject, JSONValue)
        case nothing
        /// Another server may have made it a moment ago: this attempt is made again when the cache has caught up.
        case later
    }

    /// The object that is to be changed, as it is now.
    func find(_ path: String) -> Found {
        if let current = server.cache.object(storage, path), let old = current.decoded { return .object(current, old) }
        return catchesUp() ? .later : .nothing
    }

    // MARK: The steps that creation and update share

    /// Validation by schema, by kind, and by whom admission asks; then what the object takes of the cluster.
    func check(_ operation: WriteOperation) throws(APIStatus) {
        settle(operation, since: operation.original)
        let settled = operation.object
        var causes = server.validation.causes(operation)
        causes += strategy.validate(operation)
        if !causes.isEmpty { throw .invalid(context.type.groupKind, operation.name, causes) }
        do throws(APIStatus) {
            try strategy.allocate(operation)
            try server.admission.validate(operation)
        } catch {
            operation.end(.refused)
            throw error
        }
        settle(operation, since: settled)
    }

    /// What admission and the kind's rules have written is brought into the schema's form: the same object is the same
    /// bytes, whoever wrote which part of it. Metadata has no part in comparisons, and is left as it is.
    private func settle(_ operation: WriteOperation, since before: JSONValue) {
        let (old, new) = (before.pairs(), operation.object.pairs())
        // Of a part the old object has what the client wrote, as it wrote it.
        let isPart = !operation.subresource.isEmpty && operation.subresource != "status"
        let isChanged =
            isPart || old.count != new.count
            || zip(old, new).contains { $0.key != $1.key || ($0.key != "metadata" && $0.value != $1.value) }
        if isChanged { operation.object = server.validation.normalized(operation.object, context.type) }
    }

    /// Writes the operation's object and its companions, or only pretends to.
    func commit(_ operation: WriteOperation, _ write: ObjectWrite, _ outcome: @escaping (CachedObject) -> WriteOutcome)
    {
        if context.isDryRun {
            operation.end(.refused)
            finish(outcome(dryObject(operation)))
            return
        }
        let writes: [ObjectWrite]
        do throws(APIStatus) {
            writes = try [write] + companions(operation)
        } catch {
            operation.end(.refused)
            fail(error)
            return
        }
        let keys = writes.map(\.key)
        if let taken = keys.dropFirst().first(where: server.busy.isBusy) {
            operation.end(.refused)
            _ = claim(taken)
            return
        }
        server.busy.occupy(keys)
        server.commit(writes) { result in
            switch result {
            case .success(let revisions): self.committed(operation, write, revisions.first ?? 0, outcome)
            case .failure(let failure):
                operation.end(.refused)
                self.refused(failure, write)
            }
            self.server.release(keys)
        }
    }

    private func committed(
        _ operation: WriteOperation, _ write: ObjectWrite, _ revision: Revision,
        _ outcome: (CachedObject) -> WriteOutcome
    ) {
        strategy.didCommit(operation)
        operation.end(.committed)
        let path = StoragePrefix.path(namespace: operation.namespace, name: operation.name)
        if let cached = server.cache.object(storage, path), cached.revision == revision {
            return finish(outcome(cached))
        }
        // A later write has been delivered with this one, or it was a deletion.
        let bytes = write.value ?? ObjectMetadata.stored(operation.object)
        let object = CachedObject(path: path, stored: bytes, createRevision: revision, revision: revision)
        finish(outcome(object))
    }

    private func refused(_ failure: WriteFailure, _ write: ObjectWrite) {
        switch failure {
        case .conflict(let key, let current):
            guard attempts < Self.attemptLimit else {
                fail(.conflict(context.type.groupResource, "", "too many writes at once"))
                return
            }
            // Somebody else was faster: see what they wrote, then try again.
            if key == write.key, write.expected == 0, current != nil, conflictIsFinal { return failExisting(write) }
            server.catchUp { self.start() }
        case .tooLarge(_, let limit):
            fail(.requestEntityTooLarge("limit is \(limit)"))
        case .full(let reason):
            fail(.internalError("etcdserver: mvcc: database space exceeded: \(reason)"))
        case .unavailable(let reason):
            fail(.serviceUnavailable(reason))
        case .uncertain(let reason):
            fail(.timeout("request did not complete: \(reason)", retryAfterSeconds: 1))
        }
    }

    /// Whether an object that is there already ends the run; creations under generated names go on.
    var conflictIsFinal: Bool { true }

    private func failExisting(_ write: ObjectWrite) {
        let path = StoragePrefix.split(write.key)?.path ?? ""
        let name = path.split(separator: "/").last.map(String.init) ?? path
        fail(.alreadyExists(context.type.groupResource, name))
    }

    private func companions(_ operation: WriteOperation) throws(APIStatus) -> [ObjectWrite] {
        var writes: [ObjectWrite] = []
        for companion in operation.companions {
            switch companion {
            case .raw(let write): writes.append(write)
            case .delete(let storage, let path, let expected):
                writes.append(.delete(storage.key(path), expected: expected))
            case .update(let type, let object, let expected):
                writes.append(
                    .update(key(type, object), ObjectMetadata.stored(normalized(object, type)), expected: expected))
            case .create(let type, var object):
                ObjectMetadata.begin(
                    &object, name: object.text("metadata", "name"),
                    namespace: type.isNamespaced ? object.text("metadata", "namespace") : "",
                    uid: ObjectMetadata.newUID(), now: server.now)
                writes.append(.create(key(type, object), ObjectMetadata.stored(normalized(object, type))))
            }
        }
        return writes
    }

    private func normalized(_ object: JSONValue, _ type: ResourceType) -> JSONValue {
        server.validation.normalized(object, type)
    }

    private func key(_ type: ResourceType, _ object: JSONValue) -> String {
        StoragePrefix(type).key(
            namespace: type.isNamespaced ? object.text("metadata", "namespace") : "",
            name: object.text("metadata", "name"))
    }

    /// What a write would have made; of an update, under the version that there is.
    private func dryObject(_ operation: WriteOperation) -> CachedObject {
        let path = StoragePrefix.path(namespace: operation.namespace, name: operation.name)
        let current = server.cache.object(storage, path)
        if operation.verb == .create {
            return CachedObject(
                path: path, bytes: ObjectMetadata.stored(operation.object), createRevision: 0, revision: 0)
        }
        return CachedObject(
            path: path, stored: ObjectMetadata.stored(operation.object), createRevision: 0,
            revision: current?.revision ?? 0)
    }
}
