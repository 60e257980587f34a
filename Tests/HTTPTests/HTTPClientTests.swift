import Glibc
import HTTP
import Linux
import NetTypes
import Synchronization
import TestSupport
import Testing

@Suite("The client")
struct HTTPClientTests {
    func failure(_ body: () throws -> some Any) -> HTTPClientError? {
        do {
            _ = try body()
            return nil
        } catch {
            return error as? HTTPClientError
        }
    }

    @Test("keeps its connection for the next request")
    func keepAlive() throws {
        let server = try TestServer(limits: TestServer.limits { $0.connections = 1 })
        let client = try HTTPClient()
        for number in 0..<10 {
            let answer = try client.send(HTTPClientRequest("GET", server.url + "/echo?\(number)"), timeout: .seconds(5))
            #expect(answer == HTTPClientResponse(status: 200, body: Array("\(number)".utf8)))
        }
        #expect(try client.send(HTTPClientRequest("HEAD", server.url + "/echo?x"), timeout: .seconds(5)).body.isEmpty)
        #expect(try client.send(HTTPClientRequest("GET", server.url + "/none"), timeout: .seconds(5)).status == 404)
    }

    @Test("refuses an answer larger than the caller allows")
    func limit() throws {
        let server = try TestServer()
        let client = try HTTPClient()
        let request = HTTPClientRequest("GET", server.url + "/large")
        #expect(failure { try client.send(request, timeout: .seconds(5), limit: 1 << 20) }?.kind == .tooLarge)
        #expect(try client.send(request, timeout: .seconds(5), limit: 4 << 20).body.count == 4 << 20)
    }

    @Test("a refused connection is unreachable, with nothing sent; a mute server is timed out, with something sent")
    func failures() throws {
        let client = try HTTPClient()
        let mute = try MuteServer()
        let port = mute.port
        let silent = failure {
            try client.send(HTTPClientRequest("GET", "http://127.0.0.1:\(port)"), timeout: .seconds(1))
        }
        #expect(silent?.kind == .timedOut && silent?.wasSent == true)
        _ = consume mute
        let refused = failure {
            try client.send(HTTPClientRequest("GET", "http://127.0.0.1:\(port)/x"), timeout: .seconds(5))
        }
        #expect(refused?.kind == .unreachable && refused?.wasSent == false)
        #expect(refused?.description.hasPrefix("GET http://127.0.0.1:\(port)/x: ") == true)
        for url in ["ftp://127.0.0.1/", "nonsense://", "http://127.0.0.1:99999/"] {
            #expect(
                failure { try client.send(HTTPClientRequest("GET", url), timeout: .seconds(5)) }?.kind == .invalid,
                "\(url)")
        }
    }

    @Test("another thread ends a request that waits, at once, and every later one")
    func cancellation() throws {
        let mute = try MuteServer()
        let cancellation = Cancellation()
        let client = try HTTPClient(cancellation: cancellation)
        let start = MonotonicTime.now
        let thread = try Thread("cancels") {
            usleep(50_000)
            cancellation.cancel()
        }
        let request = HTTPClientRequest("GET", "http://127.0.0.1:\(mute.port)")
        #expect(failure { try client.send(request, timeout: .seconds(30)) }?.kind == .cancelled)
        #expect(failure { try client.send(request, timeout: .seconds(30)) }?.kind == .cancelled)
        #expect(MonotonicTime.now - start < .seconds(5))
        thread.join()
        _ = consume mute
    }

    @Test("a stream is handed over as it comes, until the caller has enough")
    func streaming() throws {
        let server = try TestServer()
        let client = try HTTPClient()
        var pieces = 0
        var count = 0
        try client.stream(HTTPClientRequest("GET", server.url + "/large"), silence: .seconds(5), onSilence: { false }) {
            status, bytes in
            #expect(status == 200)
            pieces += 1
            count += bytes.count
            return true
        }
        #expect(count == 4 << 20 && pieces > 1)
        count = 0
        try client.stream(HTTPClientRequest("GET", server.url + "/large"), silence: .seconds(5), onSilence: { false }) {
            count += $1.count
            return false
        }
        #expect(count > 0 && count < 4 << 20)
    }

    @Test("silence on a stream is the caller's to judge")
    func silence() throws {
        let mute = try MuteServer()
        let client = try HTTPClient()
        var asked = 0
        let error = failure {
            try client.stream(
                HTTPClientRequest("GET", "http://127.0.0.1:\(mute.port)"), silence: .milliseconds(20),
                onSilence: {
                    asked += 1
                    return asked < 3
                }, onBytes: { _, _ in true })
        }
        #expect(asked == 3 && error?.kind == .timedOut)
        _ = consume mute
    }
}

/// A socket that accepts connections in the kernel and never says a word.
struct MuteServer: ~Copyable {
    let listener: FileDescriptor
    let port: UInt16

    init() throws {
        listener = try #require(ListenAddress("127.0.0.1:0")).listen()
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let raw = listener.rawValue
        withUnsafeMutablePointer(to: &address) {
            _ = $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(raw, $0, &length) }
        }
        port = UInt16(bigEndian: address.sin_port)
    }
}
