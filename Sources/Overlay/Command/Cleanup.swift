internal import Glibc
internal import Linux
internal import NFTables
internal import Netlink

/// Removes exactly what the overlay has made: its tagged routes, the devices that it wrote down as its own, its table of
/// rules, subnet.env and the cache.
struct Cleanup {
    private let options: OverlayOptions

    init(_ options: OverlayOptions) { self.options = options }

    /// What was removed, or with `isDryRun` would be.
    func run(isDryRun: Bool) throws -> [String] {
        var lines: [String] = []
        let cache = CachedState(directory: options.stateDirectory)
        var socket = try NetlinkSocket()
        let routes = try socket.routes(RouteFilter(table: nil, protocolNumber: .poplin))
        var requests = routes.map { NetlinkRequest.route(.delete, $0) }
        for name in cache.devices {
            guard let link = try? socket.link(.name(name)), case .vxlan = link.kind else { continue }
            requests.append(.deleteLink(.index(link.index)))
            lines.append("delete vxlan link \(name)")
        }
        lines = routes.map { "delete \($0)" } + lines
        if !isDryRun {
            for error in socket.runAll(requests).compactMap(\.self) where !error.isNotFound { throw error }
        }
        var nft = try NFTSocket()
        if try nft.table(TrafficRules.table) != nil {
            lines.append("delete table \(TrafficRules.table)")
            if !isDryRun { try nft.commit(TrafficRules.removal) }
        }
        for path in [cache.own == nil ? nil : options.subnetFile, CachedState.path(options.stateDirectory)] {
            guard let path, Files.exists(path) else { continue }
            lines.append("remove \(path)")
            if !isDryRun { try Files.remove(path) }
        }
        return lines
    }
}
