internal import Glibc
internal import Linux
internal import NFTables
internal import NetTypes
internal import Netlink

/// No daemon has run here yet, or it runs with another state directory.
struct NothingKnown: Error, CustomStringConvertible {
    var path: String
    var description: String { "\(path) tells of no lease; has poplin overlay run here with this --state-dir?" }
}

/// Looks at one node from outside of the daemon: what is wanted, what is there, and how the two differ.
struct Inspection: ~Copyable {
    let options: OverlayOptions
    let cache: CachedState
    private(set) var underlay: Underlay?
    private var socket: NetlinkSocket
    private var nft: NFTSocket
    private(set) var reconciler: Reconciler

    init(_ options: OverlayOptions) throws {
        // All that can fail first: a noncopyable value cannot be half made.
        let socket = try NetlinkSocket()
        let other = try NetlinkSocket()
        let nft = try NFTSocket()
        self.options = options
        cache = CachedState(directory: options.stateDirectory)
        self.socket = socket
        self.nft = nft
        reconciler = Reconciler(other)
    }

    /// The state of the node by the cache that its daemon keeps.
    mutating func status() throws -> (OverlayStatus, differences: [String]) {
        guard let text = cache.configText, let own = cache.own else {
            throw NothingKnown(path: CachedState.path(options.stateDirectory))
        }
        let config = try PublishedConfig(text, subnets: cache.subnets).config
        let differences = try differences(config: config, own: own.subnet, leases: cache.leases)
        var status = OverlayStatus()
        status.subnet = own.subnet
        status.underlay = underlay
        status.backend = config.backend.name
        status.podMTU = underlay.map { config.podMTU(underlay: $0.mtu) }
        status.isReady = differences.isEmpty
        if let state = reconciler.desired {
            let leases = Dictionary(cache.leases.map { ($0.subnet, $0) }) { $1 }
            status.describe(state, [:], leases, found: reconciler.found)
        }
        return (status, differences)
    }

    /// Differences count that are still there when a daemon that runs has told the cache all that it acts upon.
    mutating func lastingStatus() throws -> (OverlayStatus, differences: [String]) {
        let deadline = MonotonicTime.now + OverlayDaemon.cachePause + .milliseconds(500)
        var found = try status()
        while !found.differences.isEmpty, MonotonicTime.now < deadline, OverlayDaemon.isRunning {
            usleep(100_000)
            self = try Inspection(options)
            found = try status()
        }
        return found
    }

    /// Rules of flannel's that are still here, each with what keeps them.
    mutating func leftovers() throws -> [String] {
        let leftovers = try FlannelLeftovers(&nft)
        return leftovers.removed.map { "\($0); the next start of poplin overlay replaces it" } + leftovers.kept
    }

    /// One line for each difference, each naming the object. Empty: the kernel is as it should be.
    /// `own` is our lease where it is known; else it is the one that we would take.
    mutating func differences(config: NetworkConfig, own: SubnetKey?, leases: [Lease]) throws -> [String] {
        let selection = cache.wishes.map { options.selection.with($0) } ?? options.selection
        let facts = try SelectionFacts(&socket, request: selection, families: config.families)
        let underlay = try Underlay(selection, facts, families: config.families)
        self.underlay = underlay
        var macs: [IPFamily: MACAddress] = [:]
        if case .vxlan(let vxlan) = config.backend {
            for family in config.families {
                let link = try? socket.link(.name(VTEPWish.name(family, vni: vxlan.vni)))
                macs[family] = link?.mac ?? cache.macs[family] ?? .random()
            }
        }
        var lines: [String] = []
        let subnet: SubnetKey
        if let own {
            subnet = own
        } else {
            let identity = LeaseIdentity(
                attributes: Situation.attributes(config, underlay, macs), previous: cache.own?.subnet)
            var generator = SystemRandomNumberGenerator()
            let choice = SubnetChoice(config: config, leases: leases, identity: identity, using: &generator)
            guard let chosen = choice.reuse?.subnet ?? choice.create else { throw SubnetError.networkFull }
            if choice.reuse == nil { lines.append("lease \(chosen)") }
            subnet = chosen
        }
        let situation = Situation(
            config: config, subnet: subnet, underlay: underlay, macs: macs, hasBlackholeRoute: options.hasBlackholeRoute
        )
        lines += try reconciler.preview(situation, leases: leases)
        lines += try TrafficRules(options.traffic, config: config, subnet: subnet).difference(&nft)
        let env = situation.subnetEnv(masquerades: options.traffic.masquerades).text
        if (try? Files.readText(options.subnetFile)) != env { lines.append("write \(options.subnetFile)") }
        return lines
    }
}
