import Foundation
import Glibc
import Linux
import TestSupport
import Testing

@testable import Store

/// Disks that are full, and disks that do not keep what was written.
@Suite("A store on a bad disk", .serialized)
struct StoreDamageTests {
    private func open(_ path: String, _ options: SQLiteOptions = SQLiteOptions()) throws -> (
        SQLiteObjectStore, StoreRecorder
    ) {
        let store = SQLiteObjectStore(path: path, options: options)
        let recorder = StoreRecorder()
        try recorder.start(store)
        return (store, recorder)
    }

    @Test("bytes that have changed on the disk are found at the start, or do not matter: nothing wrong is told")
    func damagedFile() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("store.db")
        let (store, recorder) = try open(path)
        for number in 0..<60 {
            let value = [UInt8](repeating: UInt8(number), count: number * 100)
            try store.written(.create("/registry/pods/default/pod-\(number)", value))
            if number.isMultiple(of: 7) {
                try store.written(.delete("/registry/pods/default/pod-\(number)", expected: nil))
            }
        }
        store.close()
        let (truth, whole) = (recorder.state, try Files.read(path))
        var generator = SeededGenerator()
        var found = 0
        for round in 0..<300 {
            var bytes = whole
            if round % 10 == 0 {
                bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator))
            } else {
                for _ in 0..<Int.random(in: 1...8, using: &generator) {
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^=
                        1 << UInt8.random(in: 0..<8, using: &generator)
                }
            }
            let damaged = directory.file("damaged.db")
            for suffix in ["-wal", "-shm"] { try Files.remove(damaged + suffix) }
            try Files.replace(damaged, bytes)
            do {
                let (store, recorder) = try open(damaged)
                store.close()
                let told = recorder.state
                #expect(told.revision == truth.revision, "seed \(generator.seed), round \(round)")
                #expect(told.objects == truth.objects, "seed \(generator.seed), round \(round)")
            } catch let error as StoreOpenError {
                found += 1
                #expect([.corrupt, .unknownFormat, .unusable].contains(error.kind), "\(error)")
            }
        }
        #expect(found > 100, "\(found)")
    }

    @Test("damage that is met while running ends the writes, and says what to do")
    func damageMeanwhile() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("store.db")
        let (store, recorder) = try open(path)
        defer { store.close() }
        try store.written(.create("/a", [UInt8](repeating: 9, count: 50_000)))
        // More than SQLite keeps in memory, so that it reads the value from the file again.
        for number in 0..<100 { try store.written(.create("/\(number)", [UInt8](repeating: 1, count: 50_000))) }
        do {
            let other = try SQLiteDatabase(path, .readWrite)
            #expect(try other.integer("SELECT count(*) FROM objects", "read") == 101)
            try other.checkpoint()
        }
        let bytes = try Files.read(path)
        let place = try #require(bytes.indices.first { bytes[$0...].prefix(500).allSatisfy { $0 == 9 } })
        let file = try FileDescriptor.open(path, O_WRONLY)
        #expect(pwrite(file.rawValue, [8], 1, off_t(place + 100)) == 1)

        for _ in 0..<2 {
            let failure = writeFailure { () throws(WriteFailure) in try store.written(.create("/a", [1])) }
            guard case .unavailable(let reason)? = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(reason.contains(path) && reason.contains("restore a backup"))
        }
        #expect(writeFailure { () throws(WriteFailure) in try store.written(.create("/new", [1])) } != nil)
        #expect(recorder.state.reports.count == 1 && recorder.state.objects.count == 101)
    }

    @Test(
        "on a full disk writes fail plainly, nothing acknowledged is lost, and it goes on when there is room",
        .requiresRoot)
    func fullDisk() throws {
        let directory = try TemporaryDirectory()
        let mount = directory.file("disk")
        try Files.makeDirectories(mount)
        // In a mount namespace of its own, which ends with the thread and the store's.
        try Thread.run("full disk") {
            try CallingThread.unshare([.mounts, .directories])
            func run(_ words: String...) throws {
                let child = try ChildProcess.start(words, environment: [], descriptors: [0, 1, 2])
                #expect(try ChildProcess.wait(for: child) == 0, "\(words)")
            }
            try run("/bin/mount", "--make-rprivate", "/")
            try run("/bin/mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", mount)
            let path = mount + "/store.db"
            var options = SQLiteOptions()
            options.busyCheckpoint = 100
            var (store, recorder) = try open(path, options)
            var acknowledged: [String: Revision] = [:]
            var failure: WriteFailure?
            for number in 0..<1000 where failure == nil {
                do throws(WriteFailure) {
                    acknowledged["/\(number)"] = try store.written(
                        .create("/\(number)", [UInt8](repeating: 1, count: 9_000)))
                } catch {
                    failure = error
                }
            }
            guard case .full(let reason)? = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(reason.contains("full") && reason.contains(path))
            #expect(acknowledged.count > 50)
            #expect(recorder.state.reports.count == 1)
            let told = { recorder.state.objects.mapValues(\.modRevision) }
            #expect(told() == acknowledged)
            // Reads go on, conflicts are still told.
            #expect(
                writeFailure { () throws(WriteFailure) in try store.written(.create("/0", [])) }
                    == .conflict(key: "/0", current: recorder.state.objects["/0"]))

            // A restart on the full disk.
            store.close()
            (store, recorder) = try open(path, options)
            #expect(recorder.state.objects.mapValues(\.modRevision) == acknowledged)
            for number in 0..<30 {
                let key = "/more\(number)"
                if let revision = try? store.written(.create(key, [UInt8](repeating: 2, count: 9_000))) {
                    acknowledged[key] = revision
                }
            }
            try run("/bin/mount", "-o", "remount,size=20m", mount)
            try eventually("it says that there is room") { recorder.state.reports.last == "available" }
            acknowledged["/last"] = try store.written(.create("/last", [UInt8](repeating: 3, count: 9_000)))
            store.close()
            (store, recorder) = try open(path, options)
            #expect(recorder.state.objects.mapValues(\.modRevision) == acknowledged)
            #expect(recorder.state.faults == [])
            store.close()

            // No room even to begin.
            try run("/bin/mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", mount)
            let error = #expect(throws: StoreOpenError.self) { try open(path) }
            #expect(error?.kind == .full, "\(String(describing: error))")
        }
    }
}
