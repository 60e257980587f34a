import Crypto
import Daemon
import Foundation
import HTTP
import Identity
import JSON
import KubeAPI
import Linux
import NetTypes
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// Requests that are passed on to nodes, pods and Services, with curl before and a small server behind.
@Suite("Proxied requests", .requiresProgram("curl"))
struct ProxyTests {
    private final class Setup {
        let cluster: ClusterUnderTest
        let front: HTTPServer
        let behind: HTTPServer

        init(allowsLoopback: Bool = true, access: RequestFront.Access = .open) throws {
            cluster = try ClusterUnderTest()
            let loopback = try #require(IPAddress("127.0.0.1"))
            let listen = ListenAddress(loopback, port: 0)
            behind = try HTTPServer(cluster.loop, listen: listen, tls: nil) { exchange in
                switch exchange.path {
                case "/large": exchange.respond(200, body: [UInt8](repeating: 0x78, count: 5 << 20))
                case "/moved": exchange.respond(302, headers: ["location": "/there"])
                default:
                    let seen = exchange.headers.fields.map { "\($0.name): \($0.value)" }.sorted()
                    let lines =
                        ["\(exchange.method) \(exchange.path)?\(exchange.query ?? "")"] + seen
                        + [String(decoding: exchange.body, as: UTF8.self)]
                    exchange.respond(418, headers: ["x-own": "1"], body: Array(lines.joined(separator: "\n").utf8))
                }
            }
            let server = cluster.server
            server.connections = Connections(
                cluster.loop, kubeletTLS: { () throws(CryptoError) in try TLSClientContext() },
                unverifiedTLS: { () throws(CryptoError) in try TLSClientContext() }, allowsLoopback: allowsLoopback)
            let requests = RequestFront(server, access: access, metrics: RequestMetrics(Metrics()), audit: nil)
            front = try HTTPServer(cluster.loop, listen: listen, tls: nil) { requests.handle($0) }
            try cluster.create(
                .pods, Sample.pod("p", ["containers": [["name": "c", "image": "i", "ports": [["containerPort": 1]]]]]))
            try cluster.modify(.pods, "default", "p", part: "status") { $0.set("127.0.0.1", at: "status", "podIP") }
        }

        deinit {
            front.stop()
            behind.stop()
        }

        func curl(_ path: String, _ arguments: String...) throws -> String {
            let child = Process()
            child.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            child.arguments = ["curl", "-s"] + arguments + ["http://127.0.0.1:\(front.port)\(path)"]
            let out = try TemporaryDirectory()
            let file = out.file("out")
            try Files.store(file, [])
            child.standardOutput = FileHandle(forWritingAtPath: file)
            try child.start()
            try cluster.run("curl") { !child.isRunning }
            return try Files.readText(file)
        }
    }

    @Test("a pod is asked as its client asked, without what is between the client and the server")
    func pods() throws {
        let setup = try Setup()
        let path = "/api/v1/namespaces/default/pods/p:\(setup.behind.port)/proxy"
        let answer = try setup.curl(
            "\(path)/a%20b/?x=1&y=%26", "-i", "-X", "PUT", "-d", "body", "-H", "authorization: Bearer secret", "-H",
            "impersonate-user: x", "-H", "x-mine: yes")
        #expect(answer.contains("HTTP/1.1 418") && answer.contains("X-Own: 1"))
        #expect(answer.contains("PUT /a%20b/?x=1&y=%26\n") && answer.hasSuffix("\nbody"))
        #expect(answer.contains("x-mine: yes") && answer.contains("x-forwarded-uri: \(path)/a%20b/"))
        #expect(answer.contains("host: 127.0.0.1:\(setup.behind.port)"))
        #expect(!answer.contains("secret") && !answer.contains("impersonate"))
        #expect(try setup.curl("\(path)/moved", "-i").contains("Location: \(path)/there"))
        #expect(try setup.curl("\(path)/large").utf8.count == 5 << 20)
        #expect(try setup.curl(path, "-I").contains("HTTP/1.1 418"))
    }

    @Test("a Service is one of its endpoints that are ready")
    func services() throws {
        let setup = try Setup()
        let port = JSONValue.number(JSONNumber(Int(setup.behind.port)))
        let cluster = setup.cluster
        let path = "/api/v1/namespaces/default/services"
        try cluster.create(
            .services,
            [
                "metadata": ["name": "web", "namespace": "default"],
                "spec": ["ports": [["name": "http", "port": 80, "protocol": "TCP"]]],
            ])
        #expect(try setup.curl("\(path)/web/proxy/x").contains("no endpoints available for service \\\"web\\\""))
        // Past the API, which takes no endpoint on the loopback.
        let slice: JSONValue = [
            "kind": "EndpointSlice", "apiVersion": "discovery.k8s.io/v1",
            "metadata": [
                "name": "web-1", "namespace": "default", "uid": "u",
                "labels": ["kubernetes.io/service-name": "web"],
            ],
            "addressType": "IPv4", "ports": [["name": "http", "port": port, "protocol": "TCP"]],
            "endpoints": [
                ["addresses": ["127.0.0.1"], "conditions": ["ready": true]],
                ["addresses": ["192.0.2.1"], "conditions": ["ready": false]],
            ],
        ]
        let key = StoragePrefix.endpointSlices.key("default/web-1")
        cluster.server.commit([.update(key, Array(slice.serialized().utf8), expected: 0)]) { _ in }
        try cluster.run("slice") { cluster.exists(.endpointSlices, "default", "web-1") }
        for name in ["web", "web:http", "web:80", "http:web:http"] {
            #expect(try setup.curl("\(path)/\(name)/proxy/x").hasPrefix("GET /x?\n"))
        }
        #expect(try setup.curl("\(path)/none/proxy/").contains(#""reason":"NotFound""#))
    }

    @Test("who is not there is told about, and nobody reaches the server's own machine")
    func failures() throws {
        let setup = try Setup()
        #expect(try setup.curl("/api/v1/namespaces/default/pods/p/proxy/").contains("error trying to reach service: "))
        #expect(try setup.curl("/api/v1/namespaces/default/pods/p/exec?stdout=1&command=x").contains("host assigned"))
        let strict = try Setup(allowsLoopback: false)
        #expect(
            try strict.curl("/api/v1/namespaces/default/pods/p:\(strict.behind.port)/proxy/").contains(
                "address not allowed"))
    }

    @Test("a GET that becomes a stream to a container is more than reading")
    func upgrades() throws {
        let access = RequestFront.Access(
            authenticate: { (_, _) in .success(User(name: "reader")) },
            authorize: { $0.verb == "create" ? .noOpinion("") : .allow })
        let setup = try Setup(access: access)
        let upgrade = ["-H", "connection: Upgrade", "-H", "upgrade: websocket"]
        for path in ["exec?command=x&stdout=1", "attach?stdout=1", "portforward?ports=1"] {
            let pod = "/api/v1/namespaces/default/pods/p/\(path)"
            let answer = try setup.curl(pod, upgrade[0], upgrade[1], upgrade[2], upgrade[3])
            #expect(answer.contains("cannot create resource \\\"pods/\(path.prefix { $0 != "?" })\\\""), "\(answer)")
        }
        // Reading it stays: a log is one.
        #expect(
            try setup.curl("/api/v1/namespaces/default/pods/p/log", "-o", "/dev/null", "-w", "%{http_code}") == "200")
    }
}
