import Glibc
import KubeClient
import Lab
import NFTables
import ServiceProxy
import TestSupport
import Testing

@Suite(.requiresRoot) struct ProxyDaemonTests {
    @Test("a Service is in the kernel soon after it is in the cluster, and a change of its endpoint too")
    func follows() throws {
        let live = try LiveNode()
        try live.startProxy()
        try live.createService(1)
        try eventually("the Service leads somewhere") { try live.endpoint(1) == "10.30.2.1" }
        try live.ask(
            .update(
                ResourcePath(group: "discovery.k8s.io", "endpointslices", namespace: "default"), "web-1",
                live.slice(1, 7)))
        try eventually("the Service leads elsewhere") { try live.endpoint(1) == "10.30.2.7" }
        try live.ask(.delete(ResourcePath("services", namespace: "default"), "web-1"))
        try eventually("the Service is gone") { try live.endpoint(1) == nil }
    }

    @Test("a table that somebody takes away comes back")
    func repairs() throws {
        let live = try LiveNode()
        try live.createService(1)
        try live.startProxy()
        try eventually("the Service leads somewhere") { try live.endpoint(1) != nil }
        try live.node.run {
            var socket = try NFTSocket()
            var harm = Transaction()
            harm.delete(ProxySet.table)
            try socket.commit(harm)
        }
        try eventually("the table is back", within: .seconds(5)) { try live.endpoint(1) != nil }
    }

    @Test("a restart without a change writes nothing; one after a kill -9 writes what was missed")
    func restarts() throws {
        let live = try LiveNode()
        try live.createService(1)
        try live.startProxy()
        try eventually("the Service leads somewhere") { try live.endpoint(1) != nil }
        live.endProxy(SIGTERM)
        let generation = try live.generation()
        let starts = { live.log.split(separator: "\n").count { $0.contains("event=ready") } }
        let before = starts()
        try live.startProxy()
        try eventually("the proxy is ready") { starts() > before }
        #expect(try live.generation() == generation)
        live.endProxy(SIGKILL)
        try live.createService(2)
        #expect(try live.endpoint(1) == "10.30.2.1" && live.endpoint(2) == nil)
        try live.startProxy()
        try eventually("what was missed is there") { try live.endpoint(2) == "10.30.2.1" }
    }

    @Test("kube-proxy's tables go when ours comes, and others stay")
    func replaces() throws {
        let live = try LiveNode()
        try live.createService(1)
        let theirs = [Table(.ip, "kube-proxy"), Table(.ip6, "kube-proxy"), Table(.inet, "kube-proxy-of-others")]
        try live.node.run {
            var socket = try NFTSocket()
            var transaction = Transaction()
            for table in theirs { transaction.create(table) }
            try socket.commit(transaction)
        }
        try live.startProxy()
        try eventually("the Service leads somewhere") { try live.endpoint(1) != nil }
        let left = try live.node.run {
            var socket = try NFTSocket()
            return try socket.tables()
        }
        #expect(Set(left) == [ProxySet.table, theirs[2]])
    }
}
