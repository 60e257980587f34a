internal import Identity
internal import KubeAPI

/// Resources that are asked rather than stored: access and token reviews.
extension APIServer {
    func virtual(_ request: ResourceRequest) throws(APIStatus) {
        let resource = request.type.groupResource
        if resource == GroupResource(group: "", resource: "bindings") { return try bind(request) }
        guard let reviews, Reviews.resources.contains(resource) else {
            throw .methodNotSupported(resource, request.info.verb)
        }
        let review = try request.body()
        let answer = try reviews.answer(
            review, resource: resource, namespace: request.namespace, user: request.call.user, now: .now)
        request.answer(answer, code: 201)
    }

    /// A Binding on a path of its own, which says by its name which pod it is about.
    private func bind(_ request: ResourceRequest) throws(APIStatus) {
        let body = try request.body()
        let pods = StoragePrefix.pods
        guard let type = types.type(of: pods), let action = strategies[pods]?.action("binding") else {
            throw .methodNotSupported(request.type.groupResource, request.info.verb)
        }
        let call = ActionCall(
            user: request.call.user, type: type, subresource: "binding", namespace: request.namespace,
            name: body.text("metadata", "name"), body: body, isDryRun: request.call.isDryRun, cluster: self
        ) { request.answer($0) }
        action.run(call)
    }
}
