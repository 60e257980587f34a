import Foundation
import Glibc
import Linux
import Store
import TestSupport
import Testing

/// A server that is killed at any moment under load.
@Suite(
    "A killed store", .serialized, .enabled("needs store-writer: swift build --build-tests", { WriterProcess.isBuilt }))
struct StoreCrashTests {
    /// Rounds of one store's life; each begins where the last was killed.
    static let rounds = 200

    @Test("killed at random points: every acknowledged write is there, revisions are gapless and in order")
    func kills() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("store.db")
        var generator = SeededGenerator()
        var model = AcknowledgedWrites()
        for round in 0..<Self.rounds {
            let writer = try WriterProcess(
                path, writers: [1, 4, 16].randomElement(using: &generator) ?? 1,
                historyBytes: [50_000, 64 << 20].randomElement(using: &generator) ?? 0)
            let lines = try writer.kill(after: .microseconds(Int.random(in: 0...40_000, using: &generator)))
            for line in lines { try model.take(line) }
            // Else the next one finds the file as the killed one has left it, with its log.
            guard Bool.random(using: &generator) || round == Self.rounds - 1 else { continue }
            let recorder = StoreRecorder()
            var options = SQLiteOptions()
            options.toldHistoryBytes = .max
            let store = SQLiteObjectStore(path: path, options: options)
            try recorder.start(store)
            store.close()
            let snapshot = try #require(recorder.state.snapshots.first)
            let faults = recorder.state.faults + model.faults(in: snapshot)
            #expect(faults.isEmpty, "seed \(generator.seed), round \(round)")
            if !faults.isEmpty { return }
        }
        #expect(model.count > Self.rounds / 10, "\(model.count) acknowledged")
    }
}

/// What a killed writer had been told that it has.
struct AcknowledgedWrites {
    struct Write: Hashable {
        var revision: Revision
        var key: String
        /// nil for a deletion.
        var length: Int?
    }

    private var writes: [Write] = []
    private var checked = 0
    /// The newest revision of each key that a deletion was tried of: it may have been made without an answer.
    private var deletionsTried: [String: Revision] = [:]

    var count: Int { writes.count }

    mutating func take(_ line: Substring) throws {
        let words = line.split(separator: " ")
        if words.first == "deletes" {
            let revision = try #require(Revision(words[2]))
            deletionsTried[String(words[1])] = max(revision, deletionsTried[String(words[1])] ?? 0)
            return
        }
        let revision = try #require(words.first.flatMap { Revision($0) }, "the writer said: \(line)")
        writes.append(Write(revision: revision, key: String(words[1]), length: Int(words[2])))
    }

    /// What is missing or wrong. The writes that were taken since the last time are looked for one by one in the history.
    mutating func faults(in snapshot: StoreSnapshot) -> [String] {
        var faults: [String] = []
        let history = snapshot.history.map(\.change)
        for (change, expected) in zip(history.reversed(), sequence(first: snapshot.revision) { $0 - 1 })
        where change.revision != expected {
            faults.append("revision \(change.revision) where \(expected) should be")
        }
        let byRevision = Dictionary(uniqueKeysWithValues: history.map { ($0.revision, $0) })
        let compacted = snapshot.revision - Revision(history.count)
        for write in writes[checked...] where write.revision > compacted {
            guard let change = byRevision[write.revision] else {
                faults.append("\(write) is not there")
                continue
            }
            if change.key != write.key || change.value?.count != write.length { faults.append("\(write) is other") }
        }
        checked = writes.count

        // What the keys hold is at least as new as what was acknowledged last, and the same unless there was more.
        let objects = Dictionary(uniqueKeysWithValues: snapshot.objects.map { ($0.key, $0) })
        var last: [String: Write] = [:]
        for write in writes where write.revision > last[write.key]?.revision ?? 0 { last[write.key] = write }
        for (key, write) in last {
            let object = objects[key]
            if let object, object.modRevision > write.revision { continue }
            if object == nil, write.length == nil || deletionsTried[key] ?? 0 >= write.revision { continue }
            if object?.modRevision == write.revision, object?.value.count == write.length { continue }
            faults.append("\(write) is not what \(key) holds")
        }
        for object in snapshot.objects where !Self.isWhole(object) { faults.append("\(object.key) has a wrong value") }
        return faults
    }

    private static func isWhole(_ object: StoredObject) -> Bool {
        guard let space = object.value.firstIndex(of: 0x20) else { return false }
        let expected = Revision(String(decoding: object.value[..<space], as: UTF8.self))
        return expected.map { $0 < object.modRevision } == true
            && object.value[(space + 1)...].allSatisfy { $0 == 0x30 }
    }
}

/// A store-writer that runs until it is killed.
final class WriterProcess {
    /// Beside the bundle of the tests, which is among the arguments.
    static let path: String = {
        let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? ""
        let parts = bundle.split(separator: "/", omittingEmptySubsequences: false)
        return (parts.prefix { !$0.hasSuffix(".xctest") } + ["store-writer"]).joined(separator: "/")
    }()
    static var isBuilt: Bool { Files.isExecutable(path) }

    private let child: pid_t
    private let output: FileDescriptor

    init(_ file: String, writers: Int, historyBytes: Int) throws {
        var ends: [CInt] = [0, 0]
        try check("make", "a pipe") { pipe(&ends) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        output = FileDescriptor(owning: ends[0])
        let input = FileDescriptor(owning: ends[1])
        child = try ChildProcess.start(
            [Self.path, file, String(writers), String(historyBytes)], environment: [],
            descriptors: [0, input.rawValue, 2])
    }

    /// Kills it so long after its first line, and gives its whole lines after that one.
    func kill(after delay: Duration) throws -> [Substring] {
        var bytes: [UInt8] = []
        let killer = try Thread("kills") { [child, output = output.rawValue] in
            var ready = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            poll(&ready, 1, 20_000)
            usleep(UInt32(delay / .microseconds(1)))
            Glibc.kill(child, SIGKILL)
        }
        bytes = try output.readAll(limit: 1 << 30)
        killer.join()
        _ = try ChildProcess.wait(for: child)
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        // After the last newline there is nothing, or a line that was cut.
        return lines.dropLast().filter { $0 != "ready" }
    }
}
