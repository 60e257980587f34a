internal import Glibc
internal import HTTP
internal import Linux
internal import Store
internal import Synchronization

/// The object stores: durable writes for each number of writers that wait for their answers, and the start of a server
/// on a store that has much in it. Values are 1 KiB.
final class StoreBench {
    private let directory: String
    private let clock = ContinuousClock()

    init(directory: String) throws {
        self.directory = directory
        try Files.makeDirectories(directory)
    }

    func run() throws {
        print("## Object store, \(describeMachine())\n")
        var writes = Table("store", "writers", "writes/s", "median ms", "99 % ms", "own CPU µs a write")
        for writers in [1, 8, 64] {
            let path = "\(directory)/writes-\(writers).db"
            let store = SQLiteObjectStore(path: path)
            try store.start { _ in }
            try measure(store, writers, seconds: 3) { writes.add("SQLite", $0, $1, $2, $3, $4) }
            store.close()
            try remove(path)
        }
        let etcd = try BenchEtcd("\(directory)/etcd")
        for writers in [1, 8, 64] {
            let store = EtcdObjectStore(EtcdConfiguration(endpoints: [etcd.endpoint]))
            try startAndWait(store)
            try measure(store, writers, seconds: 3, prefix: "etcd-\(writers)") {
                writes.add("etcd", $0, $1, $2, $3, $4)
            }
            store.close()
        }
        etcd.end()
        writes.print()
        print("One sync of this disk (append 8 KiB, fdatasync): median \(rounded(try syncTime())) ms\n")

        var starts = Table("objects", "file MiB", "start to snapshot ms", "memory MiB")
        for count in [0, 10_000, 100_000] {
            let path = "\(directory)/start.db"
            try fill(path, count)
            let before = residentMebibytes()
            let store = SQLiteObjectStore(path: path)
            let kept = Mutex<StoreSnapshot?>(nil)
            let start = clock.now
            try store.start { if case .snapshot(let snapshot) = $0 { kept.withLock { $0 = snapshot } } }
            let taken = clock.now - start
            Allocator.trim()
            let size = Double(try FileStatus(path)?.size ?? 0) / 1_048_576
            starts.add(
                "\(kept.withLock { $0?.objects.count ?? 0 })", rounded(size), rounded(milliseconds(taken)),
                rounded(max(0, residentMebibytes() - before)))
            store.close()
            try remove(path)
        }
        starts.print()
    }

    /// Each writer is a thread that makes keys, one after the other, and waits for each.
    private func measure(
        _ store: any ObjectStore, _ writers: Int, seconds: Int, prefix: String = "sqlite",
        _ add: (String, String, String, String, String) -> Void
    ) throws {
        let samples = Mutex(Sample())
        let failures = Mutex<[WriteFailure]>([])
        let value = [UInt8](repeating: 0x61, count: 1024)
        let processor = processorTime()
        let start = clock.now
        let end = start + .seconds(seconds)
        let threads = WaitGroup(writers)
        for writer in 0..<writers {
            _ = try Thread("writer") { [clock] in
                var own = Sample()
                var number = 0
                while clock.now < end {
                    let answer = WaitGroup(1)
                    let begin = clock.now
                    store.write(.create("/registry/configmaps/\(prefix)-\(writer)/\(number)", value)) { result in
                        if case .failure(let failure) = result { failures.withLock { $0.append(failure) } }
                        answer.leave()
                    }
                    answer.wait()
                    own.add(clock.now - begin)
                    number += 1
                }
                samples.withLock { $0.add(own) }
                threads.leave()
            }
        }
        threads.wait()
        let taken = clock.now - start
        if let failure = failures.withLock({ $0.first }) { throw failure }
        let sample = samples.withLock { $0 }
        add(
            "\(writers)", rounded(Double(sample.count) / taken.seconds), rounded(sample.median),
            rounded(sample.percentile(0.99)),
            rounded((processorTime() - processor).seconds * 1e6 / Double(max(1, sample.count))))
    }

    private func startAndWait(_ store: any ObjectStore) throws {
        let ready = WaitGroup(1)
        try store.start { if case .snapshot = $0 { ready.leave() } }
        ready.wait()
    }

    /// What the disk itself takes for the smallest durable write.
    private func syncTime() throws -> Double {
        let path = "\(directory)/sync"
        let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC)
        defer { try? Files.remove(path) }
        let bytes = [UInt8](repeating: 0x61, count: 8192)
        var sample = Sample()
        for _ in 0..<200 {
            try sample.time {
                try file.writeAll(bytes)
                try check("sync", path) { fdatasync(file.rawValue) }
            }
        }
        return sample.median
    }

    private func fill(_ path: String, _ count: Int) throws {
        let store = SQLiteObjectStore(path: path)
        try store.start { _ in }
        let value = [UInt8](repeating: 0x61, count: 1024)
        let answers = WaitGroup(count)
        for number in 0..<count {
            store.write(.create("/registry/services/specs/default/service-\(number)", value)) { _ in answers.leave() }
        }
        answers.wait()
        store.close()
    }

    private func remove(_ path: String) throws {
        for suffix in ["", "-wal", "-shm", ".lock"] { try Files.remove(path + suffix) }
    }

    /// Of this process: it and the writers, without etcd.
    private func processorTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    private func residentMebibytes() -> Double {
        let pages = ((try? Files.readText("/proc/self/statm")) ?? "").split(separator: " ").dropFirst().first
        return Double(pages.flatMap { Int($0) } ?? 0) * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576
    }
}

/// An etcd as it comes, which syncs its disk, on free ports.
private struct BenchEtcd {
    let endpoint: String
    private let child: pid_t
    private let directory: String

    init(_ directory: String) throws {
        self.directory = directory
        let number = Int(getpid()) % 10_000
        let (client, peer) = (20_000 + number, 32_000 + number)
        endpoint = "http://127.0.0.1:\(client)"
        let null = try FileDescriptor.open("/dev/null", O_RDWR)
        child = try ChildProcess.start(
            [
                "/usr/bin/etcd", "--data-dir=\(directory)", "--log-level=error", "--listen-client-urls=\(endpoint)",
                "--advertise-client-urls=\(endpoint)", "--listen-peer-urls=http://127.0.0.1:\(peer)",
            ], environment: [], descriptors: [null.rawValue, null.rawValue, null.rawValue])
    }

    func end() {
        kill(child, SIGKILL)
        _ = try? ChildProcess.wait(for: child)
        try? Files.removeTree(directory)
    }
}

/// Waits until so many have left.
private final class WaitGroup: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    private let count: Int

    init(_ count: Int) {
        self.count = count
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func leave() { sem_post(semaphore) }

    func wait() {
        for _ in 0..<count { while sem_wait(semaphore) != 0 {} }
    }
}
