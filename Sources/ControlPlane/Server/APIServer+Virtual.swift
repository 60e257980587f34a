internal import JSON
internal import KubeAPI

/// Resources that are asked rather than stored: access and token reviews.
extension APIServer {
    func virtual(_ request: ResourceRequest) throws(APIStatus) {
        throw .methodNotSupported(request.type.groupResource, request.info.verb)
    }
}
