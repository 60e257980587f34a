import Linux
import Testing

@testable import HTTP

/// Clients that nobody knows, or that mean harm, on connections without a socket.
@Suite("Strangers")
struct StrangerTests {
    private typealias Frame = HTTP2Frame

    private final class Log {
        var lines: [String] = []
        func add(_ line: String) { lines.append(line) }
    }

    private func service(
        _ log: Log, _ change: (inout HTTPServer.Limits) -> Void = { _ in }
    ) -> HTTPService {
        var limits = HTTPServer.Limits()
        change(&limits)
        return HTTPService(limits) { exchange in
            log.add("\(exchange.method) \(exchange.path) \(exchange.body.count)")
            exchange.respond(200)
        }
    }

    private func feed(_ wire: any HTTPWire, _ text: String) {
        Array(text.utf8).withUnsafeBytes { wire.receive($0) }
        wire.advance()
    }

    private func output(_ wire: any HTTPWire) -> String {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = buffer.withUnsafeMutableBytes { wire.produce(into: $0) }
            if count == 0 { return String(decoding: text, as: UTF8.self) }
            text += buffer[..<count]
        }
    }

    @Test("heads that never end fill only the strangers' share; heads of usual size are always taken")
    func heads() {
        let log = Log()
        let service = service(log) { $0.allHeadBytes = 50_000 }
        let flood = "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 20_000)
        let wires = (0..<10).map { _ in HTTP1Wire(service, HTTPPeer()) }
        for wire in wires { feed(wire, flood) }
        // One client may hold two of them: as much as is left.
        #expect(service.heads.used < 33_000)
        #expect(wires.count { output($0).hasPrefix("HTTP/1.1 429 ") } == 8)
        let usual = HTTP1Wire(service, HTTPPeer())
        feed(usual, "GET /usual HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 3000) + "\r\n\r\n")
        #expect(output(usual).hasPrefix("HTTP/1.1 200 ") && log.lines == ["GET /usual 0"])
        for wire in wires { wire.close() }
        #expect(service.heads.used == 0)
    }

    @Test("header fields of many requests on one connection of HTTP/2 are bounded, and let go of with an answer")
    func streamHeads() {
        let talk = HTTP2Conversation({ $0.allHeadBytes = 100_000 })
        let field = ("x", String(repeating: "x", count: 8000))
        for number: UInt32 in 0..<100 {
            talk.send(.request(2 * number + 1, "POST", fields: [field], isLast: false))
        }
        #expect(talk.service.heads.used <= 50_000)
        let frames = talk.take().filter { $0.kind == Frame.Kind.headers }
        #expect(frames.count > 85 && talk.exchanges.isEmpty)
        talk.wire.close()
        #expect(talk.service.heads.used == 0)
    }

    @Test("the screen is asked before the length, and its answer is the last of the connection")
    func screenFirst() {
        for (isKnown, status) in [(false, "401"), (true, "413")] {
            let log = Log()
            let service = service(log) { $0.bodyBytes = 10 }
            service.screen = { exchange in if !isKnown { exchange.respond(401) } }
            service.refusal = { exchange, status, _ in exchange.respond(status, body: Array("no".utf8)) }
            let wire = HTTP1Wire(service, HTTPPeer())
            feed(wire, "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n")
            feed(wire, "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
            let text = output(wire)
            #expect(text.hasPrefix("HTTP/1.1 \(status) ") && text.contains("Connection: close"))
            #expect(log.lines.isEmpty && wire.isDone)
        }
    }

    @Test("the exchange that was screened is the one that the handler gets, and the one that is refused")
    func sameExchange() {
        final class Note {}
        let note = Note()
        var seen: [Bool] = []
        let service = HTTPService(HTTPServer.Limits()) { exchange in
            seen.append(exchange.context === note && exchange.body == [97, 98])
            exchange.respond(200)
        }
        service.screen = { $0.context = note }
        service.refusal = { exchange, status, _ in
            seen.append(exchange.context === note && status == 400)
            exchange.respond(status)
        }
        let wire = HTTP1Wire(service, HTTPPeer())
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        feed(wire, head + "2\r\nab\r\n0\r\n\r\n")
        #expect(output(wire).hasPrefix("HTTP/1.1 200 "))
        feed(wire, head + "zz\r\n")
        #expect(output(wire).hasPrefix("HTTP/1.1 400 ") && seen == [true, true])
    }

    @Test("who is gone before his body has come leaves nothing open")
    func gone() {
        let log = Log()
        let service = service(log)
        service.screen = { exchange in exchange.onClose = { log.add("over") } }
        let wire = HTTP1Wire(service, HTTPPeer())
        feed(wire, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc")
        #expect(service.budget.used == 3)
        wire.close()
        let talk = HTTP2Conversation()
        talk.service.screen = { exchange in exchange.onClose = { log.add("over") } }
        talk.send(.request(1, "POST", isLast: false), .data(1, [1, 2], isLast: false), .reset(1))
        #expect(log.lines == ["over", "over"] && service.budget.used == 0 && talk.service.budget.used == 0)
    }

    @Test("a stranger has few streams; who is known gets all of them")
    func streams() {
        for isKnown in [false, true] {
            let talk = HTTP2Conversation({
                $0.strangerStreams = 2
                $0.streams = 5
            }) { exchange in
                exchange.isTrusted = isKnown
                exchange.begin(200)
            }
            talk.send(.request(1))
            let settings = HTTP2Frame.parse(talk.takeBytes()).filter { $0.kind == Frame.Kind.settings }
            // One setting: the number of streams.
            #expect(settings.contains { $0.payload == [0, 3, 0, 0, 0, 5] } == isKnown)
            for _ in 0..<(isKnown ? 2 : 1) { talk.send(Frame(kind: Frame.Kind.settings, flags: 1)) }
            for stream: UInt32 in [3, 5, 7, 9] { talk.send(.request(stream)) }
            #expect(talk.exchanges.count == (isKnown ? 5 : 2))
        }
    }

    @Test("an answer that closes the connection is followed by nothing but what was there before")
    func lastAnswer() {
        let talk = HTTP2Conversation(answer: { exchange in
            exchange.closesConnection = exchange.path == "/last"
            exchange.respond(200)
        })
        talk.send(.request(1, "GET", "/first"), .request(3, "GET", "/last"))
        let frames = talk.take()
        #expect(frames.contains { $0.kind == Frame.Kind.goaway && $0.lastStream == 3 && $0.code == 0 })
        #expect(frames.count { $0.kind == Frame.Kind.headers } == 2)
        talk.send(.request(5, "GET", "/late"))
        #expect(talk.requests.map(\.path) == ["/first", "/last"] && talk.wire.isDone)

        let log = Log()
        let service = HTTPService(HTTPServer.Limits()) { exchange in
            log.add(exchange.path)
            exchange.closesConnection = true
            exchange.respond(200)
        }
        let wire = HTTP1Wire(service, HTTPPeer())
        feed(wire, "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(output(wire).contains("Connection: close") && wire.isDone && log.lines == ["/1"])
    }

    @Test("who does not take an answer that is whole keeps nobody out; a watch and a late answer do")
    func unread() {
        func isBusy(_ answer: @escaping (HTTPExchange) -> Void) -> [Bool] {
            let talk = HTTP2Conversation(settings: [(4, 0)], answer: answer)
            talk.send(.request(1))
            _ = talk.take()
            let wire = HTTP1Wire(HTTPService(HTTPServer.Limits(), answer), HTTPPeer())
            feed(wire, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            return [talk.wire.isBusy, wire.isBusy]
        }
        #expect(isBusy { $0.respond(200, body: [1, 2, 3]) } == [false, false])
        #expect(isBusy { $0.begin(200) } == [true, true])
        #expect(isBusy { _ in } == [true, true])
    }

    @Test("a client that asks much at once takes turns")
    func turns() {
        let talk = HTTP2Conversation()
        var bytes: [UInt8] = []
        for number: UInt32 in 0..<100 { bytes += Frame.request(2 * number + 1).bytes }
        talk.feed(bytes)
        #expect(talk.exchanges.count == 32 && talk.wire.hasNext)
        for _ in 0..<3 { talk.wire.advance() }
        #expect(talk.exchanges.count == 100 && !talk.wire.hasNext)
    }

    @Test("an answer of pieces is one answer, and nothing of the question is kept while it waits")
    func pieces() {
        let talk = HTTP2Conversation(answer: { exchange in
            exchange.respond(200, pieces: [Array("a".utf8), [], Array("bc".utf8)])
        })
        talk.send(.request(1, "POST", isLast: false), .data(1, [9, 9, 9]))
        #expect(talk.exchanges[0].request.body.isEmpty && talk.exchanges[0].headers.fields.isEmpty)
        let frames = talk.take()
        #expect(frames.last?.payload == Array("abc".utf8))
    }
}
