import Foundation
import JSON
import Linux
import TestSupport
import Testing

@Suite("The API over HTTP", .requiresProgram("curl"), .serialized)
struct ProtocolTests {
    private static let configMaps = "/api/v1/namespaces/default/configmaps"

    private func create(_ server: LiveServer, _ name: String, _ more: String = "") throws -> JSONValue {
        let body = #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"\#(name)"\#(more)}}"#
        return try JSONValue.parse(server.curl(Self.configMaps, "-H", "Content-Type: application/json", "-d", body))
    }

    @Test("speaks both HTTP versions", arguments: ["--http1.1", "--http2"])
    func versions(_ flag: String) throws {
        let server = try LiveServer()
        #expect(server.curl("/readyz", flag) == "ok")
        #expect(server.curl("/version", flag).contains("gitVersion"))
        #expect(server.curl("/apis", flag).contains("APIGroupList"))
    }

    @Test("pages show one revision; a token that is too old is answered with one that goes on")
    func pages() throws {
        let server = try LiveServer()
        for index in 0..<5 { _ = try create(server, "page-\(index)") }
        let first = try JSONValue.parse(
            server.curl(Self.configMaps + "?limit=2&fieldSelector=metadata.name!=kube-root-ca.crt"))
        let names = { (list: JSONValue) in (list["items"]?.array ?? []).compactMap { $0["metadata"]?["name"]?.string } }
        #expect(names(first) == ["page-0", "page-1"])
        let token = first["metadata"]?["continue"]?.string ?? ""
        let revision = first["metadata"]?["resourceVersion"]?.string
        _ = server.curl(Self.configMaps + "/page-3", "-X", "DELETE")
        _ = try create(server, "page-25")
        let second = try JSONValue.parse(
            server.curl(Self.configMaps + "?limit=10&fieldSelector=metadata.name!=kube-root-ca.crt&continue=\(token)"))
        #expect(names(second) == ["page-2", "page-3", "page-4"])
        #expect(second["metadata"]?["resourceVersion"]?.string == revision)

        let exact = try JSONValue.parse(
            server.curl(Self.configMaps + "?resourceVersion=\(revision ?? "")&resourceVersionMatch=Exact"))
        #expect(names(exact).contains("page-3"))
        #expect(!names(exact).contains("page-25"))
        let future = try JSONValue.parse(server.curl(Self.configMaps + "?resourceVersion=99999"))
        #expect(future["code"]?.int == 504)
        #expect(future["details"]?["causes"]?.array?.first?["reason"]?.string == "ResourceVersionTooLarge")
    }

    @Test("a watch goes on where another ended, over a crash of the server")
    func watch() throws {
        let server = try LiveServer()
        let start = try create(server, "a")["metadata"]?["resourceVersion"]?.string ?? ""
        _ = try create(server, "b")
        _ = server.curl(Self.configMaps + "/a", "-X", "DELETE")
        func events(_ query: String) throws -> [String] {
            let text = server.curl(Self.configMaps + "?watch=true&timeoutSeconds=1&\(query)")
            return try text.split(separator: "\n").map {
                let event = try JSONValue.parse(String($0))
                let name = event["object"]?["metadata"]?["name"]?.string ?? event["object"]?["reason"]?.string ?? ""
                return "\(event["type"]?.string ?? "") \(name)"
            }
        }
        let selected = "fieldSelector=metadata.name!%3Dkube-root-ca.crt"
        #expect(try events("resourceVersion=\(start)&\(selected)") == ["ADDED b", "DELETED a"])
        #expect(try events("resourceVersion=0&\(selected)") == ["ADDED b"])
        #expect(try events("fieldSelector=metadata.name%3Db") == ["ADDED b"])
        server.kill()
        try server.start()
        #expect(try events("resourceVersion=\(start)&\(selected)") == ["ADDED b", "DELETED a"])
        #expect(
            try events("resourceVersion=0&\(selected)&allowWatchBookmarks=true&timeoutSeconds=1").contains("ADDED b"))
        let list = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&\(selected)"
        let initial = try events(list)
        #expect(initial.prefix(2) == ["ADDED b", "BOOKMARK "])
    }

    @Test("bad input is answered with a Status and leaves the server as it was")
    func badInput() throws {
        let server = try LiveServer()
        func post(_ body: String, _ type: String = "application/json") throws -> Int? {
            let file = "\(server.directory)/body"
            try Files.store(file, Array(body.utf8))
            return try JSONValue.parse(
                server.curl(Self.configMaps, "-H", "Content-Type: \(type)", "--data-binary", "@\(file)"))["code"]?.int
        }
        #expect(try post("{") == 400)
        #expect(try post("[]") == 400)
        #expect(try post(#"{"kind":"Pod","apiVersion":"v1"}"#) == 400)
        #expect(try post(#"{"metadata":{"name":"Not A Name"}}"#) == 422)
        #expect(try post(#"{"metadata":{"name":"x"},"data":[]}"#) == 400)
        #expect(try post(String(repeating: "[", count: 5000)) == 400)
        #expect(try post("a: b: c", "application/yaml") == 400)
        #expect(try post("k8s", "application/vnd.kubernetes.protobuf") == 400)
        #expect(try post("x", "application/cbor") == 415)
        let large = "\(server.directory)/large"
        try Files.store(large, [UInt8](repeating: 32, count: (3 << 20) + 1))
        #expect(
            server.curl(
                Self.configMaps, "-H", "Content-Type: application/json", "--data-binary", "@\(large)", "-o",
                "/dev/null",
                "-w", "%{http_code}") == "413")
        #expect(try JSONValue.parse(server.curl(Self.configMaps, "-H", "Accept: application/cbor"))["code"]?.int == 406)
        // A question that is not stored has no rows.
        let review = #"{"spec":{"nonResourceAttributes":{"path":"/","verb":"get"}}}"#
        func ask(_ accept: String) -> String {
            server.curl(
                "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "-H", "Content-Type: application/json", "-H",
                "Accept: \(accept)", "-d", review, "-o", "/dev/null", "-w", "%{http_code}")
        }
        #expect(ask("application/json") == "201")
        #expect(ask("application/json;as=Table;v=v1;g=meta.k8s.io") == "406")
        #expect(ask("application/json;as=Table;v=v1;g=meta.k8s.io,application/json") == "201")
        #expect(server.curl("/readyz") == "ok")
    }

    @Test("aggregated discovery is sent again only when it has changed")
    func discovery() throws {
        let server = try LiveServer()
        let accept = "Accept: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
        let head = server.curl("/apis", "-H", accept, "-i")
        #expect(head.contains("as=APIGroupDiscoveryList"))
        let tag =
            head.split(whereSeparator: \.isNewline).first { $0.lowercased().hasPrefix("etag:") }?.dropFirst(6) ?? ""
        #expect(
            server.curl("/apis", "-H", accept, "-H", "If-None-Match: \(tag)", "-o", "/dev/null", "-w", "%{http_code}")
                == "304")
    }

    @Test("a second server on the same directory is refused and changes nothing of the first one's")
    func secondServer() throws {
        let server = try LiveServer()
        let before = try Files.readText(server.kubeconfig)
        let second = try server.run(
            LiveServer.program, ["server", "--data-dir", server.directory, "--listen", "127.0.0.1:0"])
        #expect(second.code == 1 && second.err.contains("another server uses it"), "\(second.err)")
        #expect(try Files.readText(server.kubeconfig) == before)
        #expect(server.curl("/readyz") == "ok")
    }

    @Test("a backup is restored into another directory")
    func backup() throws {
        let server = try LiveServer()
        _ = try create(server, "kept")
        let copy = "\(server.directory)/copy.db"
        let output = try server.run(LiveServer.program, ["server", "backup", copy, "--data-dir", server.directory])
        #expect(output.code == 0, "\(output.err)")
        let other = try TemporaryDirectory()
        let restored = try server.run(LiveServer.program, ["server", "restore", copy, "--data-dir", other.file("new")])
        #expect(restored.code == 0, "\(restored.err)")
        let second = try LiveServer(directory: other.file("new"))
        #expect(second.curl(Self.configMaps + "/kept").contains(#""name":"kept""#))
    }
}
