import Crypto
import Daemon
import Glibc
import HTTP
import Linux
import Synchronization
import TestSupport
import Testing

/// The server of exchanges over TLS, and curl that asks it.
struct TLSServer {
    let certificates: Certificates
    let exchange: ExchangeServer

    init(limits: HTTPServer.Limits = HTTPServer.Limits()) throws {
        let certificates = try Certificates()
        self.certificates = certificates
        let certificate = try Files.read(certificates.file("server.pem"))
        let key = try Files.read(certificates.file("server.key"))
        let authority = try Files.read(certificates.file("ca.pem"))
        exchange = try ExchangeServer(limits: limits) {
            try TLSServerContext(certificate: certificate, key: key, clientAuthorities: authority)
        }
    }

    var url: String { "https://127.0.0.1:\(exchange.server.port)" }

    func curl(_ path: String, _ arguments: String...) throws -> Tool {
        try Tool.run(
            "curl", ["-sS", "-m", "20", "--cacert", certificates.file("ca.pem"), url + path] + arguments)
    }
}

@Suite("The server over TLS", .requiresProgram("curl"), .requiresProgram("openssl"))
struct ServerTLSTests {
    static let versions = ["--http1.1", "--http2"]

    @Test("curl gets answers over both versions of HTTP and of TLS", arguments: versions, ["1.2", "1.3"])
    func serves(http: String, tls: String) throws {
        let server = try TLSServer()
        let answer = try server.curl(
            "/echo", http, "--tls-max", tls, "-d", "hello", "-w", " %{http_version} %{ssl_verify_result}")
        #expect(answer.output == "hello \(http == "--http2" ? "2" : "1.1") 0")
    }

    @Test("bodies of 3 MiB go both ways, one byte more is refused in words", arguments: versions)
    func large(http: String) throws {
        let server = try TLSServer()
        let directory = try TemporaryDirectory()
        for (size, status) in [(3 << 20, "200"), ((3 << 20) + 1, "413")] {
            try Files.replace(directory.file("in"), (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
            for headers in [["-H", "Expect:"], [], ["-H", "Transfer-Encoding: chunked"]] {
                let answer = try Tool.run(
                    "curl",
                    ["-sS", "-m", "20", "--cacert", server.certificates.file("ca.pem"), http, server.url + "/echo"]
                        + headers
                        + [
                            "--data-binary", "@" + directory.file("in"), "-o", directory.file("out"), "-w",
                            "%{http_code}",
                        ])
                #expect(answer.output == status, "\(headers)")
                if status == "200" {
                    #expect(try Files.read(directory.file("in")) == Files.read(directory.file("out")))
                }
            }
        }
    }

    @Test("responses come late, in pieces, counted, empty, large and without a body", arguments: versions)
    func responses(http: String) throws {
        let server = try TLSServer()
        #expect(try server.curl("/late", http).output == "late\n")
        #expect(try server.curl("/pieces", http).output == "piece 0\npiece 1\npiece 2\npiece 3\npiece 4\n")
        #expect(try server.curl("/counted", http).output == "0123456789")
        #expect(try server.curl("/none", http, "-w", "%{http_code}").output == "204")
        #expect(try server.curl("/large", http).output == String(repeating: "0123456789abcdef", count: 1 << 18))
        let head = try server.curl("/counted", http, "-I")
        #expect(head.status == 0 && head.output.lowercased().contains("content-length: 10\r\n"))
        let short = try server.curl("/short", http)
        #expect(short.status != 0)
        #expect(try server.curl("/abort", http).status != 0)
        #expect(try server.curl("/nothing?a=b", http, "-w", "%{http_code}").output == "nothing\n404")
    }

    @Test("requests that come in many records at once are all answered, without another byte from the client")
    func manyRecords() throws {
        let server = try TLSServer()
        let certificates = server.certificates
        let context = try TLSClientContext(
            certificate: Certificate(pem: Files.readText(certificates.file("client.pem"))),
            key: PrivateKey(pem: Files.readText(certificates.file("client.key"))),
            authorities: Files.read(certificates.file("ca.pem")), asksHTTP2: true)
        let connection = try RawConnection(server.exchange.server.port)
        let session = try context.session(on: connection.socket.rawValue, address: "127.0.0.1")
        guard case .done = session.handshake() else { throw SystemError("set up", "TLS", .badMessage) }
        // All in the socket's buffer before the server looks: it is busy until then.
        let isFree = Flag()
        server.exchange.server.onLoop { _ in while !isFree.isSet { usleep(1000) } }
        let requests = (0..<200).map { HTTP2Frame.request(UInt32(2 * $0 + 1)) }
        for piece in [HTTP2Frame.preface, HTTP2Frame.settings().bytes] + requests.map(\.bytes) {
            _ = piece.withUnsafeBytes { session.send($0) }
        }
        isFree.set()
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        var answered = 0
        while answered < requests.count, case .bytes(let count) = buffer.withUnsafeMutableBytes(session.receive) {
            received += buffer[..<count]
            answered = HTTP2Frame.parse(received).count { $0.kind == HTTP2Frame.Kind.headers }
        }
        #expect(answered == requests.count)
    }

    @Test(
        "who has no certificate, a good one or a bad one is told apart, and none ends the handshake",
        arguments: versions)
    func clients(http: String) throws {
        let server = try TLSServer()
        let other = try Certificates()
        func whoAmI(_ certificates: Certificates?, _ name: String = "client") throws -> String {
            let arguments =
                certificates.map { ["--cert", $0.file("\(name).pem"), "--key", $0.file("\(name).key")] } ?? []
            return try Tool.run(
                "curl",
                ["-sS", "-m", "20", "--cacert", server.certificates.file("ca.pem"), http, server.url + "/who"]
                    + arguments
            ).output
        }
        #expect(try whoAmI(nil) == "none")
        #expect(try whoAmI(server.certificates) == "client of []")
        // The same authority's name, but not its key.
        #expect(try whoAmI(other).hasPrefix("untrusted: "))
        // Self-signed.
        #expect(try whoAmI(other, "ca").hasPrefix("untrusted: "))
    }

    @Test("the subject's CN and every O come as the certificate has them; one that is not for clients is not good")
    func subject() throws {
        let server = try TLSServer()
        let directory = try TemporaryDirectory()
        for (name, subject, usage, expected) in [
            (
                "node", "/O=system:nodes/O=ü & co/CN=system:node:a", "clientAuth",
                "system:node:a of [system:nodes|ü & co]"
            ),
            ("server", "/CN=x", "serverAuth", "untrusted: "),
        ] {
            let file = { (suffix: String) in directory.file(name + suffix) }
            try Files.replace(file(".ext"), Array("extendedKeyUsage=\(usage)\n".utf8))
            for arguments in [
                [
                    "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-utf8", "-subj", subject,
                    "-keyout", file(".key"), "-out", file(".csr"),
                ],
                [
                    "x509", "-req", "-days", "2", "-in", file(".csr"), "-CA", server.certificates.file("ca.pem"),
                    "-CAkey", server.certificates.file("ca.key"), "-CAcreateserial", "-extfile", file(".ext"), "-out",
                    file(".pem"),
                ],
            ] {
                let made = try Tool.run("openssl", arguments)
                #expect(made.status == 0, "\(made.output)")
            }
            let answer = try server.curl("/who", "--cert", file(".pem"), "--key", file(".key"))
            #expect(answer.output.hasPrefix(expected))
        }
    }

    @Test("a new certificate is shown to those who come after it, and a bad one changes nothing")
    func reload() throws {
        let (server, other) = (try TLSServer(), try Certificates())
        let certificate = try Files.read(other.file("server.pem"))
        let key = try Files.read(other.file("server.key"))
        let wrong = try server.exchange.server.ask { server in
            do throws(CryptoError) {
                try server.tls?.reload(certificate: certificate, key: [])
                return ""
            } catch { return error.description }
        }
        #expect(!wrong.isEmpty)
        #expect(try server.curl("/none").status == 0)
        _ = try server.exchange.server.ask { server in try? server.tls?.reload(certificate: certificate, key: key) }
        #expect(try server.curl("/none").status == 60)
        #expect(
            try Tool.run("curl", ["-sS", "--cacert", other.file("ca.pem"), server.url + "/none"]).status == 0)
    }

    @Test("HTTP without TLS is answered in words, TLS 1.1 and unknown protocols by an alert")
    func wrongProtocol() throws {
        let server = try TLSServer()
        let plain = try server.exchange.server.connect()
        plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(plain.readToEnd().contains("speaks HTTP over TLS only"))
        let port = server.exchange.server.port
        let old = try Tool.run(
            "openssl", ["s_client", "-connect", "127.0.0.1:\(port)", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        #expect(old.status != 0 && old.output.contains("alert protocol version"))
        let other = try Tool.run("openssl", ["s_client", "-connect", "127.0.0.1:\(port)", "-alpn", "spdy/3"])
        #expect(other.status != 0 && other.output.contains("no application protocol"))
    }

    @Test("a handshake that does not go on is given up, and a thousand of them keep nobody out")
    func halfOpen() throws {
        var limits = HTTPServer.Limits()
        limits.handshakeTime = .seconds(3)
        let server = try TLSServer(limits: limits)
        let connections = try (0..<1000).map { number in
            let connection = try server.exchange.server.connect()
            // Some send nothing, some the beginning of a ClientHello.
            if number % 2 == 0 { connection.send("\u{16}\u{3}\u{1}") }
            return connection
        }
        #expect(try server.curl("/echo", "-d", "x").output == "x")
        try eventually("all are gone", within: .seconds(20)) {
            (try? server.exchange.server.ask(\.connectionCount)) == 0
        }
        withExtendedLifetime(connections) {}
    }

    @Test("when the server drains, curl's watch ends as a whole one", arguments: versions)
    func drain(http: String) throws {
        let server = try TLSServer()
        let answer = Mutex<Tool?>(nil)
        let (authority, url) = (server.certificates.file("ca.pem"), server.url)
        _ = try Thread("curl") {
            let result =
                (try? Tool.run("curl", ["-sS", "-m", "20", "--cacert", authority, http, url + "/watch"]))
                ?? Tool(status: -1, output: "")
            answer.withLock { $0 = result }
        }
        try eventually("the watch is there") { server.exchange.log.all.contains("/watch asked") }
        server.exchange.server.onLoop { $0.drain(grace: .seconds(10)) {} }
        try eventually("curl is done", within: .seconds(10)) { answer.withLock { $0 != nil } }
        let result = try #require(answer.withLock { $0 })
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output == "first\n")
    }

    @Test("a client that leaves ends its watch, and its connection goes on if others use it", arguments: versions)
    func leaves(http: String) throws {
        let server = try TLSServer()
        #expect(try server.curl("/watch", http, "-m", "3").status == 28)
        try eventually("the watch is cut") { server.exchange.log.all.contains("/watch cut") }
        // Two at once on one connection: one ends with the time, one by itself.
        let both = try Tool.run(
            "curl",
            [
                "-sS", "--cacert", server.certificates.file("ca.pem"), http, "--parallel", "-m", "1",
                server.url + "/watch", "--next", "-sS", "--cacert", server.certificates.file("ca.pem"),
                server.url + "/late",
            ])
        #expect(both.output.contains("late\n"))
    }
}
