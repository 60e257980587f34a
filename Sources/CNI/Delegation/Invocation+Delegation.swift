package import JSON

/// A plugin that another one delegates to: one of ours runs in this process, any other is found on CNI_PATH and run.
/// It gets the environment of the call and the configuration given.
extension Invocation {
    /// ADD by the plugin of this name. When the chain fails later, the attachment is deleted again.
    package func delegateAdd(_ type: String, config object: JSONObject? = nil) throws -> CNIResult {
        let config = try delegateConfig(object)
        if let plugin = registry[type] {
            return try plugin.add(with(config: config, verb: .add))
        }
        let program = try ExternalPlugin(type, path: environment.pluginPath)
        // A plugin of others that fails half way may leave things behind: the specification wants a DEL after it.
        try rollback.did("delegate ADD to \(type)") { [self] in try delegateDel(type, config: object) }
        let output = try program.run(self, .add, config.object)
        return try program.result(output, version: config.version)
    }

    package func delegateDel(_ type: String, config object: JSONObject? = nil) throws {
        try delegate(type, .del, object) { try $0.del($1) }
    }

    package func delegateCheck(_ type: String, config object: JSONObject? = nil) throws {
        if config.version < .v040 { return }
        try delegate(type, .check, object) { try $0.check($1) }
    }

    package func delegateGC(_ type: String, config object: JSONObject? = nil, valid: Set<Attachment>) throws {
        if config.version < .v110 { return }
        try delegate(type, .gc, object) { try $0.gc($1, valid: valid) }
    }

    package func delegateStatus(_ type: String, config object: JSONObject? = nil) throws {
        if config.version < .v110 { return }
        try delegate(type, .status, object) { try $0.status($1) }
    }

    private func delegate(
        _ type: String, _ verb: Verb, _ object: JSONObject?, _ body: (any Plugin, Invocation) throws -> Void
    ) throws {
        let config = try delegateConfig(object)
        if let plugin = registry[type] { return try body(plugin, with(config: config, verb: verb)) }
        _ = try ExternalPlugin(type, path: environment.pluginPath).run(self, verb, config.object)
    }

    /// Without an object of its own a delegate (IPAM) gets the whole configuration of the caller.
    private func delegateConfig(_ object: JSONObject?) throws(CNIError) -> NetworkConfig {
        guard let object else { return config }
        return try NetworkConfig(object)
    }
}

extension Invocation {
    /// A delegate's own configuration with the chain's previous result, as the delegate would get it from a runtime.
    package func withPreviousResult(_ object: JSONObject) -> JSONObject { copying("prevResult", into: object) }

    /// The same for the list of attachments that a GC must keep.
    package func withValidAttachments(_ object: JSONObject) -> JSONObject {
        copying("cni.dev/attachments", into: copying("cni.dev/valid-attachments", into: object))
    }

    private func copying(_ key: String, into object: JSONObject) -> JSONObject {
        guard let value = config.object[key], !value.isNull else { return object }
        var result = object
        result[key] = value
        return result
    }
}
