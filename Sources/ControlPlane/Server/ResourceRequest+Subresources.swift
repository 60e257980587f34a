internal import JSON
internal import KubeAPI

extension ResourceRequest {
    /// A POST to a subresource: binding, eviction, token.
    func act(_ subresource: Subresource) throws(APIStatus) {
        guard let action = server.strategies.strategy(of: type).action(subresource.name) else {
            throw .methodNotSupported(type.groupResource, info.verb)
        }
        // Clients of before 1.22 know evictions by their beta's name alone.
        let others = subresource.name == "eviction" ? ["policy/v1beta1"] : []
        let decoded = try BodyDecoder(call).object(
            subresource.kind, schema: APICatalog.builtin.schema(of: subresource.kind), apiVersions: others)
        call.warnings += decoded.warnings
        let isDryRun = try isDryRun(decoded.object)
        action.run(
            ActionCall(
                user: call.user, type: type, subresource: subresource.name, namespace: namespace, name: info.name,
                body: decoded.object, isDryRun: isDryRun, cluster: server
            ) { answer($0) })
    }

    /// An eviction says it in the options of the deletion, as `kubectl drain` does; if both do, they must agree.
    private func isDryRun(_ body: JSONValue) throws(APIStatus) -> Bool {
        let inside = body.texts("deleteOptions", "dryRun")
        let causes = WriteOptions.problems(dryRun: inside)
        if !causes.isEmpty { throw .invalid(GroupKind(group: "meta.k8s.io", kind: "DeleteOptions"), "", causes) }
        if call.isDryRun, !inside.isEmpty, inside != call.query.all("dryRun") {
            throw .badRequest("Non-matching dry-run options in request and content: [All] and \(inside)")
        }
        return call.isDryRun || !inside.isEmpty
    }

    func answer(_ result: Result<ActionCall.Answer, APIStatus>) {
        switch result {
        case .success(.object(let object, let code)): answer(object, code: code)
        case .success(.status(let status)):
            let (bytes, contentType) = Renderer.document(status.json, as: call.form.encoding)
            call.answer(status.code == 200 ? 201 : status.code, contentType: contentType, bytes)
        case .failure(let status): call.fail(status)
        }
    }

    /// How many there are to be, as an object of its own kind.
    func scale(_ subresource: Subresource, _ verb: Verbs) throws(APIStatus) {
        let paths = ScalePaths(type)
        let answerScale: (CachedObject) -> Void = { object in
            var renderer = renderer
            renderer.columns = .of(subresource.kind.groupKind)
            let scale = paths.scale(of: object.decoded ?? .null, kind: subresource.kind)
            call.answer(200, contentType: call.form.contentType(), renderer.body(scale))
        }
        if verb == .get {
            return whenReady(try ReadVersion.ofGet(resourceVersion: call.query["resourceVersion"] ?? "")) {
                (_) throws(APIStatus) in
                guard let object = server.cache.object(storage, path) else {
                    throw .notFound(type.groupResource, info.name)
                }
                answerScale(object)
            }
        }
        let change: (JSONValue) throws(APIStatus) -> JSONValue
        if verb == .update {
            let body = try BodyDecoder(call).object(
                subresource.kind, schema: APICatalog.builtin.schema(of: subresource.kind)
            ).object
            change = { (_) in body }
        } else {
            let patch = try PatchBody(PatchBody.Kind(call, isCustom: false), BodyDecoder(call))
            let schema = APICatalog.builtin.schema(of: subresource.kind)
            change = { (scale) throws(APIStatus) in
                try patch.apply(to: scale, schema: schema, name: info.name, kind: subresource.kind)
            }
        }
        ModifyRun(
            server, context(subresource: subresource.name), name: info.name,
            { (old, _) throws(APIStatus) in
                let scale = try change(paths.scale(of: old, kind: subresource.kind))
                return try paths.apply(scale, to: old)
            },
            { result in
                switch result {
                case .success(let outcome): answerScale(outcome.object)
                case .failure(let status): call.fail(status)
                }
            }
        ).start()
    }
}

/// Where a kind keeps what its `scale` subresource says.
struct ScalePaths {
    private var spec = ["spec", "replicas"]
    private var status = ["status", "replicas"]
    private var selector = ["spec", "selector"]
    private var isTextSelector = false

    init(_ type: ResourceType) {
        if let custom = type.custom?.scale {
            spec = custom.specReplicas
            status = custom.statusReplicas
            selector = custom.labelSelector ?? []
            isTextSelector = true
        }
    }

    func scale(of object: JSONValue, kind: GroupVersionKind) -> JSONValue {
        var metadata: JSONValue = [:]
        for key in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            if let value = object.at("metadata", key) { metadata.set(value, at: key) }
        }
        var scale: JSONValue = [
            "kind": "Scale", "apiVersion": .string(kind.apiVersion), "metadata": metadata,
            "spec": ["replicas": object.at(spec[...]) ?? 0], "status": ["replicas": object.at(status[...]) ?? 0],
        ]
        if let text = selectorText(object), !text.isEmpty { scale.set(.string(text), at: "status", "selector") }
        return scale
    }

    private func selectorText(_ object: JSONValue) -> String? {
        guard !selector.isEmpty, let value = object.at(selector[...]) else { return nil }
        if isTextSelector { return value.string }
        // A ReplicationController's is a plain map of labels.
        if value.at("matchLabels") == nil, value.at("matchExpressions") == nil {
            return LabelSelector(labels: value).description
        }
        return (try? LabelSelector(object: value))?.description
    }

    func apply(_ scale: JSONValue, to object: JSONValue) throws(APIStatus) -> JSONValue {
        guard let replicas = scale.at("spec", "replicas")?.int ?? (scale.at("spec") == nil ? nil : 0) else {
            throw .badRequest("a Scale needs spec.replicas")
        }
        guard replicas >= 0 else {
            throw .invalid(
                GroupKind(group: "autoscaling", kind: "Scale"), scale.text("metadata", "name"),
                [
                    .invalid(
                        "spec.replicas", .number(JSONNumber(replicas)), "must be greater than or equal to 0")
                ])
        }
        var object = object
        object.set(.number(JSONNumber(replicas)), at: spec[...])
        object.set(scale.at("metadata", "resourceVersion"), at: "metadata", "resourceVersion")
        return object
    }
}
