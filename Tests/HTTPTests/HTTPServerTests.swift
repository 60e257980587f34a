import Glibc
import HTTP
import Linux
import NetTypes
import TestSupport
import Testing

@Suite("The server")
struct HTTPServerTests {
    @Test("answers GET and HEAD, on one connection after another request, and says what it serves")
    func serves() throws {
        let server = try TestServer()
        let connection = try server.connect()
        connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        let first = connection.read(until: "ok\n")
        #expect(first.hasPrefix("HTTP/1.1 200 OK\r\n") && first.contains("\r\nContent-Length: 3\r\n"))
        connection.send("HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        let second = connection.read(until: "\r\n\r\n")
        #expect(second.contains("\r\nContent-Length: 3\r\n"))
        connection.send("GET /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        let third = connection.readToEnd()
        #expect(third.hasPrefix("HTTP/1.1 404 ") && third.contains("/healthz\n") && third.contains("Connection: close"))
    }

    @Test("answers pipelined requests in their order, up to the first that is wrong")
    func pipelining() throws {
        let server = try TestServer()
        let connection = try server.connect()
        let good = (0..<20).map { "GET /echo?\($0)end HTTP/1.1\r\nHost: a\r\n\r\n" }.joined()
        connection.send(
            good
                + "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\nGET /echo?no HTTP/1.1\r\n\r\n"
        )
        let answer = connection.readToEnd()
        let statuses = answer.matches(of: #/HTTP/1\.1 (\d+) /#).map { String($0.output.1) }
        #expect(statuses == Array(repeating: "200", count: 20) + ["501"])
        #expect(answer.matches(of: #/(\d+)end/#).map { String($0.output.1) } == (0..<20).map { "\($0)" })
    }

    @Test("a response larger than the socket's buffers arrives whole")
    func large() throws {
        let server = try TestServer()
        let connection = try server.connect()
        connection.send("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(connection.readToEnd().utf8.suffix(4 << 20).allSatisfy { $0 == UInt8(ascii: "x") })
    }

    @Test("what is malformed is answered and the connection closed, also while the client still sends")
    func malformed() throws {
        let server = try TestServer()
        for (text, status) in [
            ("nonsense\r\n\r\n", 400), ("GET / HTTP/1.1\nHost: a\n\n", 400),
            ("POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 413),
            ("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", 405),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "y", count: 100_000), 431),
        ] {
            let connection = try server.connect()
            connection.send(text)
            #expect(connection.readToEnd().hasPrefix("HTTP/1.1 \(status) "), "\(text.prefix(40))")
        }
    }

    @Test("a head that does not end in time is given up, however busily it trickles")
    func slowLoris() throws {
        let server = try TestServer(limits: TestServer.limits { $0.headTime = .seconds(1) })
        let connection = try server.connect()
        let start = MonotonicTime.now
        connection.send("GET / HTTP/1.1\r\n")
        try eventually("the server stops listening to it", within: .seconds(10)) {
            usleep(20_000)
            return !connection.send("X: y\r\n")
        }
        #expect(MonotonicTime.now - start < .seconds(5))

        let silent = try server.connect()
        #expect(silent.readToEnd() == "")
        let half = try server.connect()
        half.send("GET /healthz HT")
        #expect(half.readToEnd().hasPrefix("HTTP/1.1 408 "))
    }

    @Test("of a thousand half-open connections it holds no more than its bound, and health is still answered")
    func flood() throws {
        let server = try TestServer(limits: TestServer.limits { $0.headTime = .seconds(60) })
        var sockets: [CInt] = []
        defer { for socket in sockets { close(socket) } }
        for _ in 0..<1000 {
            let connection = try server.connect()
            connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "y", count: 4000))
            sockets.append(dup(connection.socket.rawValue))
        }
        let request = HTTPClientRequest("GET", server.url + "/healthz")
        #expect(try HTTPClient().send(request, timeout: .seconds(20)).body == Array("ok\n".utf8))
        // The others are closed at once, long before their time is up.
        let bound = HTTPServer.Limits.pages.connections
        try eventually("the server lets go of all but \(bound)") {
            sockets.count(where: isOpen) <= bound
        }
    }

    @Test("listens on both families, one address or all")
    func families() throws {
        for (listen, urls) in [
            ("127.0.0.1:0", ["http://127.0.0.1"]), ("[::1]:0", ["http://[::1]"]),
            (":0", ["http://127.0.0.1", "http://[::1]"]),
        ] {
            let server = try TestServer(listen)
            for url in urls {
                let request = HTTPClientRequest("GET", "\(url):\(server.port)/healthz")
                #expect(try HTTPClient().send(request, timeout: .seconds(5)).status == 200, "\(listen) \(url)")
            }
        }
    }

    @Test("an address in use is said by name")
    func inUse() throws {
        let server = try TestServer()
        let error = #expect(throws: SystemError.self) { try TestServer("127.0.0.1:\(server.port)") }
        #expect(error?.object == "127.0.0.1:\(server.port)")
    }

    @Test(
        "listen addresses",
        arguments: [
            ("127.0.0.1:80", "127.0.0.1:80"), ("[::1]:80", "[::1]:80"), (":80", "[::]:80"), ("0.0.0.0:0", "0.0.0.0:0"),
            ("::1:80", nil), ("[127.0.0.1]:80", nil), ("localhost:80", nil), ("127.0.0.1", nil), ("127.0.0.1:", nil),
            ("127.0.0.1:65536", nil),
            ("[]:80", nil), ("", nil),
        ])
    func addresses(text: String, canonical: String?) {
        #expect(ListenAddress(text)?.description == canonical)
    }

    /// Whether the other end has neither closed nor reset.
    private func isOpen(_ socket: CInt) -> Bool {
        var byte: UInt8 = 0
        return recv(socket, &byte, 1, CInt(MSG_DONTWAIT)) < 0 && Errno.last == .again
    }
}
