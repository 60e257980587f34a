import HTTP
import Store
import TestSupport
import Testing

@Suite("Who may use etcd", .serialized, .requiresProgram("etcd"), .requiresProgram("openssl"))
struct EtcdSecurityTests {
    @Test("TLS with client certificates works for reads, leases and watches; without the right files nothing does")
    func tls() throws {
        let certificates = try Certificates()
        let server = try EtcdServer(scheme: "https", certificates.serverArguments)
        let store = try server.client(tls: certificates.client)
        let revision = try store.put("/s", [1], lease: try store.grantLease(seconds: 60).id)
        let watch = try WatchRecorder(
            EtcdConfiguration(endpoints: [server.endpoint], tls: certificates.client), .key("/s"), from: revision)
        try watch.waitForEvents(1)
        #expect(watch.revisions == [revision])
        watch.cancel()

        // The server does not know us; we do not know the server; a file that is none.
        let ours = certificates.client
        #expect(kind { try server.client(tls: TLSFiles(authority: ours.authority)).get("/s") } == .unavailable)
        let system = TLSFiles(certificate: ours.certificate, key: ours.key)
        #expect(kind { try server.client(tls: system).get("/s") } == .unavailable)
        let missing = TLSFiles(authority: "/nonexistent/ca.pem", certificate: ours.certificate, key: ours.key)
        let error = #expect(throws: StoreError.self) { try server.client(tls: missing).get("/s") }
        #expect(error?.kind == .invalid && error?.reason.contains("/nonexistent/ca.pem") == true)
    }

    @Test("a user comes in by password, keeps coming in after its token is lost, and does no more than it may")
    func passwords() throws {
        let server = try EtcdServer()
        // A client with a user is let in where nobody is asked for one.
        let user = try server.client(user: "poplin", password: "secret")
        try user.put("/p/before", [1])

        try server.enableAuthentication(user: "poplin", password: "secret", prefix: "/p/")
        try user.put("/p/a", [1])
        #expect(try user.get("/p/a")?.value == [1])
        #expect(kind { try user.put("/q", [1]) } == .permissionDenied)

        let configuration = EtcdConfiguration(endpoints: [server.endpoint], user: "poplin", password: "secret")
        let watch = try WatchRecorder(configuration, .prefix("/p/"), from: 1)
        try watch.waitForEvents(2)
        #expect(watch.events.map(\.key) == ["/p/before", "/p/a"])
        watch.cancel()
        let forbidden = try WatchRecorder(configuration, .prefix("/q"), from: 1)
        #expect(try forbidden.waitForEnd()?.kind == .permissionDenied)

        #expect(kind { try server.client(user: "poplin", password: "wrong").get("/p/a") } == .unauthenticated)
        #expect(kind { try server.client().get("/p/a") } == .unauthenticated)

        // Tokens live in the memory of etcd.
        server.kill()
        try server.start()
        #expect(try user.get("/p/a")?.value == [1])
        try user.put("/p/a", [2])
    }
}

extension Certificates {
    /// What a client that may come in uses.
    var client: TLSFiles {
        TLSFiles(authority: file("ca.pem"), certificate: file("client.pem"), key: file("client.key"))
    }
}
