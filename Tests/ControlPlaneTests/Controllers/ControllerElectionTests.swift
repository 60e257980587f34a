import JSON
import Store
import Testing

@testable import ControlPlane

@Suite struct ControllerElectionTests {
    private func timing() -> ControllerElection.Timing {
        var timing = ControllerElection.Timing()
        timing.interval = .milliseconds(20)
        // Long enough that a busy machine's pause is nobody's silence.
        timing.patience = .milliseconds(1500)
        timing.duration = .seconds(3)
        return timing
    }

    @Test("one of several servers leads; another one follows when it resigns, or falls silent")
    func election() throws {
        let shared = SharedStore()
        let first = try ClusterUnderTest(store: shared.view(), isShared: true, runsControllers: false)
        let loop = first.loop
        var servers = [first]
        for _ in 0..<2 {
            servers.append(
                try ClusterUnderTest(store: shared.view(), isShared: true, loop: loop, runsControllers: false))
        }
        var leading: Set<Int> = []
        let elections = servers.indices.map { index in
            ControllerElection(identity: "server-\(index)", timing: timing()) {
                leading.insert(index)
            } stepDown: {
                leading.remove(index)
            }
        }
        for (election, server) in zip(elections, servers) { election.start(server.server) }
        try first.run("leader") { !leading.isEmpty }
        let lease = try #require(first.object(.leases, "kube-system", "poplin-controllers"))
        #expect(lease.text("spec", "holderIdentity").hasPrefix("server-"))
        #expect(leading.count == 1)

        let resigned = try #require(leading.first)
        elections[resigned].stop()
        try first.run("next leader") { leading.count == 1 && leading.first != resigned }

        // One that falls silent: its lease stays, and nobody renews it.
        let silent = try #require(leading.first)
        let present = try #require(first.object(.leases, "kube-system", "poplin-controllers"))
        elections[silent].stop()
        var stale = present
        stale.set("gone", at: "spec", "holderIdentity")
        let key = StoragePrefix.leases.key("kube-system/poplin-controllers")
        first.server.commit([.update(key, ObjectMetadata.stored(stale), expected: nil)]) { _ in }
        try first.run("last leader") { leading.count == 1 && leading.first != silent && leading.first != resigned }
    }
}
