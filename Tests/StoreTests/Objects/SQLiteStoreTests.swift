import Foundation
import Glibc
import Linux
import TestSupport
import Testing

@testable import Store

/// What only a store on a file has to do: keep the file small, tell its history, be copied.
@Suite("A store on a file", .serialized)
struct SQLiteStoreTests {
    let directory = Directory()

    final class Directory {
        private let owned: TemporaryDirectory?
        init() { owned = try? TemporaryDirectory() }
        func file(_ name: String) -> String { owned?.file(name) ?? "" }
    }

    var path: String { directory.file("store.db") }

    func open(_ options: SQLiteOptions = SQLiteOptions(), _ file: String? = nil) throws -> (
        SQLiteObjectStore, StoreRecorder
    ) {
        let store = SQLiteObjectStore(path: file ?? path, options: options)
        let recorder = StoreRecorder()
        try recorder.start(store)
        return (store, recorder)
    }

    func openError(_ file: String? = nil) -> StoreOpenError? {
        do {
            let (store, _) = try open(SQLiteOptions(), file)
            store.close()
            return nil
        } catch {
            return error as? StoreOpenError
        }
    }

    @Test("a second server is kept out; a backup is not, and a restore waits for the end of the server")
    func twoOpeners() throws {
        let (store, _) = try open()
        try store.written(.create("/a", [1]))
        #expect(openError() == StoreOpenError(.inUse, path, "another server uses it"))
        let report = try StoreBackup.back(up: path, to: directory.file("copy.db"))
        #expect(report.objects == 1)
        let refusal = #expect(throws: StoreOpenError.self) {
            try StoreBackup.restore(directory.file("copy.db"), to: path)
        }
        #expect(refusal?.kind == .inUse)
        try store.written(.create("/b", [1]))
        store.close()
        #expect(openError() == nil)
    }

    @Test("every commit waits for the disk, and nobody but the owner may read what is there")
    func durabilityAndMode() throws {
        let database = try StoreSchema.open(path)
        #expect(try database.text("PRAGMA journal_mode", "read") == "wal")
        // 2 is FULL.
        #expect(try database.integer("PRAGMA synchronous", "read") == 2)
        let (store, _) = try open(SQLiteOptions(), directory.file("other.db"))
        try store.written(.create("/registry/secrets/default/a", [1]))
        _ = try StoreBackup.back(up: directory.file("other.db"), to: directory.file("copy.db"))
        for name in ["other.db", "other.db-wal", "other.db-shm", "other.db.lock", "copy.db"] {
            var status = stat()
            #expect(stat(directory.file(name), &status) == 0 && status.st_mode & 0o777 == 0o600, "\(name)")
        }
        store.close()
    }

    @Test("files that are none of ours are refused with the reason, and left as they are")
    func strangers() throws {
        func refused(_ name: String, _ kind: StoreOpenError.Kind, _ part: String) throws {
            let file = directory.file(name)
            let before = try? Files.read(file)
            let error = openError(file)
            #expect(
                error?.kind == kind && error?.reason.contains(part) == true, "\(name): \(String(describing: error))")
            #expect(error?.description.contains(file) == true)
            #expect((try? Files.read(file)) == before)
        }
        try Files.replace(directory.file("text"), Array(String(repeating: "no database\n", count: 100).utf8))
        try refused("text", .corrupt, "no database")
        try Files.makeDirectories(directory.file("directory"))
        try refused("directory", .unusable, "unable to open")
        try refused("absent/store.db", .unusable, "No such file or directory")
        do {
            let other = try SQLiteDatabase(directory.file("other"), .create)
            try other.execute("CREATE TABLE t (x)", "make")
        }
        try refused("other", .unknownFormat, "another program")
        do {
            let newer = try StoreSchema.open(directory.file("newer"))
            try newer.execute("PRAGMA journal_mode = DELETE; PRAGMA user_version = 2", "make")
        }
        try refused("newer", .unknownFormat, "version 2, this program knows version 1: use the newer Poplin")
    }

    @Test("the history of a restart goes on where it was, with what was there before each change")
    func history() throws {
        var (store, recorder) = try open()
        let a = try store.written(.create("/a", [1]))
        let b = try store.written(.create("/b", Array(repeating: 7, count: 1000)))
        let a2 = try store.written(.update("/a", [2], expected: a))
        let gone = try store.written(.delete("/b", expected: b))
        store.close()
        let old = [
            PastChange(change: StoreChange(key: "/a", revision: a, createRevision: a, value: [1]), previous: nil),
            PastChange(
                change: StoreChange(key: "/b", revision: b, createRevision: b, value: Array(repeating: 7, count: 1000)),
                previous: nil),
            PastChange(
                change: StoreChange(key: "/a", revision: a2, createRevision: a, value: [2]),
                previous: StoredObject(key: "/a", value: [1], createRevision: a, modRevision: a)),
            PastChange(
                change: StoreChange(key: "/b", revision: gone, createRevision: 0, value: nil),
                previous: StoredObject(
                    key: "/b", value: Array(repeating: 7, count: 1000), createRevision: b, modRevision: b)),
        ]
        (store, recorder) = try open()
        #expect(recorder.state.snapshots.first?.history == old)
        store.compact(through: a)
        try store.written(.create("/c", [1]))
        store.close()
        (store, recorder) = try open()
        #expect(recorder.state.snapshots.first?.history.dropLast() == old.dropFirst())
        store.close()
        // Less is told when there is a limit, and always the end.
        var options = SQLiteOptions()
        options.toldHistoryBytes = 20
        (store, recorder) = try open(options)
        #expect(recorder.state.snapshots.first?.history.first?.change.revision == a2)
        store.close()
    }

    @Test("keys whose time came while no server ran are deleted at the next start")
    func expiryWhileClosed() throws {
        let clock = TestClock()
        var options = SQLiteOptions()
        options.clock = { clock.seconds }
        var (store, recorder) = try open(options)
        for number in 0..<1200 { store.write(.create("/event\(number)", [1], ttl: 3600)) { _ in } }
        let last = try store.written(.create("/stays", [1]))
        store.close()
        clock.advance(3601)
        (store, recorder) = try open(options)
        #expect(recorder.state.objects.count == 1201 || recorder.revision > last)
        try eventually("the events are gone") { recorder.state.objects.count == 1 }
        #expect(recorder.revision == last + 1200 && recorder.state.faults == [])
        store.close()
    }

    @Test("leases that are renewed for ever keep the file and its log as small as the history may be")
    func churn() throws {
        var options = SQLiteOptions()
        options.historyBytes = 400_000
        options.busyCheckpoint = 500
        let (store, recorder) = try open(options)
        let value = [UInt8](repeating: 0x6C, count: 600)
        var largest: (file: Int64, log: Int64) = (0, 0)
        for round in 0..<60 {
            let answers = Answers(200)
            for number in 0..<200 {
                let key = "/registry/leases/kube-node-lease/node-\(number % 40)"
                store.write(.update(key, value + Array("\(round)".utf8), expected: nil)) { _ in answers.arrive() }
            }
            answers.wait()
            largest.file = max(largest.file, try FileStatus(path)?.size ?? 0)
            largest.log = max(largest.log, try FileStatus(path + "-wal")?.size ?? 0)
        }
        #expect(recorder.changes.count == 12_000 && recorder.state.faults == [])
        // 12,000 revisions are 7 MB.
        #expect(largest.file < 3 << 20, "\(largest.file) bytes")
        #expect(largest.log < 6 << 20, "\(largest.log) bytes")
        store.close()
        #expect(try FileStatus(path)?.size ?? 0 < 3 << 20)
        #expect(!Files.exists(path + "-wal"))
    }

    @Test("what is deleted gives its room back to the disk")
    func shrinking() throws {
        var options = SQLiteOptions()
        options.historyAge = .milliseconds(100)
        let (store, _) = try open(options)
        let value = [UInt8](repeating: 1, count: 20_000)
        for verb in ["create", "delete"] {
            let answers = Answers(500)
            for number in 0..<500 {
                let write =
                    verb == "create" ? ObjectWrite.create("/\(number)", value) : .delete("/\(number)", expected: nil)
                store.write(write) { _ in answers.arrive() }
            }
            answers.wait()
            if verb == "create" {
                let sizes = try [path, path + "-wal"].map { try FileStatus($0)?.size ?? 0 }
                #expect(sizes[0] + sizes[1] > 8 << 20)
            }
        }
        try eventually("the history is forgotten and the file small") {
            try store.written(.update("/tick", [1], expected: nil))
            return try SQLiteDatabase(path, .readWrite).integer("PRAGMA page_count", "read") < 1500
        }
        store.close()
        #expect(try FileStatus(path)?.size ?? 0 < 6 << 20)
    }
}

/// Counts answers from other threads.
final class Answers: Sendable {
    private let count: Int
    private let semaphore = DispatchSemaphore(value: 0)

    init(_ count: Int) { self.count = count }

    func arrive() { semaphore.signal() }
    func wait() { for _ in 0..<count { semaphore.wait() } }
}
