internal import Identity
internal import KubeAPI

/// Resources that are asked rather than stored: access and token reviews.
extension APIServer {
    func virtual(_ request: ResourceRequest) throws(APIStatus) {
        let resource = request.type.groupResource
        guard let reviews, Reviews.resources.contains(resource) else {
            throw .methodNotSupported(resource, request.info.verb)
        }
        let review = try request.body()
        let answer = try reviews.answer(
            review, resource: resource, namespace: request.namespace, user: request.call.user, now: .now)
        request.answer(answer, code: 201)
    }
}
