internal import JSON
internal import KubeAPI

/// From a request that may be served to what serves it.
extension APIServer {
    package func route(_ call: APICall) {
        do throws(APIStatus) {
            if call.info.isResource { try routeResource(call) } else { try routePath(call) }
        } catch {
            call.fail(error)
        }
    }

    private func routeResource(_ call: APICall) throws(APIStatus) {
        let info = call.info
        guard isLoaded else { throw .serviceUnavailable("the server is loading its state") }
        let groupVersion = GroupVersion(group: info.group, version: info.version)
        guard let type = types.type(groupVersion, info.resource) else {
            return call.text("404 page not found\n", code: 404)
        }
        if type.isNamespaced, info.namespace.isEmpty, !info.name.isEmpty, call.query["fieldSelector"] == nil,
            info.verb != "watch"
        {
            return call.text("404 page not found\n", code: 404)
        }
        if let warning = Warnings.deprecation(of: type) { call.warnings.append(warning) }
        // What somebody else answers is theirs to say in which form, and to which method.
        if !ResourceRequest.connections.contains(info.subresource) {
            if Self.isMisplaced(info) { return call.text("405: Method Not Allowed", code: 405) }
            try negotiate(call, type)
        }
        if info.subresource.isEmpty {
            try routeVerb(ResourceRequest(self, call, type))
        } else {
            try routeSubresource(ResourceRequest(self, call, type))
        }
    }

    /// A method that no path of this form has: a PUT to a collection, a POST to an object.
    private static func isMisplaced(_ info: RequestInfo) -> Bool {
        switch info.verb {
        case "": true
        case "update", "patch": info.name.isEmpty
        case "create": !info.name.isEmpty && info.subresource.isEmpty
        default: false
        }
    }

    /// Whether the request is about a resource, or part of one, that is served.
    func knows(_ info: RequestInfo) -> Bool {
        guard info.isResource,
            let type = types.type(GroupVersion(group: info.group, version: info.version), info.resource)
        else { return false }
        return info.subresource.isEmpty || type.subresource(info.subresource) != nil
    }

    private func negotiate(_ call: APICall, _ type: ResourceType) throws(APIStatus) {
        let endpoint: AnswerForm.Endpoint
        if type.verbs == .create {
            // A question that is answered and never stored, such as an access review, has no rows and no metadata.
            endpoint = .plain
        } else {
            endpoint = ["list", "watch", "deletecollection"].contains(call.info.verb) ? .list : .object
        }
        guard let form = AnswerForm.negotiate(accept: call.accept, for: endpoint, hasProtobuf: !type.isCustom)
        else {
            throw .notAcceptable(BodyDecoder.accepted)
        }
        call.form = form
    }

    private func routeVerb(_ request: ResourceRequest) throws(APIStatus) {
        let (info, type) = (request.info, request.type)
        guard let verb = Verbs(word: info.verb), type.verbs.contains(verb) else {
            throw .methodNotSupported(type.groupResource, info.verb)
        }
        try WriteOptions.check(request.call, verb)
        if type.verbs == .create { return try virtual(request) }
        switch verb {
        case .get: try request.get()
        case .list: try request.list()
        case .watch: try request.watch()
        case .create: try request.create()
        case .update: try request.update()
        case .patch: try request.patch()
        case .delete: try request.delete()
        case .deletecollection: try request.deleteCollection()
        default: throw .methodNotSupported(type.groupResource, info.verb)
        }
    }

    private func routeSubresource(_ request: ResourceRequest) throws(APIStatus) {
        let (info, type) = (request.info, request.type)
        guard let subresource = type.subresource(info.subresource) else {
            return request.call.text("404 page not found\n", code: 404)
        }
        guard let verb = Verbs(word: info.verb), subresource.verbs.contains(verb) else {
            throw .methodNotSupported(type.groupResource, info.verb)
        }
        if ResourceRequest.connections.contains(subresource.name) { return try request.connect(subresource) }
        try WriteOptions.check(request.call, verb)
        if subresource.name == "scale" { return try request.scale(subresource, verb) }
        switch verb {
        case .get where subresource.kind.kind == type.kind: try request.get()
        case .update where subresource.kind.kind == type.kind: try request.update()
        case .patch where subresource.kind.kind == type.kind: try request.patch()
        case .create: try request.act(subresource)
        default: throw .methodNotSupported(type.groupResource, info.verb)
        }
    }

    private func routePath(_ call: APICall) throws(APIStatus) {
        guard call.method == "GET" || call.method == "HEAD" else {
            return call.text("404 page not found\n", code: 404)
        }
        if try Discovery(self).answer(call) { return }
        if try openAPI.answer(call) || pages.answer(call) { return }
        call.text("404 page not found\n", code: 404)
    }
}
