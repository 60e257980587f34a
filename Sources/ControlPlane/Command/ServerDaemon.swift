internal import Crypto
internal import Daemon
internal import Glibc
internal import HTTP
internal import Identity
internal import JSON
internal import KubeAPI
internal import Linux
internal import NetTypes
internal import Store

/// `poplin server` as it runs: the store, the API server, its front, and the listeners, on one loop.
final class ServerDaemon {
    private let options: ServerOptions
    private let log: Logger
    private let loop: EventLoop
    private let notifier: ServiceNotifier
    private let store: any ObjectStore
    private let server: APIServer
    private let access: ClusterAccess
    private let audit: AuditLog?
    private let lease: ServerLease
    /// Of the servers that share a store one runs the controllers; a server with a store of its own always does.
    private var election: ControllerElection?
    private let metrics = Metrics()
    private var http: HTTPServer?
    private var isStopping = false
    /// Stays true: a ServiceCIDR that is taken away later is its owner's will.
    private var hadServiceRanges = false
    /// One server to a directory with a file: a second one would replace the first one's kubeconfig before the store
    /// refuses it.
    private let directoryLock: FileLock?

    init(_ options: ServerOptions, log: Logger, loop: EventLoop, notifier: ServiceNotifier) throws {
        self.options = options
        self.log = log
        self.loop = loop
        self.notifier = notifier
        try Files.makeDirectories(options.dataDirectory, mode: 0o700)
        let isShared = !options.etcdEndpoints.isEmpty
        directoryLock = isShared ? nil : try Self.lock(options.dataDirectory)
        store = isShared ? Self.etcd(options) : Self.file(options)
        audit = try options.auditPath.map { (path) throws(SystemError) in try AuditLog(path) }
        var limits = WatchRing.Limits()
        limits.bytes = options.ringBytes
        let secrets = try ClusterSecrets.load(options.secretSettings, now: Timestamp.now.seconds)
        for file in secrets.written { log.info("key or certificate written", ["file": file]) }
        server = try APIServer(
            loop: loop, store: store, isShared: isShared,
            parts: ServerParts.make(options, rootCertificates: secrets.authority.certificate.pem()), limits: limits,
            log: log)
        access = try ClusterAccess(options, secrets, server)
        lease = ServerLease(address: options.publicAddress)
    }

    private static func lock(_ directory: String) throws -> FileLock {
        do throws(SystemError) {
            return try FileLock("\(directory)/lock", mode: 0o600, timeoutMilliseconds: 0)
        } catch {
            if error.errno != .timedOut { throw error }
            throw StoreOpenError(.inUse, directory, "another server uses it")
        }
    }

    private static func etcd(_ options: ServerOptions) -> EtcdObjectStore {
        var configuration = EtcdConfiguration(endpoints: options.etcdEndpoints)
        configuration.tls.authority = options.etcdCA
        configuration.tls.certificate = options.etcdCertificate
        configuration.tls.key = options.etcdKey
        var behaviour = EtcdObjectOptions()
        behaviour.compactionInterval = options.compactionInterval
        return EtcdObjectStore(configuration, options: behaviour)
    }

    private static func file(_ options: ServerOptions) -> SQLiteObjectStore {
        var behaviour = SQLiteOptions()
        behaviour.historyAge = options.compactionInterval
        return SQLiteObjectStore(path: "\(options.dataDirectory)/state.db", options: behaviour)
    }

    /// Serves until a signal says to stop.
    func run() throws {
        // Before the store's thread starts.
        try loop.onSignals([SIGTERM, SIGINT]) { [weak self] signal in self?.stop(signal) }
        server.onLoaded = { [weak self] in self?.loaded() }
        preparePages()
        access.install()
        let front = makeFront()
        let address = options.listen[0]
        let http = try HTTPServer(loop, listen: address, limits: options.httpLimits, tls: try access.tlsContext()) {
            front.handle($0)
        }
        front.serve(http)
        self.http = http
        log.info("listening", ["address": "\(address.address)", "port": http.port])
        try server.start()
        if let interval = notifier.watchdogInterval { loop.every(interval) { [notifier] in notifier.watchdog() } }
        try loop.run()
        store.close()
        audit?.flush()
    }

    private func makeFront() -> RequestFront {
        var recorder: RequestAudit?
        if let audit {
            var isFlushing = false
            recorder = RequestAudit { [loop] event in
                audit.append(event)
                if isFlushing { return }
                isFlushing = true
                loop.after(.milliseconds(20)) {
                    isFlushing = false
                    audit.flush()
                }
            }
        }
        return RequestFront(
            server, access: access.front, metrics: RequestMetrics(metrics), audit: recorder,
            work: RequestsInWork(options.requests))
    }

    private var hasServiceRanges: Bool {
        if !hadServiceRanges, server.isLoaded {
            // Without the controller somebody else makes them, when he likes.
            let isOurs = server.controllers.contains { $0 is ServiceCIDRController }
            hadServiceRanges =
                !isOurs || IPFamily.allCases.contains { !ServiceAllocator.ranges(server, $0).isEmpty }
        }
        return hadServiceRanges
    }

    private func preparePages() {
        let process = ProcessMetrics(metrics)
        let gauges = ServerGauges(metrics)
        server.pages.metrics = { [server, metrics] in
            process.update()
            gauges.update(server)
            return metrics.exposition
        }
        server.pages.liveness = [.init("ping") { nil }]
        server.pages.readiness = [
            .init("etcd") { [server] in server.isLoaded ? server.outage : "the state is being loaded" },
            // Until then no Service gets an address.
            .init("poststarthook/start-kubernetes-service-cidr-controller") { [weak self] in
                self?.hasServiceRanges == false ? "no ServiceCIDR is ready" : nil
            },
            .init("shutdown") { [weak self] in self?.isStopping == true ? "the server is shutting down" : nil },
        ]
    }

    private func loaded() {
        access.loaded()
        log.info("state is loaded", ["revision": server.cache.revision])
        notifier.ready()
        lease.start(server)
        startControllers()
    }

    private func startControllers() {
        guard server.isShared else { return server.startControllers() }
        let identity = "\(options.publicAddress)_\(ObjectMetadata.newUID())"
        let election = ControllerElection(identity: identity) { [server] in
            server.startControllers()
        } stepDown: { [server] in
            server.stopControllers()
        }
        self.election = election
        election.start(server)
    }

    /// Watches end, requests in work are finished, and then the process ends.
    private func stop(_ signal: CInt) {
        if isStopping { return loop.stop() }
        isStopping = true
        log.info("ending", ["signal": signal])
        notifier.stopping()
        lease.stop()
        election?.stop()
        server.stopControllers()
        server.endWatches()
        http?.drain(grace: .seconds(10)) { [loop] in loop.stop() }
    }
}
