import Daemon
import KubeClient
import Lab
import Linux
import NFTables
import NetTypes
import TestSupport
import Testing

@testable import ServiceProxy

/// The part of the proxy that keeps the table, in this process, with faults that a test asks for: it does with the kernel
/// what the daemon does.
final class ApplierRun {
    let loop: EventLoop
    private(set) var applier: NFTablesApplier?
    private var index = ServiceIndex()
    private var services: [ObjectKey: ServiceObject] = [:]
    private var slices: [ObjectKey: EndpointSliceObject] = [:]
    var node = Scenario.node
    /// Of the attempts to commit, which from 1 on are refused.
    var refused: Set<Int> = []
    private(set) var attempts = 0
    private(set) var disturbances = 0
    private(set) var repairs = 0
    private var socket: NFTSocket

    /// To be made, and used, inside of the node's namespace.
    init(monitorSpace: Int32 = 4 << 20) throws {
        loop = try EventLoop()
        socket = try NFTSocket()
        applier = try NFTablesApplier(loop, monitorSpace: monitorSpace, isRefused: { [unowned self] in isRefused() }) {
            [unowned self] delay in
            disturbances += 1
            loop.after(delay) { [unowned self] in repair() }
        }
    }

    /// The next process, with the same cluster and on the same table.
    convenience init(after previous: ApplierRun) throws {
        try self.init()
        node = previous.node
        for (key, service) in previous.services { set(service: key.name, service) }
        for (key, slice) in previous.slices { set(slice: key.name, slice) }
    }

    func set(service name: String, _ service: ServiceObject?) {
        let key = ObjectKey(namespace: "default", name: name)
        services[key] = service
        index.set(service: key, service)
    }

    func set(slice name: String, _ slice: EndpointSliceObject?) {
        let key = ObjectKey(namespace: "default", name: name)
        slices[key] = slice
        index.set(slice: key, slice)
    }

    private func isRefused() -> Bool {
        attempts += 1
        return refused.contains(attempts)
    }

    /// As the daemon does it after a failure.
    func repair() {
        do {
            guard let applier, applier.hasPlan else {
                if try !flush() { loop.after(.milliseconds(1)) { [unowned self] in repair() } }
                return
            }
            repairs += try applier.repair()
        } catch {
            loop.after(.milliseconds(1)) { [unowned self] in repair() }
        }
    }

    /// Brings the kernel up to date. False when it refused.
    func flush() throws -> Bool {
        guard let applier else { return false }
        do {
            if applier.hasPlan { _ = try applier.update(node, &index) } else { _ = try applier.takeOver(node, &index) }
            return true
        } catch is NFTError {
            return false
        }
    }

    var installed: InstalledTable {
        get throws { try InstalledTable(&socket) }
    }

    func elements(of set: NFTSet) throws -> [Element] {
        try socket.set(set) == nil ? [] : Array(socket.elements(of: set))
    }

    /// What is missing in the kernel for the table to be what a fresh plan of these objects says.
    func differences() throws -> Transaction {
        let installed = try installed
        var fresh = ServiceIndex()
        for (key, service) in services { fresh.set(service: key, service) }
        for (key, slice) in slices { fresh.set(slice: key, slice) }
        var planner = Planner(node, remembering: installed.slots)
        fresh.plan(with: &planner)
        return installed.changes(to: planner.start())
    }

    func commit(_ transaction: Transaction) throws { try socket.commit(transaction) }
}
