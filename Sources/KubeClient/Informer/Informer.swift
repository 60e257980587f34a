internal import Daemon
internal import HTTP
internal import JSON
internal import Linux

/// A copy of a collection that follows the server: of each object what its projection keeps.
///
/// It belongs to the client's loop; news comes from there. It never gives up: what fails is told as trouble and tried
/// again, while the copy stays as it was.
package final class Informer<Content: Projection> {
    package struct Change: Equatable, Sendable {
        package var key: ObjectKey
        /// Nil for an object that is new.
        package var before: Content?
        /// Nil for one that is gone.
        package var after: Content?

        package init(key: ObjectKey, before: Content?, after: Content?) {
            self.key = key
            self.before = before
            self.after = after
        }
    }

    package enum News: Equatable, Sendable {
        /// A whole copy has been read, at the start or after a gap; how it differs from the one before. Now, and not
        /// before, an object's absence means that it is gone.
        case synced([Change])
        /// What came together.
        case changed([Change])
        /// Nothing has changed; the watch lives.
        case alive
        /// The server cannot be asked, and why; or (nil) it can again.
        case trouble(String?)
    }

    package private(set) var objects: [ObjectKey: Content] = [:]
    package private(set) var hasSynced = false

    private let client: APIClient
    private let resource: ResourcePath
    private let selectors: [APIRequest.Parameter]
    private let onNews: (News) -> Void
    private var reflector: Reflector
    private var staged: [ObjectKey: Content] = [:]
    private var changes: [Change] = []
    private var isAlive = false
    private var lines = WatchLines()
    private var call: APICall?
    private var timer: LoopTimer?
    private var isStopped = false
    /// Namespaces are few and their names many.
    private var namespaces: Set<String> = []

    package init(
        _ client: APIClient, _ resource: ResourcePath, labelSelector: String? = nil, fieldSelector: String? = nil,
        reflector: Reflector = Reflector(), onNews: @escaping (News) -> Void
    ) {
        self.client = client
        self.resource = resource
        self.reflector = reflector
        self.onNews = onNews
        selectors =
            (labelSelector.map { [APIRequest.Parameter("labelSelector", $0)] } ?? [])
            + (fieldSelector.map { [APIRequest.Parameter("fieldSelector", $0)] } ?? [])
    }

    deinit { stop() }

    /// The last revision of which all is known.
    package var revision: String? { reflector.revision }

    package func start() { run(reflector.receive(.start)) }

    /// No news comes after this.
    package func stop() {
        isStopped = true
        abandon()
        if let timer { client.loop.cancel(timer) }
        timer = nil
    }

    // MARK: Actions

    private func run(_ actions: [Reflector.Action]) {
        for action in actions where !isStopped {
            switch action {
            case .list(let limit, let token): list(limit, token)
            case .watch(let revision, let timeout): watch(revision, timeout)
            case .stage: staged = [:]
            case .commit: commit()
            case .abandon: abandon()
            case .wait(let delay):
                if let timer { client.loop.cancel(timer) }
                timer = client.loop.after(delay) { [unowned self] in
                    timer = nil
                    run(reflector.receive(.timer))
                }
            case .report(let trouble): onNews(.trouble(trouble))
            }
        }
    }

    private func abandon() {
        call?.cancel()
        call = nil
    }

    private func list(_ limit: Int?, _ token: String) {
        abandon()
        var query = selectors
        if let limit { query.append(.init("limit", "\(limit)")) }
        if !token.isEmpty { query.append(.init("continue", token)) }
        var request = APIRequest("GET", resource.path(), query: query)
        request.timeout = .seconds(60)
        request.limit = 1 << 30
        call = client.send(request) { [unowned self] result in
            call = nil
            switch result {
            case .success(let answer): read(answer.body)
            case .failure(let failure): run(reflector.receive(.failed(failure)))
            }
        }
    }

    private func read(_ body: [UInt8]) {
        do throws(JSONError) {
            let page = try ListPage(body) { (object: ReadObject<Content>) in
                staged[interned(object.key)] = object.content
            }
            run(reflector.receive(.page(revision: page.revision, continueToken: page.continueToken)))
        } catch {
            run(reflector.receive(.malformed("\(resource.path()): \(error)")))
        }
    }

    private func watch(_ revision: String?, _ timeout: Duration) {
        abandon()
        lines = WatchLines()
        var query = selectors + [.init("watch", "true"), .init("allowWatchBookmarks", "true")]
        query.append(.init("timeoutSeconds", "\(Int(timeout.seconds))"))
        if let revision {
            query.append(.init("resourceVersion", revision))
        } else {
            query += [.init("sendInitialEvents", "true"), .init("resourceVersionMatch", "NotOlderThan")]
        }
        var request = APIRequest("GET", resource.path(), query: query)
        // The server ends it; one that has vanished does not.
        request.timeout = timeout + .seconds(30)
        call = client.stream(
            request, onOpen: { [unowned self] in run(reflector.receive(.opened)) },
            onBytes: { [unowned self] in receive($0) },
            onEnd: { [unowned self] result in
                call = nil
                switch result {
                case .success where lines.hasRest: run(reflector.receive(.malformed("the watch ends inside an event")))
                case .success: run(reflector.receive(.ended))
                case .failure(let failure): run(reflector.receive(.failed(failure)))
                }
            })
    }

    // MARK: Events

    private func receive(_ bytes: [UInt8]) {
        let current = call
        // An event may begin another watch, whose lines are its own.
        var own = lines
        lines = WatchLines()
        do throws(WatchLines.TooLong) {
            try own.receive(bytes) { line in
                take(line)
                // What follows in these bytes is of a watch that has ended.
                return call === current && !isStopped
            }
            if call === current { lines = own }
        } catch {
            run(reflector.receive(.malformed("an event of \(resource.path()) is larger than any object")))
        }
        tell()
    }

    private func take(_ line: UnsafeBufferPointer<UInt8>) {
        let event: WatchEvent<Content>
        do throws(JSONError) {
            event = try WatchEvent(line)
        } catch {
            return run(reflector.receive(.malformed("an event of \(resource.path()): \(error)")))
        }
        switch event {
        case .added(let object), .modified(let object): apply(object, isDeletion: false)
        case .deleted(let object): apply(object, isDeletion: true)
        case .bookmark(let revision, let isEnd):
            isAlive = true
            run(reflector.receive(.bookmark(revision: revision, endsInitialEvents: isEnd)))
        case .error(let status):
            abandon()
            run(reflector.receive(.failed(APIFailure(operation: "watch \(resource.path())", status: status))))
        // A later version's; it says nothing that we could know.
        case .unknown: isAlive = true
        }
    }

    private func apply(_ object: ReadObject<Content>, isDeletion: Bool) {
        let key = interned(object.key)
        if !object.revision.isEmpty {
            if reflector.isStaging {
                staged[key] = isDeletion ? nil : object.content
            } else {
                isAlive = true
                note(key, objects[key], isDeletion ? nil : object.content)
                objects[key] = isDeletion ? nil : object.content
            }
        }
        run(reflector.receive(.object(revision: object.revision)))
    }

    private func note(_ key: ObjectKey, _ before: Content?, _ after: Content?) {
        if before != after { changes.append(Change(key: key, before: before, after: after)) }
    }

    private func commit() {
        tell()
        for (key, content) in staged { note(key, objects[key], content) }
        for (key, content) in objects where staged[key] == nil { note(key, content, nil) }
        objects = staged
        staged = [:]
        hasSynced = true
        let told = changes
        changes = []
        isAlive = false
        onNews(.synced(told))
    }

    private func tell() {
        if isStopped { return }
        let told = changes
        changes = []
        let lived = isAlive
        isAlive = false
        if !told.isEmpty { onNews(.changed(told)) } else if lived && hasSynced { onNews(.alive) }
    }

    private func interned(_ key: ObjectKey) -> ObjectKey {
        // Up to 15 bytes a string has no memory of its own.
        guard key.namespace.utf8.count > 15 else { return key }
        return ObjectKey(namespace: namespaces.insert(key.namespace).memberAfterInsert, name: key.name)
    }
}
