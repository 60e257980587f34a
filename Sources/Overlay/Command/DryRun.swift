internal import Glibc
internal import HTTP
internal import NFTables
internal import NetTypes
internal import Netlink
internal import Store

/// Prints what the daemon would change, and changes nothing, here or in the store.
struct DryRun {
    private let options: OverlayOptions

    init(_ options: OverlayOptions) { self.options = options }

    func run() throws -> Int32 {
        let manager = try OverlayCommand.subnets(options)(Cancellation())
        let config = try manager.networkConfig().config
        var leases: [Lease] = []
        try manager.watch { news in
            guard case .events(let events) = news, case .snapshot(let list, _)? = events.first else { return .proceed }
            leases = list
            return .stop
        }
        let assigned = try manager.assignedSubnet(config)
        var inspection = try Inspection(options)
        for line in try inspection.differences(config: config, own: assigned, leases: leases) { print(line) }
        return 0
    }
}
