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

    /// Reads the store all the time, before its server forgets: nil where there is an etcd.
    func startHarvest(_ isOver: Raised) throws -> Promise<StoreHarvest>? {
        if etcd != nil { return nil }
        let result = Promise<StoreHarvest>()
        let path = "\(servers[0].directory)/state.db"
        _ = try Thread("harvest") {
            var harvest = StoreHarvest(path)
            while !isOver.isRaised {
                // A server that is about to begin may have locked it.
                try? harvest.take()
                usleep(30_000)
            }
            result.set(harvest)
        }
        return result
    }

    /// Kills and starts. Gives how often it did.
    func startKiller(_ isOver: Raised) throws -> Promise<Int> {
        let result = Promise<Int>()
        let owned = Handed((servers, etcdProcess))
        let (life, seed) = (plan.life, random.next())
        _ = try Thread("killer") {
            var random = SeededGenerator(seed: seed)
            var kills = 0
            let (servers, etcd) = owned.value
            do {
                // However slow the machine is, two are killed: the second life is over at once when the time is.
                while !isOver.isRaised || (life != nil && kills < 2) {
                    let server = servers.randomElement(using: &random) ?? servers[0]
                    let time = life.map { Int.random(in: $0, using: &random) } ?? 200
                    // In pieces, so that the end is not missed.
                    for _ in 0..<time / 50 where !isOver.isRaised { usleep(50_000) }
                    usleep(UInt32(time % 50) * 1000)
                    if life == nil { continue }
                    if let etcd, Int.random(in: 0..<3, using: &random) == 0 {
                        etcd.kill()
                        kills += 1
                        usleep(UInt32.random(in: 0...300_000, using: &random))
                        try etcd.start()
                        continue
                    }
                    server.kill()
                    kills += 1
                    while Int.random(in: 0..<4, using: &random) == 0 {
                        kills += 1
                        try server.startInVain(for: .milliseconds(Int.random(in: 0...300, using: &random)))
                    }
                    try server.start()
                }
            } catch {
                Issue.record("the killer ended: \(error)")
            }
            result.set(kills)
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
