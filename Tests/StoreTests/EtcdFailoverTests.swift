import Glibc
import HTTP
import Linux
import Store
import TestSupport
import Testing

@Suite("Several endpoints", .serialized, .requiresProgram("etcd"))
struct EtcdFailoverTests {
    func dead() throws -> String { "http://127.0.0.1:\(try FreePort.next())" }

    @Test("dead endpoints are passed over, for reads, writes and watches, and the one that answered is asked first")
    func failover() throws {
        let server = try EtcdServer()
        let configuration = EtcdConfiguration(endpoints: [try dead(), try dead(), server.endpoint + "/"])
        let store = try EtcdClient(configuration)
        let revision = try store.put("/f", [1])
        #expect(try store.get("/f")?.modRevision == revision)
        let watch = try WatchRecorder(configuration, .key("/f"), from: revision)
        try watch.waitForEvents(1)
        #expect(watch.revisions == [revision])
        watch.cancel()
    }

    @Test("when all are dead the error says so, names the last, and nothing was done")
    func allDead() throws {
        let endpoints = [try dead(), try dead()]
        let store = try EtcdClient(EtcdConfiguration(endpoints: endpoints))
        let error = #expect(throws: StoreError.self) { try store.put("/f", [1]) }
        #expect(error?.kind == .unavailable && error?.mayHaveBeenDone == false)
        #expect(endpoints.contains(error?.endpoint ?? ""))
        #expect(error?.description.hasPrefix("cannot put /f at http://127.0.0.1:") == true)
    }

    @Test("a read leaves an endpoint that hangs; a write that may have been done is not sent to another")
    func hanging() throws {
        let (hung, good) = (try EtcdServer(), try EtcdServer())
        var configuration = EtcdConfiguration(endpoints: [hung.endpoint, good.endpoint])
        configuration.requestTimeout = .seconds(5)
        hung.signal(SIGSTOP)
        defer { hung.signal(SIGCONT) }
        let reader = try EtcdClient(configuration)
        #expect(try reader.get("/f") == nil)
        let writer = try EtcdClient(configuration)
        let error = #expect(throws: StoreError.self) { try writer.put("/f", [1]) }
        #expect(error?.kind == .timedOut && error?.mayHaveBeenDone == true && error?.endpoint == hung.endpoint)
        // The next call begins with the other one.
        try writer.put("/g", [1])
        #expect(try reader.range(.prefix("/")).keyValues.map(\.key) == ["/g"])
    }

    @Test("a call that waits is cancelled from another thread")
    func cancellation() throws {
        let server = try EtcdServer()
        server.signal(SIGSTOP)
        defer { server.signal(SIGCONT) }
        let cancellation = Cancellation()
        let store = try server.client(cancellation: cancellation)
        let thread = try Thread("cancels") {
            usleep(50_000)
            cancellation.cancel()
        }
        let start = MonotonicTime.now
        #expect(kind { try store.get("/f") } == .cancelled)
        #expect(MonotonicTime.now - start < .seconds(5))
        thread.join()
    }

    @Test(
        "a configuration that cannot work is refused with the reason",
        arguments: [
            (EtcdConfiguration(endpoints: []), "no endpoint is given"),
            (
                EtcdConfiguration(endpoints: ["10.0.0.1:2379", "http://a", "ftp://b"]),
                "not http:// or https://: 10.0.0.1:2379, ftp://b"
            ),
            (
                EtcdConfiguration(endpoints: ["https://a"], tls: TLSFiles(key: "k")),
                "a client certificate and its key go together"
            ),
        ])
    func configurations(configuration: EtcdConfiguration, reason: String) {
        let error = #expect(throws: StoreError.self) { try EtcdClient(configuration) }
        #expect(error?.kind == .invalid && error?.reason == reason)
    }
}
