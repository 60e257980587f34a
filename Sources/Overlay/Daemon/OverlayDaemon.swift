package import Daemon
internal import HTTP
internal import Linux
internal import NFTables
internal import NetTypes
internal import Netlink
internal import Store

/// The overlay agent of one node: one loop that owns all state, and three threads that talk to the store.
///
/// Every path ends in `reconcile` (everything, from what the kernel says now) or `follow` (a few leases, from what is
/// known). Events of the store or the kernel only say where to look.
package final class OverlayDaemon {
    let options: OverlayOptions
    let log: Logger
    let loop: EventLoop
    let makeSubnets: SubnetManagerMaker

    var socket: NetlinkSocket
    var reconciler: Reconciler
    var nft: NFTSocket
    var monitor: NetlinkMonitor
    var ruleMonitor: NFTMonitor
    var keeper: LeaseKeeper?
    let watchers = [StoreWatcher(.config), StoreWatcher(.watch)]
    let metrics = OverlayMetrics()
    let notifier: ServiceNotifier
    var server: HTTPServer?

    // What the store says.
    var published: PublishedConfig?
    /// The store has told a configuration in this run.
    var isConfigConfirmed = false
    var own: OwnLease?
    var leases = LeaseTable()
    /// What the store says about this node; nil where it does not know nodes, or has not spoken yet.
    var wishes: NodeWishes?
    /// The store has not answered yet, and what is known comes from the cache.
    var isFromCache = false
    var troubles: [SessionPart: String] = [:]
    var unreadable: [String] = []

    // What this node says.
    var underlay: Underlay?
    var macs: [IPFamily: MACAddress] = [:]
    var cache: CachedState
    var previousSubnet: SubnetKey?

    // Work that waits.
    var pending: [SubnetKey: Lease?] = [:]
    var pendingSince: MonotonicTime?
    /// Leases whose removal has not been acted upon yet, as they were.
    var removed: [SubnetKey: Lease] = [:]
    var isFlushScheduled = false
    var reconcileTimer: (timer: LoopTimer, due: MonotonicTime)?
    var retryTimer: LoopTimer?
    var underlayTimer: LoopTimer?
    var cacheTimer: LoopTimer?
    /// Something that belongs into the cache is not written yet.
    var isCacheBehind = false
    var isRuleCheckScheduled = false
    var repairBackoff = Backoff(initial: .milliseconds(20), maximum: .milliseconds(500))
    var lastRepair: MonotonicTime?
    var reconcileBackoff = Backoff(initial: .milliseconds(200), maximum: .seconds(15))

    /// Why the node's own part does not work, by what it is about; empty when it does.
    var nodeProblems: [String: String] = [:]
    /// Devices, peers, rules and subnet.env have been written at least once.
    var hasStood = false
    /// Pods can be made, and reach what the store has told of. Without the cache only a reboot would suffer; a
    /// configuration that cannot be followed leaves all as it is.
    var isReady: Bool {
        hasStood
            && nodeProblems.keys.allSatisfy {
                $0 == Self.stateDirectory || $0 == Self.configuration || $0 == Self.annotations
            }
    }
    static let stateDirectory = "state directory"
    static let configuration = "configuration"
    static let annotations = "annotations"
    var hasNotified = false
    var hasReplacedFlannel = false

    /// Two on one node would undo each other's work whenever their options differ.
    private let isAlone: NamespaceLock

    package init(
        options: OverlayOptions, log: Logger, loop: EventLoop, notifier: ServiceNotifier,
        subnets: @escaping SubnetManagerMaker
    ) throws {
        self.options = options
        self.log = log
        self.loop = loop
        self.notifier = notifier
        makeSubnets = subnets
        isAlone = try Self.claimNode()
        socket = try NetlinkSocket()
        reconciler = Reconciler(try NetlinkSocket())
        nft = try NFTSocket()
        // Before anything is read, so that no change falls between.
        monitor = try NetlinkMonitor([.links, .addresses, .routes, .neighbours])
        ruleMonitor = try NFTMonitor()
        cache = CachedState(directory: options.stateDirectory)
        cache.subnets = options.subnets
        previousSubnet = Self.previousSubnet(options) ?? cache.own?.subnet
    }

    private static let nameOnNode = "poplin-overlay"

    /// Whether there is one on this node.
    static var isRunning: Bool { (try? NamespaceLock.isHeld(nameOnNode)) ?? false }

    static func claimNode() throws -> NamespaceLock {
        do throws(SystemError) {
            return try NamespaceLock(nameOnNode)
        } catch  where error.errno == .addressInUse {
            throw AlreadyRunning()
        }
    }

    private struct AlreadyRunning: Error, CustomStringConvertible {
        var description: String { "another poplin overlay runs on this node; stop it first" }
    }

    /// The subnets in subnet.env, which flannel's may have left.
    private static func previousSubnet(_ options: OverlayOptions) -> SubnetKey? {
        guard let text = try? Files.readText(options.subnetFile), let env = try? SubnetEnv(text: text) else {
            return nil
        }
        return SubnetKey(v4: env.subnet?.network, v6: env.ipv6Subnet?.network)
    }

    /// Starts everything and runs until the loop is stopped. The kernel's state stays as it is: the data path goes on.
    package func run() throws {
        let session = try loop.mailbox { [unowned self] (event: SessionEvent) in obey(event) }
        try watchKernel()
        try serveHealth()
        if let interval = notifier.watchdogInterval { loop.every(interval) { [notifier] in notifier.watchdog() } }
        let subnets = makeSubnets
        let keeper = try LeaseKeeper(renewMargin: options.renewMargin, subnets: subnets) { session.post($0) }
        self.keeper = keeper
        try watchers[0].followConfig(subnets) { session.post($0) }
        try watchers[1].followLeases(subnets, readInterval: options.readInterval) { session.post($0) }
        // A store that takes the connection and says nothing is no reason to wait for the end of its timeout.
        loop.after(.seconds(2)) { [unowned self] in startFromCache() }
        loop.every(.seconds(60)) { [unowned self] in scheduleReconcile("periodic", after: .zero) }
        loop.every(options.resyncInterval) { [unowned self] in resync() }
        // The cache says when leases were last known to hold.
        loop.every(.seconds(3600)) { [unowned self] in scheduleCacheWrite() }
        try loop.run()
        notifier.stopping()
        for watcher in watchers { watcher.end() }
        keeper.post(.end)
        writeCache()
    }

    /// Names a problem of the node's own, or (nil) that it is over; each change is logged once.
    func report(_ subject: String, _ problem: String?) {
        if nodeProblems[subject] == problem { return }
        if let problem {
            log.error("problem", ["subject": subject, "reason": problem])
        } else {
            log.info("problem over", ["subject": subject])
        }
        nodeProblems[subject] = problem
    }

    /// What this node's kernel should hold, as far as it is known yet.
    var situation: Situation? {
        guard let published, let underlay, let own else { return nil }
        return Situation(
            config: published.config, subnet: own.lease.subnet, underlay: underlay, macs: macs,
            hasBlackholeRoute: options.hasBlackholeRoute)
    }
}
