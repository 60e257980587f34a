package import Daemon
internal import Identity
internal import JSON
internal import KubeAPI
internal import Linux
package import Store

/// The API server: what it knows and how its parts hang together. Everything here happens on the loop's thread; the
/// store's threads come in through a mailbox.
package final class APIServer {
    package struct Parts {
        package var strategies = KindStrategies()
        package var admission = AdmissionChain()
        package var controllers: [any Controller] = []

        package init() {}
    }

    let loop: EventLoop
    let store: any ObjectStore
    package let log: Logger
    package let cache: ObjectCache
    package let types: ServedTypes
    var customTypes = CustomResourceTypes()
    var strategies: KindStrategies
    var admission: AdmissionChain
    var controllers: [any Controller]
    let hub = WatchHub()
    package let pages = Pages()
    private(set) lazy var openAPI = OpenAPIPages(types, sideThread)
    let validation = ObjectValidation()
    let fieldOwnership = FieldOwnership()
    let sideThread: SideThread
    /// Several servers write to the store: what is committed may be newer than what has been delivered.
    let isShared: Bool
    var busy = BusyKeys()
    private var waiters = RevisionWaiters()
    private var isProceeding = false
    private var isDelivering = false
    private let inbox: Mailbox<StoreMessage>
    /// The store's state has been loaded.
    package private(set) var isLoaded = false
    /// Why writes fail at the moment; nil when they do not.
    package private(set) var outage: String?
    private(set) var runsControllers = false
    package var onLoaded: (() -> Void)?
    /// Resources that are asked rather than stored.
    var reviews: Reviews?
    /// What is behind the server; nil where nothing is.
    var connections: Connections?
    /// Called with every change, whether this server runs the controllers or not, before any watch hears of it.
    var observers: [(ObjectChange) -> Void] = []

    /// What comes from the store's threads, in order.
    private enum StoreMessage: Sendable {
        case delivery(StoreDelivery)
        case done(UInt64, Result<[Revision], WriteFailure>)
        case barrier(UInt64, Result<Revision, WriteFailure>)
    }

    private var commits: [UInt64: (Result<[Revision], WriteFailure>) -> Void] = [:]
    private var barriers: [UInt64: (Result<Revision, WriteFailure>) -> Void] = [:]
    private var lastTicket: UInt64 = 0

    package init(
        loop: EventLoop, store: any ObjectStore, isShared: Bool, parts: Parts, limits: WatchRing.Limits, log: Logger
    ) throws {
        self.loop = loop
        self.store = store
        self.isShared = isShared
        self.log = log
        types = ServedTypes()
        strategies = parts.strategies
        admission = parts.admission
        controllers = parts.controllers
        cache = ObjectCache(limits: limits, normalize: StoredEncoding.json)
        sideThread = try SideThread(loop)
        // The handler needs the server, which does not exist yet.
        let forward = Forward()
        inbox = try loop.mailbox { forward.body?($0) }
        forward.body = { [weak self] message in self?.receive(message) }
    }

    private final class Forward {
        var body: ((StoreMessage) -> Void)?
    }

    /// Begins to follow the store. A store on a file has been loaded when this returns and the loop has turned once.
    package func start() throws {
        let inbox = inbox
        try store.start { inbox.post(.delivery($0)) }
        loop.every(.seconds(1)) { [weak self] in
            guard let self else { return }
            self.hub.tick(.now, self.cache)
        }
    }

    // MARK: The store

    package func commit(_ writes: [ObjectWrite], _ done: @escaping (Result<[Revision], WriteFailure>) -> Void) {
        lastTicket += 1
        let ticket = lastTicket
        commits[ticket] = done
        let inbox = inbox
        store.commit(writes) { inbox.post(.done(ticket, $0)) }
    }

    private func barrier(_ done: @escaping (Result<Revision, WriteFailure>) -> Void) {
        lastTicket += 1
        let ticket = lastTicket
        barriers[ticket] = done
        let inbox = inbox
        store.barrier { inbox.post(.barrier(ticket, $0)) }
    }

    private func receive(_ message: StoreMessage) {
        switch message {
        case .delivery(.snapshot(let snapshot)):
            let changes = cache.load(snapshot)
            customResourcesLoaded()
            if isLoaded {
                hub.expireAll(cache)
            } else {
                isLoaded = true
                onLoaded?()
            }
            publish(changes)
        case .delivery(.changes(let changes)): publish(cache.apply(changes))
        case .delivery(.unavailable(let reason)):
            outage = reason
            log.error("store is unavailable", ["reason": reason])
        case .delivery(.available):
            outage = nil
            log.info("store is available")
        case .done(let ticket, let result): commits.removeValue(forKey: ticket)?(result)
        case .barrier(let ticket, let result): barriers.removeValue(forKey: ticket)?(result)
        }
    }

    private func publish(_ changes: [ObjectChange]) {
        for change in changes {
            for observer in observers { observer(change) }
        }
        if changes.contains(where: { $0.storage == .customResourceDefinitions }) { customResourcesChanged() }
        hub.publish(changes)
        if hub.isDelivering { deliverSoon() }
        if hub.hasBusy { proceedSoon() }
        if runsControllers {
            for controller in controllers { for change in changes { controller.observe(change) } }
        }
        releaseWaiters()
    }

    /// Watches that have not heard of a change yet hear of it when others have had their turn.
    private func deliverSoon() {
        guard !isDelivering else { return }
        isDelivering = true
        loop.after(.zero) { [weak self] in
            guard let self else { return }
            self.isDelivering = false
            self.hub.deliver()
            if self.hub.isDelivering { self.deliverSoon() }
            if self.hub.hasBusy { self.proceedSoon() }
        }
    }

    /// Watches that are behind go on when their clients have taken some of what they were sent.
    func proceedSoon() {
        guard !isProceeding else { return }
        isProceeding = true
        loop.after(hub.pause) { [weak self] in
            guard let self else { return }
            self.isProceeding = false
            self.hub.proceed(self.cache)
            if self.hub.hasBusy { self.proceedSoon() }
        }
    }

    /// The server stops: every watch is told how far it has got.
    func endWatches() { hub.endAll(cache) }

    // MARK: Waiting

    /// Upstream's patience with a revision that is yet to come.
    static let revisionPatience = Duration.seconds(3)

    /// Calls the body once everything up to the revision has been seen; with false when it takes too long.
    func whenSeen(_ revision: Revision, _ body: @escaping (Bool) -> Void) {
        if cache.revision >= revision { return body(true) }
        waiters.add(revision, .now + Self.revisionPatience, body)
        loop.after(Self.revisionPatience) { [weak self] in self?.releaseWaiters() }
    }

    private func releaseWaiters() {
        if waiters.isEmpty { return }
        for body in waiters.due(seen: cache.revision, now: .now) { body() }
    }

    /// Calls the body once the cache has every write that anybody has been told of.
    func whenCurrent(_ body: @escaping (APIStatus?) -> Void) {
        // With a store of our own the cache always has: a write is told of only after it was delivered.
        guard isShared else { return body(nil) }
        barrier { result in
            switch result {
            case .success(let revision):
                self.whenSeen(revision) { hasSeen in
                    body(
                        hasSeen ? nil : .tooLargeResourceVersion(UInt64(revision), current: UInt64(self.cache.revision))
                    )
                }
            case .failure(let failure): body(.serviceUnavailable("\(failure)"))
            }
        }
    }

    /// The same, whatever comes of it.
    func catchUp(_ body: @escaping () -> Void) { whenCurrent { _ in body() } }

    func release(_ keys: [String]) { for body in busy.release(keys) { body() } }

    // MARK: Controllers

    /// This server is the one that runs them.
    package func startControllers() {
        guard !runsControllers else { return }
        runsControllers = true
        for controller in controllers { controller.start(self) }
    }

    package func stopControllers() {
        guard runsControllers else { return }
        runsControllers = false
        for controller in controllers { controller.stop() }
    }
}
