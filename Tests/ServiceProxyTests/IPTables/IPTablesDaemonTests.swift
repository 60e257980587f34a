import Glibc
import KubeClient
import Lab
import Linux
import NetTypes
import ServiceProxy
import TestSupport
import Testing

@Suite(.requiresRoot, .requiresProgram("iptables-restore")) struct IPTablesDaemonTests {
    private let flags = ["--proxy-mode=iptables", "--iptables-sync-period=100ms", "--iptables-min-sync-period=10ms"]

    /// Whether a rule for the Service's address, or of its endpoint, is there.
    private func has(_ text: String, _ live: LiveNode) throws -> Bool {
        try live.node.run {
            try IPTablesPrograms.installed().contains { programs in
                let chains = try programs.dump().ownRules
                return chains.values.contains { $0.contains { $0.contains(text) } }
            }
        }
    }

    @Test("a Service and a change of its endpoint are written by iptables; what somebody takes away comes back")
    func follows() throws {
        let live = try LiveNode()
        try live.createService(1)
        try live.startProxy(flags)
        try eventually("the Service leads somewhere") { try has("--to-destination 10.30.2.1:8080", live) }
        #expect(live.log.contains("mode=iptables") && live.log.contains("variant="))
        var probe = Probe(from: live.node.path, to: address("127.0.0.1"))
        probe.port = 10_249
        probe.patience = .seconds(10)
        let mode = try probe.get("/proxyMode")
        #expect(mode.hasSuffix("\r\n\r\niptables"), "\(mode)")
        let slices = ResourcePath(group: "discovery.k8s.io", "endpointslices", namespace: "default")
        try live.ask(.update(slices, "web-1", live.slice(1, 7)))
        try eventually("the Service leads elsewhere") {
            try has("--to-destination 10.30.2.7:8080", live) && !has("--to-destination 10.30.2.1:8080", live)
        }
        #expect(try live.node.run { try Sysctl.read("net/ipv4/conf/all/route_localnet") } == "1")

        // With the daemon's flags, and by what is there.
        for mode in ["--proxy-mode=iptables", "--proxy-mode="] {
            let trace = try live.inspect("trace", "192.168.30.77", "10.96.1.1:80", mode)
            #expect(trace.standardOutput.contains("POPLIN-SERVICES: Service default/web-1\n"), "\(trace)")
            #expect(trace.status == 0 && trace.standardOutput.contains("to 10.30.2.7:8080"), "\(trace)")
            let planned = try live.inspect("trace", "192.168.30.77", "10.96.1.1:80", "--planned", mode)
            #expect(planned.standardOutput == trace.standardOutput)
        }
        let isLegacy = live.log.contains("variant=legacy")
        let sent = try live.inspect("trace", "node", "10.96.1.1:80", "--live", "--proxy-mode=iptables")
        #expect(isLegacy == sent.standardError.contains("--live is not possible with the legacy tables"), "\(sent)")
        #expect(isLegacy || sent.standardOutput.contains("went to 10.30.2.7:8080"), "\(sent)")
        let nothing = try live.inspect("trace", "node", "10.96.1.1:80")
        #expect(nothing.status == 1 && nothing.standardError.contains("there is neither a table"), "\(nothing)")

        try live.node.run {
            for programs in IPTablesPrograms.installed() where !(try programs.dump().ownRules.isEmpty) {
                try programs.restore("*nat\n-F POPLIN-SERVICES\nCOMMIT\n")
            }
        }
        try eventually("it is noticed") { live.log.contains("changed by somebody else") }
        let rule = "-d 10.96.1.1/32 -p tcp -m comment --comment \"default/web-1\" -m tcp --dport 80 -j POPLIN-SVC-"
        #expect(try has(rule, live))
        try live.ask(.delete(ResourcePath("services", namespace: "default"), "web-1"))
        try eventually("the Service is gone") { try !has("10.96.1.1", live) }
    }

    @Test("a restart without a change writes nothing; one after a kill -9 writes what was missed")
    func restarts() throws {
        let live = try LiveNode()
        try live.createService(1)
        try live.startProxy(flags)
        try eventually("all is there") {
            try has("--to-destination 10.30.2.1:8080", live) && has("-j POPLIN-CLUSTER-IPS", live)
        }
        live.endProxy(SIGTERM)
        let dump = { try live.node.run { try IPTablesPrograms.installed().map { try $0.dump().ownRules } } }
        let before = try dump()
        // The variant of nf_tables has a number for each commit; the other has none to ask for.
        let generation = try live.generation()
        try live.startProxy(flags)
        try eventually("the proxy is ready") { live.log.contains("event=\"rules taken over\" changes=0") }
        #expect(try live.generation() == generation && dump() == before)
        live.endProxy(SIGKILL)
        try live.createService(2)
        try live.startProxy(flags)
        try eventually("what was missed is there") { try has("--to-destination 10.30.2.1:8080", live) }
    }
}
