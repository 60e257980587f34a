import Glibc
import Linux
import Store
import Synchronization
import TestSupport
import Testing

@testable import ControlPlane
@testable import KubeClient

extension ConsistencyRun {
    struct Written: Sendable {
        var operations: [Operation]
        var problems: [String]
    }

    func startWriter(_ id: Int, _ isOver: Raised) throws -> Promise<Written> {
        let result = Promise<Written>()
        let accesses = try servers.map { try access($0) }
        let (seed, settings, rest, acknowledged) = (random.next(), plan.writing, plan.rest, acknowledged)
        _ = try Thread("writer") {
            let clients = accesses.compactMap { try? BlockingAPIClient($0, options: Self.options) }
            let writer = RandomWriter(id, seed: seed, clients, settings, acknowledged)
            while !isOver.isRaised {
                // A server that is gone comes back soon.
                usleep(writer.step() ? UInt32(Int.random(in: rest)) * 1000 : 10_000)
            }
            result.set(Written(operations: writer.operations, problems: writer.problems))
        }
        return result
    }

    struct Harvest: Sendable {
        var kills = 0
        var store: StoreHarvest?
    }

    /// Kills, starts, and reads the store before and after.
    func startKiller(_ isOver: Raised) throws -> Promise<Harvest> {
        let result = Promise<Harvest>()
        let owned = Handed((servers, etcdProcess))
        let (life, seed) = (plan.life, random.next())
        _ = try Thread("killer") {
            var random = SeededGenerator(seed: seed)
            var harvest = Harvest()
            let (servers, etcd) = owned.value
            if etcd == nil { harvest.store = StoreHarvest("\(servers[0].directory)/state.db") }
            do {
                while !isOver.isRaised {
                    let server = servers.randomElement(using: &random) ?? servers[0]
                    let end = MonotonicTime.now + .milliseconds(life.map { Int.random(in: $0, using: &random) } ?? 200)
                    while MonotonicTime.now < end {
                        usleep(50_000)
                        try harvest.store?.take(isRunning: true)
                    }
                    if life == nil { continue }
                    if let etcd, Int.random(in: 0..<3, using: &random) == 0 {
                        etcd.kill()
                        harvest.kills += 1
                        usleep(UInt32.random(in: 0...300_000, using: &random))
                        try etcd.start()
                        continue
                    }
                    server.kill()
                    harvest.kills += 1
                    try harvest.store?.take(isRunning: false)
                    while Int.random(in: 0..<4, using: &random) == 0 {
                        harvest.kills += 1
                        try server.startInVain(for: .milliseconds(Int.random(in: 0...300, using: &random)))
                    }
                    try server.start()
                }
            } catch {
                Issue.record("the killer ended: \(error)")
            }
            result.set(harvest)
        }
        return result
    }
}

/// Raised by one thread, seen by others.
final class Raised: Sendable {
    private let value = Atomic(false)
    func raise() { value.store(true, ordering: .releasing) }
    var isRaised: Bool { value.load(ordering: .acquiring) }
}

/// What a thread has when it ends.
final class Promise<Value: Sendable>: Sendable {
    private let state = Mutex<Value?>(nil)
    func set(_ value: Value) { state.withLock { $0 = value } }
    var value: Value? { state.withLock { $0 } }
    var isSet: Bool { value != nil }
}

/// Given to a thread that has it for itself from then on.
struct Handed<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
