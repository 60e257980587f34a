internal import JSON
internal import KubeAPI

extension ResourceRequest {
    func patch() throws(APIStatus) {
        let (kind, decoder) = (try PatchBody.Kind(call, isCustom: type.isCustom), BodyDecoder(call))
        if kind == .apply { return try apply(decoder) }
        reading { () throws(APIStatus) in
            try PatchBody(kind, decoder)
        } _: {
            patch($0)
        }
    }

    private func patch(_ body: PatchBody) {
        let checks = FieldChecks(call.query["fieldValidation"])
        let context = context(subresource: info.subresource)
        ModifyRun(
            server, context, name: info.name,
            { (old, _) throws(APIStatus) in
                let shown = VersionConversion.convert(old, to: type)
                let patched = try body.apply(to: shown, schema: type.schema, name: info.name, kind: type.gvk)
                let name = patched.text("metadata", "name")
                guard name == info.name else {
                    throw .badRequest(
                        "the name of the object (\(name)) does not match the name on the URL (\(info.name))")
                }
                try checkNamespace(patched, verb: "patch")
                return try completed(patched, checks)
            }, respond
        ).start()
    }

    /// What somebody wants to own, by server-side apply.
    private struct Configuration: Sendable {
        var sent: JSONValue
        /// As the schema knows it, and no more of it than was sent.
        var wanted: Result<BodyDecoder.Decoded, APIStatus>

        init(_ decoder: BodyDecoder, _ kind: GroupVersionKind, _ schema: Schema, _ checks: FieldChecks)
            throws(APIStatus)
        {
            sent = try PatchBody(.apply, decoder).document
            do throws(APIStatus) {
                var decoded = try checks.decode(sent, kind, schema)
                // Parts that decoding adds are not what the manager wants to own.
                decoded.object = decoded.object.limited(to: sent)
                wanted = .success(decoded)
            } catch {
                wanted = .failure(error)
            }
        }
    }

    /// Server-side apply: makes the object when there is none.
    private func apply(_ decoder: BodyDecoder) throws(APIStatus) {
        guard let schema = type.schema else { throw .unsupportedMediaType(PatchBody.accepted(isCustom: type.isCustom)) }
        let (kind, checks) = (type.gvk, FieldChecks(call.query["fieldValidation"]))
        reading { () throws(APIStatus) in
            try Configuration(decoder, kind, schema, checks)
        } _: { (configuration) throws(APIStatus) in
            try apply(configuration, schema, checks)
        }
    }

    private func apply(_ configuration: Configuration, _ schema: Schema, _ checks: FieldChecks) throws(APIStatus) {
        let manager = fieldManager
        let named = configuration.sent.text("metadata", "name")
        guard named.isEmpty || named == info.name else {
            throw .badRequest("the name of the object (\(named)) does not match the name on the URL (\(info.name))")
        }
        try checkNamespace(configuration.sent, verb: "patch")
        // An empty list too, which decoding drops.
        if configuration.sent.at("metadata", "managedFields") != nil {
            throw .badRequest("metadata.managedFields must be nil")
        }
        let wanted = try configuration.wanted.get()
        call.warnings += wanted.warnings
        let isForced = call.query.flag("force")
        let fields = FieldManager(type: type, schema: schema, subresource: info.subresource)
        var context = context(subresource: info.subresource)
        context.isApply = true
        let merge: (JSONValue?) throws(APIStatus) -> JSONValue = { (live) throws(APIStatus) in
            var merged = try fields.apply(
                wanted.object, to: live, manager: manager, force: isForced,
                time: Timestamp(since1970: server.now).time)
            merged.set(.string(info.name), at: "metadata", "name")
            return try completed(merged, checks)
        }
        let creation: () throws(APIStatus) -> JSONValue = { () throws(APIStatus) in try merge(nil) }
        ModifyRun(
            server, context, name: info.name, creation: info.subresource.isEmpty ? creation : nil,
            { (old, _) throws(APIStatus) in try merge(VersionConversion.convert(old, to: type)) }, respond
        ).start()
    }

    /// As the schema knows it, with defaults, in the version that is stored.
    private func completed(_ object: JSONValue, _ checks: FieldChecks) throws(APIStatus) -> JSONValue {
        guard let schema = type.schema else { return object }
        let decoded = try checks.decode(object, type.gvk, schema)
        for warning in decoded.warnings where !call.warnings.contains(warning) { call.warnings.append(warning) }
        return VersionConversion.convert(server.validation.defaulted(decoded.object, type), to: stored)
    }
}
