import Daemon
import HTTP
import JSON
import KubeClient
import Store
import TestSupport

@testable import ControlPlane
@testable import KubeClient

/// One that watches by plain requests: begins in every way there is, breaks off at random, and goes on from the last
/// revision or bookmark that it has seen.
final class WatchClient {
    let selection: Selection
    private let path: ResourcePath
    private let clients: [APIClient]
    private let loop: EventLoop
    private let acknowledged: Acknowledged
    private var random: SeededGenerator
    /// What has ended.
    private(set) var records: [WatchRecord] = []
    private(set) var current: WatchRecord?
    private var point: Revision?
    private var isInState = false
    private var call: KubeClient.APICall?
    private var lines = WatchLines()
    private var frames = ProtobufWatchFrames()
    private var eventsLeft = Int.max
    private var reader: EventReader
    private(set) var expirations = 0
    private(set) var resumptions = 0
    private(set) var problems: [String] = []
    /// From now on it stays.
    var isSettling = false

    init(_ kind: LoadKind, _ selection: Selection, _ clients: [APIClient], _ acknowledged: Acknowledged, seed: UInt64) {
        self.selection = selection
        reader = EventReader(selection.form)
        path = kind.path(selection.namespace)
        self.clients = clients
        loop = clients[0].loop
        self.acknowledged = acknowledged
        random = SeededGenerator(seed: seed)
    }

    /// All that it was told, and what it must have been told if nothing is left.
    func isCaughtUp(_ expectation: Expectation, at revision: Revision) -> Bool {
        guard var record = current, call != nil else { return false }
        record.told.append(Told(kind: .bookmark, revision: revision))
        return record.problem(expectation) == nil
    }

    func begin() {
        let client = clients.randomElement(using: &random) ?? clients[0]
        if let point, Int.random(in: 0..<6, using: &random) > 0 {
            resumptions += 1
            return watch(client, .after(point), [.init("resourceVersion", "\(point)")])
        }
        let floor = acknowledged.newest
        switch Int.random(in: 0..<8, using: &random) {
        case 0: watch(client, .state(notBefore: floor, isMarked: false), [])
        case 1: watch(client, .state(notBefore: 0, isMarked: false), [.init("resourceVersion", "0")])
        case 2:
            let query: [APIRequest.Parameter] = [
                .init("sendInitialEvents", "true"), .init("resourceVersionMatch", "NotOlderThan"),
            ]
            watch(client, .state(notBefore: floor, isMarked: true), query, bookmarks: true)
        case 3: list(client, WatchRecord(start: .list(0, notBefore: 0)), query: [.init("resourceVersion", "0")])
        case 4:
            // Somewhere in what it has seen, which may be gone.
            guard let old = pastRevision else { fallthrough }
            watch(client, .after(old), [.init("resourceVersion", "\(old)")])
        case 5:
            guard let old = pastRevision else { fallthrough }
            let query: [APIRequest.Parameter] = [
                .init("resourceVersion", "\(old)"), .init("resourceVersionMatch", "Exact"),
            ]
            list(client, WatchRecord(start: .list(old, notBefore: 0)), query: query)
        case 6 where floor > 0:
            list(
                client, WatchRecord(start: .list(0, notBefore: floor)),
                query: [.init("resourceVersion", "\(floor)")])
        default: list(client, WatchRecord(start: .list(0, notBefore: floor)), query: [])
        }
    }

    private var pastRevision: Revision? {
        records.randomElement(using: &random)?.told.randomElement(using: &random)?.revision
    }

    private var selectors: [APIRequest.Parameter] {
        var query: [APIRequest.Parameter] = []
        if !selection.labelSelector.isEmpty { query.append(.init("labelSelector", selection.labelSelector)) }
        if !selection.fieldSelector.isEmpty { query.append(.init("fieldSelector", selection.fieldSelector)) }
        if selection.form == .tableOfObjects { query.append(.init("includeObject", selection.form.includeObject)) }
        return query
    }

    // MARK: Lists

    private func list(_ client: APIClient, _ record: WatchRecord, query: [APIRequest.Parameter]) {
        var parameters = selectors + query
        let isWhole = Int.random(in: 0..<2, using: &random) == 0
        if !isWhole { parameters.append(.init("limit", "\(Int.random(in: 1...20, using: &random))")) }
        var request = APIRequest("GET", path.path(), query: parameters)
        request.accept = selection.form.accept(isList: true)
        call = client.send(request) { [unowned self] result in
            call = nil
            switch result {
            case .success(let answer): listed(client, record, answer.body)
            case .failure(let failure): failed(failure)
            }
        }
    }

    private func listed(_ client: APIClient, _ record: WatchRecord, _ body: [UInt8]) {
        guard case .list(let first, let floor) = record.start, let page = reader.list(body) else {
            problems.append("a list that cannot be read: \(String(decoding: body.prefix(300), as: UTF8.self))")
            return rest()
        }
        var record = record
        if first != 0, first != page.revision { problems.append("a page of \(page.revision) in a list at \(first)") }
        record.start = .list(page.revision, notBefore: floor)
        record.told += page.told
        if !page.continuation.isEmpty {
            return list(client, record, query: [.init("continue", page.continuation)])
        }
        records.append(record)
        point = page.revision
        watch(client, .after(page.revision), [.init("resourceVersion", "\(page.revision)")])
    }

    // MARK: Watches

    private func watch(
        _ client: APIClient, _ start: WatchRecord.Start, _ query: [APIRequest.Parameter], bookmarks: Bool = false
    ) {
        current = WatchRecord(start: start)
        if case .state = start { isInState = true } else { isInState = false }
        lines = WatchLines()
        frames = ProtobufWatchFrames()
        reader.begin()
        eventsLeft =
            isSettling ? .max : [.max, Int.random(in: 1...80, using: &random)].randomElement(using: &random) ?? 1
        var parameters = selectors + query + [.init("watch", "true")]
        if bookmarks || Bool.random(using: &random) { parameters.append(.init("allowWatchBookmarks", "true")) }
        // A bookmark comes two seconds before the end.
        if !isSettling, Bool.random(using: &random) {
            parameters.append(.init("timeoutSeconds", "\(Int.random(in: 1...5, using: &random))"))
        }
        var request = APIRequest("GET", path.path(), query: parameters)
        request.timeout = .seconds(600)
        request.accept = selection.form.accept(isList: false)
        call = client.stream(
            request, onOpen: {}, onBytes: { [unowned self] in receive($0) },
            onEnd: { [unowned self] result in
                call = nil
                close()
                switch result {
                case .success: rest()
                case .failure(let failure): failed(failure)
                }
            })
    }

    private func receive(_ bytes: [UInt8]) {
        let own = call
        if selection.form == .protobuf {
            var received = frames
            frames = ProtobufWatchFrames()
            received.receive(bytes) { event in
                take(reader.read(event))
                return call === own
            }
            if call === own { frames = received }
            return
        }
        var received = lines
        lines = WatchLines()
        do throws(WatchLines.TooLong) {
            try received.receive(bytes) { line in
                take(reader.read(Array(line)))
                return call === own
            }
            if call === own { lines = received }
        } catch {
            problems.append("a line that does not end")
        }
    }

    private func take(_ event: EventReader.Event) {
        switch event {
        case .told(let told):
            current?.told.append(told)
            if told.kind != .added { isInState = false }
            if !isInState { point = told.revision }
            eventsLeft -= 1
            // It breaks off in the middle, and what has come behind is not looked at.
            if eventsLeft <= 0, !isSettling { leave() }
        case .failed(410):
            expirations += 1
            point = nil
            leave()
        case .failed(let code):
            problems.append("\(selection): an error event \(code)")
            leave()
        case .unreadable(let text):
            problems.append("\(selection): an event that cannot be read: \(text)")
            leave()
        }
    }

    private func leave() {
        call?.cancel()
        call = nil
        close()
        rest()
    }

    private func close() {
        if let current { records.append(current) }
        current = nil
    }

    private func failed(_ failure: APIFailure) {
        if failure.isExpired {
            expirations += 1
            point = nil
        } else if failure.kind == .refused, failure.code != 429, failure.code != 503, failure.code != 504 {
            problems.append("\(selection): \(failure)")
        }
        rest()
    }

    private func rest() {
        let pause = isSettling ? 20 : Int.random(in: 0...(Int.random(in: 0..<5, using: &random) == 0 ? 2500 : 200))
        _ = loop.after(.milliseconds(pause)) { [weak self] in self?.begin() }
    }
}
