import Linux
import TestSupport
import Testing

@testable import Store

@Suite("Backup and restore")
struct StoreBackupTests {
    private func open(_ path: String) throws -> (SQLiteObjectStore, StoreRecorder) {
        let store = SQLiteObjectStore(path: path)
        let recorder = StoreRecorder()
        try recorder.start(store)
        return (store, recorder)
    }

    @Test("a backup taken under load is the store at one moment, in one file; restored, revisions go on beyond it")
    func roundTrip() throws {
        let directory = try TemporaryDirectory()
        let (path, copy) = (directory.file("store.db"), directory.file("copy.db"))
        var (store, recorder) = try open(path)
        // Two keys that always change together.
        @Sendable func writeBoth(_ number: Int) -> [ObjectWrite] {
            [
                .update("/a", Array("\(number)".utf8), expected: nil),
                .update("/b", Array("\(number)".utf8), expected: nil),
            ]
        }
        try store.committed(writeBoth(0))
        let writer = try Thread("writes") { [store] in
            for number in 1...300 { _ = try? store.committed(writeBoth(number)) }
        }
        for _ in 0..<5 {
            let report = try StoreBackup.back(up: path, to: copy)
            let snapshot = try StoreLoad.read(SQLiteDatabase(copy, .readOnly), historyLimit: .max).snapshot
            #expect(
                snapshot.objects.map(\.key) == ["/a", "/b"] && snapshot.objects[0].value == snapshot.objects[1].value)
            #expect(report == .init(objects: 2, revision: snapshot.revision, bytes: try FileStatus(copy)?.size ?? 0))
            #expect(snapshot.history.last?.change.revision == snapshot.revision)
        }
        writer.join()
        let saved = try StoreLoad.read(SQLiteDatabase(copy, .readOnly), historyLimit: 0).snapshot
        let last = try store.written(.create("/after", [1]))
        store.close()
        #expect(try Files.list(directory.path).sorted() == ["copy.db", "store.db", "store.db.lock"])

        let report = try StoreBackup.restore(copy, to: path)
        #expect(report.objects == 2 && report.revision == last + StoreBackup.gap)
        (store, recorder) = try open(path)
        let snapshot = try #require(recorder.state.snapshots.first)
        #expect(snapshot.objects == saved.objects)
        #expect(snapshot.revision == report.revision && snapshot.history.isEmpty)
        #expect(try store.written(.create("/after", [2])) == report.revision + 1)
        store.close()

        // What was there before is there still.
        (store, recorder) = try open(path + ".before-restore")
        #expect(recorder.value("/after") == [1] && recorder.revision == last)
        store.close()
    }

    @Test("a restore replaces a damaged file and one that was never there")
    func damaged() throws {
        let directory = try TemporaryDirectory()
        let (path, copy) = (directory.file("store.db"), directory.file("copy.db"))
        var (store, recorder) = try open(path)
        try store.written(.create("/a", [1]))
        _ = try StoreBackup.back(up: path, to: copy)
        store.close()
        try Files.replace(path, [UInt8](repeating: 0x55, count: 10_000))
        _ = try StoreBackup.restore(copy, to: path)
        (store, recorder) = try open(path)
        #expect(recorder.value("/a") == [1])
        store.close()
        _ = try StoreBackup.restore(copy, to: directory.file("new.db"))
        (store, recorder) = try open(directory.file("new.db"))
        #expect(recorder.value("/a") == [1])
        store.close()
    }

    @Test("what is no backup is refused, and nothing changes")
    func refusals() throws {
        let directory = try TemporaryDirectory()
        let (path, copy) = (directory.file("store.db"), directory.file("copy.db"))
        let (store, _) = try open(path)
        try store.written(.create("/a", [UInt8](repeating: 9, count: 5000)))
        _ = try StoreBackup.back(up: path, to: copy)
        store.close()
        let before = try Files.read(path)
        func refusal(_ bytes: [UInt8]?) throws -> StoreOpenError.Kind? {
            if let bytes { try Files.replace(copy, bytes) } else { try Files.remove(copy) }
            let error = #expect(throws: StoreOpenError.self) { try StoreBackup.restore(copy, to: path) }
            #expect(try Files.read(path) == before && !Files.exists(path + ".partial"))
            return error?.kind
        }
        var damaged = try Files.read(copy)
        // In the middle of the value.
        let place = try #require(damaged.indices.first { damaged[$0...].prefix(500).allSatisfy { $0 == 9 } })
        damaged[place + 100] = 8
        #expect(try refusal(damaged) == .corrupt)
        #expect(try refusal(Array(damaged.prefix(5000))) == .corrupt)
        #expect(try refusal([1, 2, 3]) == .corrupt)
        #expect(try refusal([]) == .unknownFormat)
        #expect(try refusal(nil) == .unusable)
        #expect(throws: StoreOpenError.self) { try StoreBackup.back(up: directory.file("absent"), to: copy) }
        #expect(throws: StoreOpenError.self) { try StoreBackup.back(up: path, to: directory.file("absent/copy")) }
    }
}
