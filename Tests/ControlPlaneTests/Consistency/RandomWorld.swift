import HTTP
import Identity
import KubeAPI
import Linux
import Store
import TestSupport

@testable import ControlPlane

/// A store, a cache that follows it late, watches, and clients who read slowly, go and come back: all of it as one
/// sequence of random steps, without a socket or a thread.
final class RandomWorld {
    var random: SeededGenerator
    /// As etcd has it: the writes of one commit share a revision, a restart knows no history, and what was not delivered
    /// may be lost. Otherwise as a file has it.
    let isShared: Bool
    var history = History()
    private(set) var cache: ObjectCache
    private(set) var hub = WatchHub()
    private var objects: [String: StoredObject] = [:]
    private var past: [PastChange] = []
    private var revision: Revision = 1
    private var undelivered: [[StoreChange]] = []
    private var clients: [SlowClient] = []
    private let limits: WatchRing.Limits
    private var now = MonotonicTime.now
    private(set) var problems: [String] = []
    private(set) var counts: [String: Int] = [:]
    private var writes = 0

    private let types: ServedTypes
    private static let storages: [StoragePrefix] = [.configMaps, .pods]

    init(seed: UInt64, _ types: ServedTypes) {
        self.types = types
        random = SeededGenerator(seed: seed)
        isShared = Bool.random(using: &random)
        limits = WatchRing.Limits(bytes: 1 << 20, changes: Int.random(in: 1...60, using: &random))
        cache = ObjectCache(limits: limits)
        for _ in 0..<Int.random(in: 0...10, using: &random) { commit() }
        restart()
    }

    func run(steps: Int) {
        for _ in 0..<steps { step() }
        while !undelivered.isEmpty { deliver() }
        while hub.isDelivering { hub.deliver() }
        repeat {
            for client in clients where client.isOpen { drain(client, .max) }
            hub.proceed(cache)
        } while hub.hasBusy || clients.contains { $0.hasUnread }
        for client in clients { check(client, isWhole: client.isOpen) }
    }

    private func step() {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<30: commit()
        case 30..<55: deliver()
        case 55..<62: open()
        case 62..<82: if let client = clients.randomElement(using: &random) { drain(client, Int.random(in: 1...6)) }
        case 82..<86: hub.proceed(cache)
        case 86..<90: hub.deliver()
        case 90..<93: if let client = clients.randomElement(using: &random) { close(client) }
        case 93..<96: list()
        case 96..<98:
            now = now + .seconds(Int.random(in: 1...70, using: &random))
            hub.tick(now, cache)
        case 98: lose()
        default: if Int.random(in: 0..<4, using: &random) == 0 { restart() }
        }
    }

    // MARK: The store

    private func commit() {
        var changes: [StoreChange] = []
        let storages = isShared ? Self.storages.shuffled(using: &random) : Self.storages + Self.storages
        for storage in storages.prefix(Int.random(in: 1...storages.count, using: &random)) {
            let path = "n\(Int.random(in: 0..<2, using: &random))/o\(Int.random(in: 0..<6, using: &random))"
            let key = storage.key(path)
            if changes.contains(where: { $0.key == key }) { continue }
            if !isShared || changes.isEmpty { revision += isShared ? Revision.random(in: 1...3, using: &random) : 1 }
            let old = objects[key]
            let isDeletion = old != nil && Int.random(in: 0..<3, using: &random) == 0
            let change = StoreChange(
                key: key, revision: revision, createRevision: isDeletion ? 0 : old?.createRevision ?? revision,
                value: isDeletion ? nil : value(storage, path))
            objects[key] = change.object
            past.append(PastChange(change: change, previous: old))
            history.append(key, revision, change.value)
            changes.append(change)
        }
        undelivered.append(changes)
    }

    private func value(_ storage: StoragePrefix, _ path: String) -> [UInt8] {
        writes += 1
        let words = path.split(separator: "/")
        let labels = ["", #""tier":"a""#, #""tier":"b""#, #""tier":"a","x":"y""#].randomElement(using: &random) ?? ""
        let phase = ["Pending", "Running"].randomElement(using: &random) ?? ""
        let kind = storage == .pods ? "Pod" : "ConfigMap"
        let status = storage == .pods ? #","status":{"phase":"\#(phase)"}"# : #","data":{"n":"\#(writes)"}"#
        // The annotation tells one write from the next in every form.
        let metadata =
            #"{"name":"\#(words[1])","namespace":"\#(words[0])","labels":{\#(labels)},"annotations":{"n":"\#(writes)"}}"#
        return Array(#"{"kind":"\#(kind)","apiVersion":"v1","metadata":\#(metadata)\#(status)}"#.utf8)
    }

    private func deliver() {
        guard !undelivered.isEmpty else { return }
        // Several commits can come in one delivery.
        let count = Int.random(in: 1...min(3, undelivered.count), using: &random)
        let changes = cache.apply(undelivered.prefix(count).flatMap { $0 })
        undelivered.removeFirst(count)
        hub.publish(changes)
    }

    /// The store has forgotten what was not delivered: the server reads everything anew.
    private func lose() {
        guard isShared else { return }
        counts["loss", default: 0] += 1
        undelivered = []
        let changes = cache.load(snapshot)
        hub.expireAll(cache)
        hub.publish(changes)
    }

    private func restart() {
        counts["restart", default: 0] += 1
        for client in clients { close(client) }
        cache = ObjectCache(limits: limits)
        hub = WatchHub()
        if Bool.random(using: &random) {
            // The first watch is told of a change, and the others when somebody asks for it.
            hub.pace = (.zero, 1)
        }
        undelivered = []
        var snapshot = snapshot
        if !isShared { snapshot.history = past.suffix(Int.random(in: 0...80, using: &random)) }
        _ = cache.load(snapshot)
    }

    private var snapshot: StoreSnapshot {
        StoreSnapshot(objects: objects.values.sorted { $0.key < $1.key }, revision: revision)
    }

    // MARK: Clients

    private func open() {
        let returning = clients.filter { !$0.isOpen && $0.point != nil }.randomElement(using: &random)
        if let returning, Int.random(in: 0..<4, using: &random) > 0 {
            start(returning.selection, from: "\(returning.point ?? 0)")
        } else if Int.random(in: 0..<4, using: &random) == 0 {
            // Where another server has been already, or somebody was once.
            start(selection(), from: "\(Revision.random(in: max(1, revision - 40)...revision, using: &random))")
        } else {
            start(selection(), from: ["", "0"].randomElement(using: &random) ?? "", hasState: true)
        }
    }

    private func selection() -> Selection {
        var selection = Selection(storage: Self.storages.randomElement(using: &random) ?? .pods)
        selection.namespace = ["", "", "n0", "n1"].randomElement(using: &random) ?? ""
        let labels: [Selection.Labels] = [
            .any, .any, .equals("tier", "a"), .differs("tier", "a"), .among("tier", ["a", "b"]), .absent("x"),
        ]
        selection.labels = labels.randomElement(using: &random) ?? .any
        var fields: [Selection.Fields] = [.any, .any, .equals("metadata.name", "o1"), .differs("metadata.name", "o2")]
        if selection.storage == .pods { fields += [.equals("status.phase", "Running")] }
        selection.fields = fields.randomElement(using: &random) ?? .any
        // Half of the clients want JSON.
        if Bool.random(using: &random) { selection.form = WatchForm.allCases.randomElement(using: &random) ?? .json }
        return selection
    }

    private func start(_ selection: Selection, from version: String, hasState: Bool = false) {
        var options = options(selection)
        options.resourceVersion = version
        options.allowsBookmarks = Bool.random(using: &random)
        let isMarked = hasState && options.allowsBookmarks && Bool.random(using: &random)
        if isMarked {
            options.sendsInitialEvents = true
            options.match = "NotOlderThan"
        }
        guard let type = types.type(of: selection.storage), let start = try? WatchStart(options),
            let filter = try? ObjectFilter(
                type, isStoredVersion: true, namespace: selection.namespace, options: options)
        else { return problems.append("a watch of \(selection) is refused") }
        guard let opening = cache.opening(selection.storage, filter, start) else {
            counts["expired", default: 0] += 1
            if Revision(version) ?? 0 >= cache.ring.start { problems.append("a watch from \(version) is refused") }
            return
        }
        let floor = cache.revision
        let client = SlowClient(
            selection, hasState ? .state(notBefore: floor, isMarked: isMarked) : .after(Revision(version) ?? 0),
            frameCost: Int.random(in: 1...200, using: &random) << 10)
        let session = WatchSession(
            client.call,
            WatchGroup(selection.storage, filter, renderer(type, selection.form)),
            sendsBookmarks: options.allowsBookmarks, marksEnd: isMarked, opening: opening,
            deadline: now + .seconds(Int.random(in: 10...2000, using: &random)))
        clients.append(client)
        hub.add(session, cache)
        counts["watch", default: 0] += 1
    }

    private func renderer(_ type: ResourceType, _ form: WatchForm) -> Renderer {
        var renderer = Renderer(type: type, form: form.answerForm, isStoredVersion: true)
        renderer.includeObject = form.includeObject
        return renderer
    }

    private func drain(_ client: SlowClient, _ count: Int) {
        client.read(count)
        if client.wasExpired { counts["expired", default: 0] += 1 }
        if let problem = client.problem { problems.append(problem) }
    }

    private func close(_ client: SlowClient) {
        guard client.isOpen else { return }
        if client.isAtRest { check(client, isWhole: false) }
        client.disconnect()
    }

    private func check(_ client: SlowClient, isWhole: Bool) {
        var record = client.record
        // Nothing more may be owed to a client that has taken everything.
        if isWhole { record.told.append(Told(kind: .bookmark, revision: history.revision)) }
        counts["told", default: 0] += record.told.count
        if let problem = record.problem(Expectation(client.selection, history)) {
            problems.append("\(client.selection): \(problem)")
        }
    }

    // MARK: Lists

    private func options(_ selection: Selection) -> ListOptions {
        var options = ListOptions()
        options.labelSelector = selection.labelSelector
        options.fieldSelector = selection.fieldSelector
        return options
    }

    /// A list in pages at a revision, between which the world goes on.
    private func list() {
        let selection = selection()
        guard let type = types.type(of: selection.storage),
            let filter = try? ObjectFilter(
                type, isStoredVersion: true, namespace: selection.namespace, options: options(selection))
        else { return problems.append("a list of \(selection) is refused") }
        let wanted = Revision.random(in: max(1, cache.revision - 30)...cache.revision, using: &random)
        var (start, limit) = ("", Int.random(in: 0...4, using: &random))
        var reader = EventReader(selection.form)
        var told: [Told] = []
        repeat {
            guard let page = cache.list(selection.storage, filter, at: wanted, from: start, limit: limit) else {
                if wanted >= cache.ring.start { problems.append("a list at \(wanted) is refused") }
                return
            }
            let body = renderer(type, selection.form).answer(page).pieces.flatMap { $0 }
            guard let read = reader.list(body), read.revision == wanted else {
                return problems.append("a list that cannot be read: \(String(decoding: body, as: UTF8.self))")
            }
            told += read.told
            start = ContinueToken(read.continuation)?.start ?? ""
            commit()
            deliver()
            if Bool.random(using: &random) { limit += 1 }
        } while !start.isEmpty
        let record = WatchRecord(start: .list(wanted, notBefore: 0), told: told)
        counts["list", default: 0] += 1
        if let problem = record.problem(Expectation(selection, history)) { problems.append("\(selection): \(problem)") }
    }
}
