import TestSupport
import Testing

/// Real servers, real clients, and kill -9. Each failure has the seed of what the writers and watchers did.
@Suite("What clients of a real server are told", .serialized)
struct LiveConsistencyTests {
    private func judge(_ run: ConsistencyRun, _ what: String, seed: UInt64) {
        for problem in run.problems.prefix(5) { Issue.record("seed \(seed): \(problem)") }
        #expect(run.problems.isEmpty, "\(what), seed \(seed): \(run.problems.count) problems")
        if LongRun.factor > 1 { print("\(what), seed \(seed): \(run.report)") }
    }

    @Test("a server that is killed: nothing is lost, and every watch goes on where it was")
    func crashes() throws {
        let seed = UInt64.random(in: 0..<1 << 32)
        let server = try LiveServer(["--audit-log-path", "-"])
        let run = try ConsistencyRun(
            .init(duration: .seconds(5 * LongRun.factor), life: LongRun.factor > 1 ? 50...800 : 300...1500), [server],
            seed: seed)
        try run.run()
        judge(run, "kills", seed: seed)
        #expect(run.report.kills >= 2 && run.report.acknowledged > 50 && run.report.told > 50)
        // All of the history outlives the server, as long as it is kept at all.
        #expect(run.report.expirations == 0 || LongRun.factor > 30)
        #expect(run.report.resumptions > 10)
    }

    @Test("a server that is killed and soon forgets: who was away is told to list again, and misses nothing")
    func compaction() throws {
        let seed = UInt64.random(in: 0..<1 << 32)
        let server = try LiveServer([
            "--audit-log-path", "-", "--compaction-interval", "4s", "--watch-history", "24Ki",
        ])
        let run = try ConsistencyRun(
            .init(duration: .seconds(5 * LongRun.factor), life: 300...2500), [server], seed: seed)
        try run.run()
        judge(run, "compaction", seed: seed)
        #expect(run.report.kills >= 2 && run.report.acknowledged > 50 && run.report.told > 50)
        #expect(run.report.expirations > 0)
    }

    @Test("two servers on one etcd, any of which is killed", .requiresProgram("etcd"))
    func shared() throws {
        let seed = UInt64.random(in: 0..<1 << 32)
        let etcd = try EtcdProcess()
        let flags = [
            "--audit-log-path", "-", "--etcd-endpoints", etcd.url, "--service-cidr", "10.96.0.0/27",
            "--service-node-port-range", "30000-30015",
        ]
        let servers = [try LiveServer(flags), try LiveServer(flags)]
        var plan = ConsistencyRun.Plan(
            duration: .seconds(5 * LongRun.factor), life: LongRun.factor > 1 ? 200...1500 : 500...2500)
        plan.writing.isShared = true
        plan.writing.kinds = LoadKind.allCases + [.service, .service]
        plan.writing.allowed = ["is full", "no free", "provided port", "unable to allocate", "failed to allocate"]
        let run = try ConsistencyRun(plan, servers, etcd, seed: seed)
        try run.run()
        judge(run, "shared", seed: seed)
        #expect(run.report.kills >= 2 && run.report.acknowledged > 50 && run.report.told > 50)
    }
}
