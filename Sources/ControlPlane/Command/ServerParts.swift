internal import HTTP
internal import NetTypes

/// What makes the server of this command line different from others: the kinds' logic, told about the cluster.
enum ServerParts {
    static func make(_ options: ServerOptions, rootCertificates: String) -> APIServer.Parts {
        var configuration = KindConfiguration(serviceRanges: options.serviceRanges)
        configuration.nodePorts = NodePortRange(options.nodePorts)
        configuration.podRanges = options.podRanges
        for (range, mask) in zip(options.podRanges, options.nodeMasks) {
            configuration.podSubnetMasks[range.family] = mask
        }
        configuration.controllers = options.controllers
        configuration.rootCertificates = rootCertificates
        configuration.port = Int(options.listen[0].port)
        var parts = APIServer.Parts()
        configuration.install(into: &parts)
        return parts
    }
}
