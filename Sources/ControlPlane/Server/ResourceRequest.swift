internal import JSON
internal import KubeAPI
internal import Store

/// A request for a resource that is served: the type is known, the user may, and the form of the answer is agreed.
struct ResourceRequest {
    let server: APIServer
    let call: APICall
    let type: ResourceType
    let storage: StoragePrefix
    let renderer: Renderer

    init(_ server: APIServer, _ call: APICall, _ type: ResourceType) {
        self.server = server
        self.call = call
        self.type = type
        storage = StoragePrefix(type)
        let isStoredVersion = server.types.type(of: storage) === type
        var renderer = Renderer(type: type, form: call.form, isStoredVersion: isStoredVersion)
        renderer.includeObject = call.query["includeObject"] ?? "Metadata"
        renderer.now = server.now
        self.renderer = renderer
    }

    var info: RequestInfo { call.info }
    /// The version in which objects are kept.
    var stored: ResourceType { renderer.isStoredVersion ? type : server.types.type(of: storage) ?? type }
    var namespace: String { type.isNamespaced ? info.namespace : "" }
    var path: String { StoragePrefix.path(namespace: namespace, name: info.name) }

    func answer(_ object: CachedObject, code: Int = 200) {
        call.answer(code, contentType: call.form.contentType(), renderer.body(object))
    }

    func answer(_ page: ListPage) {
        if !renderer.isPlain,
            let list = GradualList(call, renderer, page, server.loop, makeWhole: { answerAtOnce(page) })
        {
            return list.proceed()
        }
        answerAtOnce(page)
    }

    private func answerAtOnce(_ page: ListPage) {
        let (pieces, ownBytes) = renderer.answer(page)
        call.answer(contentType: call.form.contentType(), pieces: pieces, ownBytes: ownBytes)
    }

    /// An object of another kind than the resource's, such as a Scale.
    func answer(_ object: JSONValue, code: Int = 200) {
        let (bytes, contentType) = Renderer.document(object, as: call.form.encoding)
        call.answer(code, contentType: contentType, bytes)
    }

    func context(subresource: String = "") -> WriteContext {
        WriteContext(
            user: call.user, type: stored, subresource: subresource, namespace: namespace, isDryRun: call.isDryRun,
            fieldManager: fieldManager)
    }

    /// What the client calls itself, else the first word of its user agent.
    var fieldManager: String {
        if let manager = call.query["fieldManager"] { return manager }
        return FieldManager.defaultName(userAgent: call.userAgent)
    }
}
