internal import Glibc
internal import Linux
internal import Store
internal import Synchronization

/// Usage: store-writer FILE WRITERS HISTORY-BYTES
///
/// Keeps as many writes under way as there are writers: it makes, changes and deletes a few keys, some several at once.
/// A line on the standard output for each acknowledged write: its revision, its key, and the length of the value or -
/// for a deletion; and before a deletion, `deletes`, the key and the revision expected. A value is the revision that
/// was expected when it was written, a space, and zeroes up to its length. The first line is `ready`.
enum StoreWriter {
    static func main(_ arguments: [String]) -> CInt {
        guard arguments.count == 4, let writers = Int(arguments[2]), let historyBytes = Int(arguments[3]) else {
            return 64
        }
        var options = SQLiteOptions()
        options.historyBytes = historyBytes
        options.historyAge = .milliseconds(300)
        options.busyCheckpoint = 200
        options.idleCheckpoint = 50
        let store = SQLiteObjectStore(path: arguments[1], options: options)
        let revisions = Revisions()
        do {
            try store.start { revisions.receive($0) }
        } catch {
            say("\(error)")
            return 1
        }
        say("ready")
        for writer in 0..<writers { write(store, revisions, writer) }
        while true { pause() }
    }

    /// Writes to the writer's own keys, and again when that is done.
    private static func write(_ store: SQLiteObjectStore, _ revisions: Revisions, _ writer: Int) {
        var writes: [ObjectWrite] = []
        for number in 0..<(Int.random(in: 0..<4) == 0 ? 3 : 1) {
            let key = "/registry/tests/\(writer)/\((Int.random(in: 0..<4) + number) % 4)"
            if writes.contains(where: { $0.key == key }) { continue }
            let expected = revisions.of(key)
            if expected > 0, Int.random(in: 0..<4) == 0 {
                say("deletes \(key) \(expected)")
                writes.append(.delete(key, expected: expected))
            } else {
                // Some fit into a page, some need several.
                let length = Int.random(in: 0..<5) == 0 ? Int.random(in: 5_000...30_000) : Int.random(in: 30...1500)
                writes.append(.update(key, value(expected, length), expected: expected))
            }
        }
        store.commit(writes) { [writes] result in
            switch result {
            case .success(let given):
                for (write, revision) in zip(writes, given) {
                    say("\(revision) \(write.key) \(write.value.map { String($0.count) } ?? "-")")
                }
            case .failure(let failure): say("failed: \(failure)")
            }
            self.write(store, revisions, writer)
        }
    }

    private static func value(_ expected: Revision, _ length: Int) -> [UInt8] {
        let text = Array("\(expected) ".utf8)
        return text + [UInt8](repeating: 0x30, count: length - text.count)
    }

    private static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
    }
}

/// What each key's revision is now.
private final class Revisions: Sendable {
    private let revisions = Mutex<[String: Revision]>([:])

    func of(_ key: String) -> Revision { revisions.withLock { $0[key] ?? 0 } }

    func receive(_ delivery: StoreDelivery) {
        revisions.withLock { revisions in
            switch delivery {
            case .snapshot(let snapshot):
                for object in snapshot.objects { revisions[object.key] = object.modRevision }
            case .changes(let changes):
                for change in changes { revisions[change.key] = change.value == nil ? nil : change.revision }
            case .unavailable, .available: break
            }
        }
    }
}
