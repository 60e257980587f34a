import Daemon
import JSON
import KubeClient
import Store

@testable import ControlPlane

/// The product's own informer, with a book of what it has told: nothing may be missing between two copies.
final class InformerClient {
    let selection: Selection
    /// What the informer keeps: the revision alone, so that every change is told.
    struct Revised: Projection {
        var revision = ""
        init() {}
        mutating func take(_ cursor: inout JSONCursor) throws(JSONError) -> Bool { false }
        mutating func identify(_ key: ObjectKey, revision: String) { self.revision = revision }
    }

    private(set) var records: [WatchRecord] = []
    private(set) var problems: [String] = []
    private(set) var copies = 0
    private var informer: Informer<Revised>?

    init(_ kind: LoadKind, _ selection: Selection, _ client: APIClient) {
        self.selection = selection
        informer = Informer(
            client, kind.path(selection.namespace),
            labelSelector: selection.labelSelector.isEmpty ? nil : selection.labelSelector,
            fieldSelector: selection.fieldSelector.isEmpty ? nil : selection.fieldSelector,
            reflector: Reflector(
                pageSize: 20, backoff: Backoff(initial: .milliseconds(100), maximum: .milliseconds(500)))
        ) { [unowned self] news in take(news) }
    }

    func begin() { informer?.start() }
    func stop() { informer = nil }

    private var revision: Revision { informer?.revision.flatMap { Revision($0) } ?? 0 }

    private func take(_ news: Informer<Revised>.News) {
        switch news {
        case .synced:
            copies += 1
            let objects = (informer?.objects ?? [:]).map { key, content in
                Told(kind: .added, path: key.description, revision: Revision(content.revision) ?? -1)
            }
            let state = objects.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
            records.append(WatchRecord(start: .list(revision, notBefore: 0), told: state))
            records.append(WatchRecord(start: .after(revision)))
        case .changed(let changes):
            guard !records.isEmpty else { return problems.append("changes before a copy") }
            for change in changes {
                let kind: Told.Kind =
                    change.after == nil ? .deleted : change.before == nil ? .added : .modified
                let revision = change.after.flatMap { Revision($0.revision) } ?? 0
                records[records.count - 1].told.append(
                    Told(kind: kind, path: change.key.description, revision: revision))
            }
            // It says of itself how far it has got.
            records[records.count - 1].told.append(Told(kind: .bookmark, revision: revision))
        case .alive, .trouble: break
        }
    }

    func isCaughtUp(_ expectation: Expectation, at revision: Revision) -> Bool {
        guard var record = records.last else { return false }
        record.told.append(Told(kind: .bookmark, revision: revision))
        return record.problem(expectation) == nil
    }
}
