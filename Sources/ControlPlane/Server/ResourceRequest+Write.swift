internal import HTTP
internal import JSON
internal import KubeAPI
internal import Store

extension ResourceRequest {
    func create() throws(APIStatus) {
        body { (object) throws(APIStatus) in
            try checkNamespace(object, verb: "create")
            let version = object.text("metadata", "resourceVersion")
            // As upstream's store says it. What has a version is somebody's copy of an object, and no new one.
            if Revision(version) ?? 0 != 0 {
                throw APIStatus(
                    code: 500, reason: "", message: "resourceVersion should not be set on objects to be created")
            }
            CreateRun(server, context(), object, respond).start()
        }
    }

    func update() throws(APIStatus) {
        body { (object) throws(APIStatus) in try update(to: object) }
    }

    private func update(to object: JSONValue) throws(APIStatus) {
        try checkNamespace(object, verb: "update")
        let name = object.text("metadata", "name")
        guard name.isEmpty || name == info.name else {
            throw .badRequest("the name of the object (\(name)) does not match the name on the URL (\(info.name))")
        }
        let strategy = server.strategies.strategy(of: type)
        let mayCreate = info.subresource.isEmpty && strategy.createsOnUpdate
        let creation: () throws(APIStatus) -> JSONValue = { () throws(APIStatus) in
            var object = object
            object.set(.string(info.name), at: "metadata", "name")
            return object
        }
        ModifyRun(
            server, context(subresource: info.subresource), name: info.name, creation: mayCreate ? creation : nil,
            { (_, _) throws(APIStatus) in object }, respond
        ).start()
    }

    func delete() throws(APIStatus) {
        let options = try deleteOptions()
        var context = context()
        context.isDryRun = context.isDryRun || options.isDryRun
        DeleteRun(server, context, name: info.name, options) { result in
            switch result {
            case .success(let outcome): deleted(outcome)
            case .failure(let status): call.fail(status)
            }
        }.start()
    }

    /// Deletes what the list would show, and answers with that list.
    func deleteCollection() throws(APIStatus) {
        let options = try deleteOptions()
        let listOptions = try ListOptions(call.query)
        let version = try ReadVersion.ofList(listOptions)
        let filter = try filter(listOptions)
        var context = context()
        context.isDryRun = context.isDryRun || options.isDryRun
        whenReady(version) { (_) throws(APIStatus) in
            guard let page = page(version, filter, listOptions) else { return refuseExpired(version) }
            CollectionDeletion(server, context, page.objects, options) { failure in
                if let failure { return call.fail(failure) }
                answer(page)
            }.start()
        }
    }

    // MARK: Answers

    func respond(_ result: Result<WriteOutcome, APIStatus>) {
        switch result {
        case .success(let outcome):
            call.warnings += outcome.warnings
            answer(outcome.object, code: outcome.isCreated ? 201 : 200)
        case .failure(let status): call.fail(status)
        }
    }

    private func deleted(_ outcome: WriteOutcome) {
        call.warnings += outcome.warnings
        if outcome.isPending || Self.returnsDeleted.contains(type.groupResource.description) {
            return answer(outcome.object)
        }
        let details = APIStatus.Details(
            name: info.name, group: type.group, kind: type.plural, uid: outcome.object.header.uid)
        // Upstream's has no code.
        var status = APIStatus.success(details: details).json
        status.set(nil, at: "code")
        let (bytes, contentType) = Renderer.document(status, as: call.form.encoding)
        call.answer(200, contentType: contentType, bytes)
    }

    /// Kinds whose deletion answers with the object, for whatever historical reason.
    private static let returnsDeleted: Set<String> = [
        "pods", "persistentvolumes", "persistentvolumeclaims", "podtemplates", "resourcequotas", "serviceaccounts",
        "services",
    ]

    // MARK: What comes in

    /// The body as an object of this type: decoded, checked for fields that nobody knows, defaulted.
    func body() throws(APIStatus) -> JSONValue { try take(bodyReading()) }

    /// Goes on with it: at once, or when it has been read elsewhere.
    private func body(_ goOn: @escaping (JSONValue) throws(APIStatus) -> Void) {
        reading(bodyReading) { (decoded) throws(APIStatus) in try goOn(take(decoded)) }
    }

    /// Reads what there is to be read of the body, on whatever thread, and goes on with it.
    func reading<Content: Sendable>(
        _ read: @escaping @Sendable () throws(APIStatus) -> Content,
        _ goOn: @escaping (Content) throws(APIStatus) -> Void
    ) {
        server.sideThread.read(call.body.count) { () -> Result<Content, APIStatus> in
            do throws(APIStatus) { return .success(try read()) } catch { return .failure(error) }
        } _: { content in
            // It may have taken so long that the client has been told so.
            if call.status != nil { return }
            do throws(APIStatus) { try goOn(content.get()) } catch { call.fail(error) }
        }
    }

    private func take(_ decoded: BodyDecoder.Decoded) -> JSONValue {
        call.warnings += decoded.warnings
        return decoded.object
    }

    private var bodyReading: @Sendable () throws(APIStatus) -> BodyDecoder.Decoded {
        let (decoder, type, stored, validation) = (BodyDecoder(call), type, stored, server.validation)
        return { () throws(APIStatus) in
            var decoded = try decoder.object(type)
            decoded.object = VersionConversion.convert(validation.defaulted(decoded.object, type), to: stored)
            return decoded
        }
    }

    func checkNamespace(_ object: JSONValue, verb: String) throws(APIStatus) {
        let named = object.text("metadata", "namespace")
        guard type.isNamespaced else { return }
        guard named.isEmpty || named == info.namespace else {
            throw .badRequest(
                "the namespace of the provided object does not match the namespace sent on the request")
        }
        if info.namespace.isEmpty {
            throw .methodNotSupported(type.groupResource, verb)
        }
    }

    private func deleteOptions() throws(APIStatus) -> DeleteOptions {
        var options = DeleteOptions()
        if !call.body.isEmpty {
            options = try DeleteOptions(BodyDecoder(call).document())
        }
        options.isDryRun = options.isDryRun || call.isDryRun
        if options.gracePeriodSeconds == nil, let text = call.query["gracePeriodSeconds"] {
            options.gracePeriodSeconds = Int(text)
        }
        if options.propagation == nil, let text = call.query["propagationPolicy"] {
            options.propagation = .init(rawValue: text)
        }
        if options.propagation == nil, let text = call.query["orphanDependents"] {
            options.propagation = text == "true" ? .orphan : .background
        }
        return options
    }
}

extension DeleteOptions {
    init(_ body: JSONValue) throws(APIStatus) {
        self.init()
        gracePeriodSeconds = body.at("gracePeriodSeconds")?.int
        uid = body.at("preconditions", "uid")?.string
        resourceVersion = body.at("preconditions", "resourceVersion")?.string
        isDryRun = body.texts("dryRun").contains("All")
        var causes: [FieldCause] = []
        if let text = body.at("propagationPolicy")?.string {
            propagation = Propagation(rawValue: text)
            if body.at("orphanDependents")?.bool != nil {
                causes.append(
                    .invalid(
                        "propagationPolicy", .string(text),
                        "orphanDependents and deletionPropagation cannot be both set"))
            }
            if propagation == nil {
                causes.append(
                    .notSupported("propagationPolicy", .string(text), ["Foreground", "Background", "Orphan", ""]))
            }
        } else if let orphan = body.at("orphanDependents")?.bool {
            propagation = orphan ? .orphan : .background
        }
        causes += WriteOptions.problems(dryRun: body.texts("dryRun"))
        if !causes.isEmpty { throw .invalid(GroupKind(group: "meta.k8s.io", kind: "DeleteOptions"), "", causes) }
    }
}

/// Deletes many objects, a bounded number at a time.
final class CollectionDeletion {
    private static let parallel = 64
    private let server: APIServer
    private let context: WriteContext
    private var rest: ArraySlice<CachedObject>
    private let options: DeleteOptions
    private var running = 0
    private var failure: APIStatus?
    private var done: ((APIStatus?) -> Void)?

    init(
        _ server: APIServer, _ context: WriteContext, _ objects: [CachedObject], _ options: DeleteOptions,
        _ done: @escaping (APIStatus?) -> Void
    ) {
        self.server = server
        self.context = context
        self.options = options
        self.done = done
        rest = objects[...]
    }

    func start() {
        while failure == nil, running < Self.parallel, let object = rest.popFirst() {
            running += 1
            var context = context
            // A collection may span namespaces.
            context.namespace = String(object.namespace)
            DeleteRun(server, context, name: String(object.name), options) { result in
                self.running -= 1
                // Somebody else has deleted it: that is what was wanted.
                if case .failure(let status) = result, status.code != 404 { self.failure = status }
                self.start()
            }.start()
        }
        if running == 0, rest.isEmpty || failure != nil {
            let done = done
            self.done = nil
            done?(failure)
        }
    }
}
