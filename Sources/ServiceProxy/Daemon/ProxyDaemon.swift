package import Daemon
internal import HTTP
internal import KubeAPI
package import KubeClient
internal import Linux
internal import NFTables
internal import NetTypes
internal import Netlink

/// The Service proxy of one node: one loop that follows the cluster and keeps the table.
///
/// Nothing is written before Services and slices have been read whole: until then the table that is there goes on, and
/// then it is taken over as it is.
package final class ProxyDaemon {
    private(set) var log: Logger
    let loop: EventLoop
    private(set) var configuration: ProxyConfiguration
    let name: String
    let metrics = ProxyMetrics()
    private let notifier: ServiceNotifier
    private let client: APIClient
    private var follower: ConfigurationFollower?

    // What the cluster says.
    private var services: Informer<ServiceObject>?
    private var slices: Informer<EndpointSliceObject>?
    private var nodes: Informer<NodeObject>?
    private var serviceCIDRs: Informer<ServiceCIDRObject>?
    var index: ServiceIndex
    var node: NodeObject?
    private(set) var troubles: [String: String] = [:]
    /// How copies are kept in step; tests have less time. A server that is back is to be heard soon.
    var reflector = Reflector(backoff: Backoff(initial: .milliseconds(1600), maximum: .seconds(5)))
    /// When what slices tell of has happened, of those that wait to be written, and of those that are being written.
    private var triggers: [(family: IPFamily, time: Double)] = []
    private var dueTriggers: [(family: IPFamily, time: Double)] = []

    /// Who keeps the rules; there from the start of the run.
    var applier: (any RulesApplier)?
    private var loopbackRouting = LoopbackRouting()
    private var routing: NetlinkSocket
    private var addressMonitor: NetlinkMonitor
    /// Of the node's interfaces; nil when they have to be asked for again.
    private var addresses: [IPAddress]?

    // Work that waits.
    private var pacing = FlushPacing()
    private var flushTimer: LoopTimer?
    private var oldestChange: MonotonicTime?
    var repairTimer: LoopTimer?
    /// Somebody is at the rules, and this has to follow.
    var isWriting = false
    var isFlushDue = false
    var isRepairDue = false
    var repairBackoff = Backoff(initial: .milliseconds(50), maximum: .seconds(15))
    /// When the rules were last known to be what they should be.
    var lastSync: Timestamp?
    /// Since when something waits to be written; from the start on, all does.
    var pendingSince: MonotonicTime? = .now
    let started = Timestamp.now
    /// The command line, flag by flag.
    let flags: String
    var servers: [HTTPServer] = []
    let events: EventRecorder
    let loopbackPorts: LoopbackNodePorts
    /// What it was that the node listens for.
    var listening: (revision: Int, view: NodeView)?
    private(set) lazy var healthChecks = HealthCheckServers(loop) { [unowned self] in
        lastSync != nil && health.isHealthy
    }

    package init(
        _ options: ProxyOptions, name: String, access: ClusterAccess, log: Logger, loop: EventLoop,
        notifier: ServiceNotifier
    ) throws {
        configuration = options.configuration
        flags = options.flagLines
        follower = ConfigurationFollower(options)
        index = ServiceIndex(node: name, allowsExternalIPs: options.configuration.isEnabled(.externalIPs))
        self.name = name
        self.log = log
        self.loop = loop
        self.notifier = notifier
        var options = APIClient.Options()
        options.userAgent = "poplin-proxy"
        client = try APIClient(access, loop, options: options)
        events = EventRecorder(client, controller: "poplin.dev/proxy", instance: name)
        loopbackPorts = LoopbackNodePorts(loop)
        // Before the addresses are read.
        addressMonitor = try NetlinkMonitor([.addresses])
        routing = try NetlinkSocket()
    }

    /// Runs until the loop is stopped. The table stays as it is then: connections go on.
    package func run() throws {
        applier = try makeApplier()
        ConntrackLimits(settings: configuration.conntrack).apply(log)
        shieldFromMemoryPressure()
        try watchAddresses()
        try serveHealth()
        loop.every(.seconds(2)) { [unowned self] in followConfiguration() }
        followCluster()
        if let interval = notifier.watchdogInterval { loop.every(interval) { [notifier] in notifier.watchdog() } }
        try loop.run()
        notifier.stopping()
        applier?.end()
    }

    /// As kube-proxy, it is among the last that the kernel ends when memory is short.
    private func shieldFromMemoryPressure() {
        do {
            try Files.write("/proc/self/oom_score_adj", "\(configuration.oomScoreAdj)")
        } catch {
            log.warning("may be ended early when memory is short", ["reason": "\(error)"])
        }
    }

    // MARK: The configuration

    private func followConfiguration() {
        guard let wanted = follower?.news(log) else { return }
        let changes = ProxyConfiguration.changes(from: configuration, to: wanted)
        for change in changes.live { log.info("configuration changed", ["what": "\(change)"]) }
        for change in changes.restart { log.warning("configuration waits for a restart", ["what": "\(change)"]) }
        let before = configuration
        configuration = before.adopting(wanted)
        log = Logger(level: configuration.logging.level, format: configuration.logging.format)
        if before.conntrack != configuration.conntrack { ConntrackLimits(settings: configuration.conntrack).apply(log) }
        if before.healthzBindAddress != configuration.healthzBindAddress
            || before.metricsBindAddress != configuration.metricsBindAddress
        {
            for server in servers { server.stop() }
            servers = []
            do { try serveHealth() } catch { log.error("nothing is served", ["reason": "\(error)"]) }
        }
        changed()
    }

    /// Until the configuration says otherwise.
    func setVerbosity(_ verbosity: Int) {
        configuration.logging.verbosity = verbosity
        log.level = configuration.logging.level
    }

    // MARK: The cluster

    private func followCluster() {
        services = follow(.services) { [unowned self] in
            index.note(service: $0.key, before: $0.before)
            if let problems = $0.after?.problems, problems != $0.before?.problems { tell(problems, of: $0.key) }
        }
        slices = follow(.slices) { [unowned self] in
            index.note(slice: $0.key, before: $0.before, after: $0.after)
            noteTrigger($0.after)
        }
        nodes = follow(.node(name)) { [unowned self] in node = $0.after }
        serviceCIDRs = follow(.serviceCIDRs) { _ in }
        services?.start()
        slices?.start()
        nodes?.start()
        serviceCIDRs?.start()
    }

    private func follow<Content: Projection>(
        _ part: ClusterPart, _ take: @escaping (Informer<Content>.Change) -> Void
    ) -> Informer<Content> {
        Informer(
            client, part.resource, labelSelector: part.labels, fieldSelector: part.fields, reflector: reflector
        ) { [unowned self] news in
            switch news {
            case .synced(let changes), .changed(let changes):
                for change in changes { take(change) }
                metrics.heard(changes.count, of: part.name)
                changed()
            case .alive: break
            case .trouble(let reason):
                report(part.name, reason)
                if lastSync == nil { changed() }
            }
        }
    }

    /// What happened before the start was not this one's to be quick about.
    private func noteTrigger(_ slice: EndpointSliceObject?) {
        guard let time = slice?.trigger.time, time > started.since1970, let first = slice?.endpoints.first else {
            return
        }
        triggers.append((first.address.family, time))
    }

    var serviceCount: Int { services?.objects.count ?? 0 }

    /// The index with its objects, of which the informers keep the only copy.
    func withServices<Result>(_ body: (inout ServiceIndex) throws -> Result) rethrows -> Result {
        try index.lent(services?.objects ?? [:], slices?.objects ?? [:], body)
    }

    /// Each change of a trouble is logged once.
    private func report(_ what: String, _ reason: String?) {
        if troubles[what] == reason { return }
        troubles[what] = reason
        if let reason {
            log.warning("the API server cannot be asked; rules stay as they are", ["for": what, "reason": reason])
        } else {
            log.info("the API server answers again", ["for": what])
        }
    }

    private func watchAddresses() throws {
        try loop.watch(addressMonitor.descriptor) { [unowned self] _ in
            _ = try? addressMonitor.receive()
            addresses = nil
            changed()
        }
    }

    /// The node as it is seen now.
    func view() throws -> NodeView {
        let addresses = try self.addresses ?? routing.nodeAddresses()
        self.addresses = addresses
        return NodeView(
            name, configuration, node: node, interfaceAddresses: addresses,
            serviceCIDRs: serviceCIDRs?.objects.values.flatMap(\.networks) ?? [])
    }

    // MARK: Work

    func changed() {
        let now = MonotonicTime.now
        if oldestChange == nil { oldestChange = now }
        if pendingSince == nil { pendingSince = now }
        metrics.queued(Timestamp.now.since1970)
        if flushTimer != nil { return }
        flushTimer = loop.after(pacing.delay(now)) { [unowned self] in
            flushTimer = nil
            flush()
        }
    }

    /// An API server before 1.33 may have none to tell of; nothing waits for those.
    private var knowsServiceCIDRs: Bool {
        serviceCIDRs?.hasSynced == true || troubles[ClusterPart.serviceCIDRs.name] != nil
    }

    private func flush() {
        guard services?.hasSynced == true, slices?.hasSynced == true, nodes?.hasSynced == true, knowsServiceCIDRs,
            let applier
        else { return }
        if isWriting { return isFlushDue = true }
        let flush = Flush(begin: .now, heard: oldestChange, isFull: !applier.hasPlan)
        oldestChange = nil
        dueTriggers += triggers
        triggers = []
        do {
            let view = try view()
            if applier.mode == .iptables, view.servesLoopbackNodePorts { loopbackRouting.enable(log) }
            if flush.isFull {
                write({ try withServices { try applier.beginTakeover(view, &$0) } }) { [unowned self] result in
                    if case .success(let takeover) = result { tell(takeover) }
                    flushed(flush, view, result.map { _ in true })
                }
            } else {
                write({ try withServices { try applier.beginUpdate(view, &$0) } }) { [unowned self] in
                    flushed(flush, view, $0)
                }
            }
        } catch {
            unflushed(flush, error)
        }
    }

    /// A change of the rules on its way.
    private struct Flush {
        let begin: MonotonicTime
        /// When the first of what it is about was heard of.
        let heard: MonotonicTime?
        let isFull: Bool
    }

    /// True when the rules had to change.
    private func flushed(_ flush: Flush, _ view: NodeView, _ result: Result<Bool, any Error>) {
        let end = MonotonicTime.now
        switch result {
        case .failure(let error): return unflushed(flush, error)
        case .success(let isChanged):
            if isChanged, !flush.isFull {
                metrics.changes.increment()
                log.debug("rules changed", ["microseconds": (end - flush.begin).nanoseconds / 1000])
            }
        }
        if let cleaning = applier?.takeCleaning() { metrics.forgot(cleaning) }
        updateListeners(view)
        let pause = applier?.mode == .iptables ? configuration.ruleset.minSyncPeriod : nil
        pacing.flushed(end, took: end - flush.begin, atMost: pause)
        metrics.synced(in: end - flush.begin, isFull: flush.isFull)
        if let heard = flush.heard { metrics.programmed(after: end - heard) }
        synced()
    }

    private func unflushed(_ flush: Flush, _ error: any Error) {
        log.error("the rules could not be brought up to date", ["reason": "\(error)"])
        failed(isFull: flush.isFull)
        scheduleRepair(after: repairBackoff.next())
    }

    /// What only the start needed is given back: code of libraries, lists as text, the whole table as a value, twice.
    private func settle() {
        CodePages.release()
        Allocator.trim()
    }

    func synced() {
        if lastSync == nil {
            notifier.ready()
            tellStart()
            log.info("ready", ["services": "\(serviceCount)"])
            loop.after(.seconds(2)) { [unowned self] in settle() }
        }
        let now = Timestamp.now
        lastSync = now
        // What has come meanwhile waits still.
        pendingSince = oldestChange
        repairBackoff.reset()
        metrics.settled(at: now.since1970, services: serviceCount)
        for trigger in dueTriggers { metrics.programmed(trigger.family, after: now.since1970 - trigger.time) }
        dueTriggers = []
    }
}
