import Linux
import TestSupport
import Testing

@testable import HTTP

/// An HTTP/2 connection without a socket: frames in, frames out, exchanges kept.
final class HTTP2Conversation {
    let service: HTTPService
    let wire: HTTP2Wire
    private(set) var exchanges: [HTTPExchange] = []
    /// As the handler got them.
    private(set) var requests: [HTTPRequest] = []
    private(set) var closed: [String] = []
    private let answer: (HTTPExchange) -> Void

    init(
        _ change: (inout HTTPServer.Limits) -> Void = { _ in },
        settings: [(UInt16, UInt32)] = [],
        answer: @escaping (HTTPExchange) -> Void = { $0.respond(200, body: $0.body) }
    ) {
        self.answer = answer
        var limits = HTTPServer.Limits()
        change(&limits)
        let box = Box()
        service = HTTPService(limits) { box.handle($0) }
        wire = HTTP2Wire(service, HTTPPeer())
        box.handler = { [unowned self] exchange in
            exchanges.append(exchange)
            requests.append(exchange.request)
            let name = exchange.path
            exchange.onClose = { [weak self, unowned exchange] in
                self?.closed.append(name + (exchange.isCut ? " cut" : " done"))
            }
            self.answer(exchange)
        }
        feed(HTTP2Frame.preface)
        send(.settings(settings))
    }

    private final class Box {
        var handler: (HTTPExchange) -> Void = { _ in }
        func handle(_ exchange: HTTPExchange) { handler(exchange) }
    }

    deinit { wire.close() }

    func feed(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { wire.receive($0) }
        wire.advance()
    }

    func send(_ frames: HTTP2Frame...) { for frame in frames where wire.wantsInput { feed(frame.bytes) } }

    /// What the server says, in portions of this size; SETTINGS and WINDOW_UPDATE, which it says anyway, are left out.
    func take(portion: Int = 16384) -> [HTTP2Frame] {
        HTTP2Frame.parse(takeBytes(portion: portion)).filter { ![4, 8].contains($0.kind) }
    }

    func takeBytes(portion: Int = 16384) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: portion)
        while true {
            let count = buffer.withUnsafeMutableBytes { wire.produce(into: $0) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}

@Suite("An HTTP/2 connection")
struct HTTP2WireTests {
    typealias Frame = HTTP2Frame

    @Test(
        "a request becomes an exchange, and its response head and body; in portions of any size",
        arguments: [16384, 7, 1])
    func request(portion: Int) {
        let talk = HTTP2Conversation()
        talk.send(.request(1, "POST", "/a%20b?c=d", fields: [("x-y", "z")], isLast: false))
        #expect(talk.exchanges.isEmpty)
        talk.send(.data(1, Array("hel".utf8), isLast: false), .data(1, Array("lo".utf8)))
        let exchange = talk.exchanges.first
        #expect(exchange?.method == "POST" && exchange?.path == "/a%20b" && exchange?.query == "c=d")
        let headers = talk.requests.first?.headers
        #expect(headers?["host"] == "a" && headers?["x-y"] == "z")
        #expect(exchange?.request.version == .http2)
        let frames = talk.take(portion: portion)
        #expect(frames.map(\.kind) == [Frame.Kind.headers, Frame.Kind.data])
        #expect(frames.last?.payload == Array("hello".utf8) && frames.last?.isEndStream == true)
        #expect(talk.closed == ["/a%20b done"])
        #expect(talk.service.budget.used == 0 && talk.wire.streams.isEmpty)
    }

    @Test("an empty response and one to HEAD are a head alone")
    func heads() {
        let talk = HTTP2Conversation { _ in
        } answer: { exchange in
            exchange.respond(exchange.path == "/none" ? 204 : 200, body: Array("x".utf8))
        }
        talk.send(.request(1, "GET", "/none"), .request(3, "HEAD", "/x"))
        let frames = talk.take()
        #expect(frames.map(\.kind) == [Frame.Kind.headers, Frame.Kind.headers])
        #expect(frames.allSatisfy { $0.isEndStream })
    }

    @Test("pieces that wait together go in one frame, a stream that has nothing says nothing")
    func pieces() {
        let talk = HTTP2Conversation(answer: { $0.begin(200) })
        talk.send(.request(1))
        #expect(talk.take().map(\.kind) == [Frame.Kind.headers])
        talk.exchanges[0].send(Array("a".utf8))
        talk.exchanges[0].send(Array("b".utf8))
        #expect(talk.take().map(\.payload) == [Array("ab".utf8)])
        #expect(talk.take().isEmpty)
        talk.exchanges[0].send(Array("c".utf8))
        talk.exchanges[0].end()
        let last = talk.take()
        #expect(last.map(\.payload) == [Array("c".utf8)] && last[0].isEndStream)
        #expect(talk.closed == ["/echo done"])
    }

    @Test("a response that is not what it promised, or is given up, is reset")
    func broken() {
        let talk = HTTP2Conversation { _ in
        } answer: { exchange in
            exchange.begin(200, length: 5)
            switch exchange.path {
            case "/short":
                exchange.send(Array("abc".utf8))
                exchange.end()
            case "/long": exchange.send(Array("abcdefgh".utf8))
            default: exchange.abort()
            }
        }
        for (number, path) in ["/short", "/long", "/abort"].enumerated() {
            talk.send(.request(UInt32(2 * number + 1), "GET", path))
            let frames = talk.take()
            #expect(frames.last?.kind == Frame.Kind.reset && frames.last?.code == 2, "\(path) \(frames)")
            #expect(!frames.contains { $0.isEndStream })
        }
        #expect(talk.closed == ["/short cut", "/long cut", "/abort cut"])
    }

    @Test("what is no request of HTTP/2 never reaches the handler")
    func malformed() {
        let pseudo = [(":method", "GET"), (":path", "/"), (":scheme", "https"), (":authority", "a")]
        func head(_ fields: [(String, String)], flags: UInt8 = 5) -> Frame {
            Frame(kind: Frame.Kind.headers, flags: flags, stream: 1, payload: Frame.block(fields))
        }
        let cases: [(String, [Frame])] = [
            ("no path", [head(pseudo.filter { $0.0 != ":path" })]),
            ("no method", [head(pseudo.filter { $0.0 != ":method" })]),
            ("a path twice", [head(pseudo + [(":path", "/")])]),
            ("a pseudo field after others", [head([("x", "y")] + pseudo)]),
            ("an unknown pseudo field", [head(pseudo + [(":x", "y")])]),
            ("an upper-case name", [head(pseudo + [("X-Y", "z")])]),
            ("a line break in a value", [head(pseudo + [("x", "a\r\nb: c")])]),
            ("a blank in a name", [head(pseudo + [("x y", "z")])]),
            ("a field of the connection", [head(pseudo + [("connection", "close")])]),
            ("a transfer coding", [head(pseudo + [("transfer-encoding", "chunked")])]),
            ("an empty path", [head([(":method", "GET"), (":path", ""), (":scheme", "https")])]),
            ("a length and no body", [head(pseudo + [("content-length", "5")])]),
            ("two lengths", [head(pseudo + [("content-length", "0"), ("content-length", "0")])]),
            ("a length that is no number", [head(pseudo + [("content-length", "+0")])]),
            ("more than the length", [head(pseudo + [("content-length", "1")], flags: 4), .data(1, [1, 2])]),
            ("less than the length", [head(pseudo + [("content-length", "3")], flags: 4), .data(1, [1, 2])]),
            ("data without a request", [.data(1, [1])]),
            ("an even stream", [.request(2)]),
            ("stream 0", [.request(0)]),
            ("a stream before the last", [.request(5), .reset(5), .request(3)]),
            ("a push", [Frame(kind: Frame.Kind.push, flags: 4, stream: 1, payload: Frame.number(2))]),
            ("a continuation of nothing", [Frame(kind: Frame.Kind.continuation, flags: 4, stream: 1)]),
            ("a window beyond all", [.window(0, 0x7FFF_FFFF)]), ("a window of 0", [.window(0, 0)]),
            ("half a setting", [Frame(kind: Frame.Kind.settings, payload: [0, 1, 2])]),
            ("a short ping", [Frame(kind: Frame.Kind.ping, payload: [0])]),
            (
                "a header that does not decode",
                [Frame(kind: Frame.Kind.headers, flags: 5, stream: 1, payload: [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F])]
            ),
        ]
        for (name, frames) in cases {
            let talk = HTTP2Conversation(answer: { _ in })
            for frame in frames { talk.send(frame) }
            #expect(talk.exchanges.count == (name == "a stream before the last" ? 1 : 0), "\(name)")
            let answer = talk.take()
            // What comes for a stream that is over may have been on its way.
            if name == "a stream before the last" { continue }
            #expect(
                answer.contains { [Frame.Kind.reset, Frame.Kind.goaway].contains($0.kind) && $0.code != 0 }, "\(name)")
        }
    }

    @Test("a path that HTTP/1.1 would not take is refused in words")
    func paths() {
        for path in ["/\u{e9}", "/a b", "/#x"] {
            let talk = HTTP2Conversation()
            talk.send(.request(1, "GET", path))
            #expect(talk.exchanges.isEmpty, "\(path)")
            #expect(!talk.take().isEmpty)
        }
    }

    @Test("trailer fields are no fields of the head")
    func trailers() {
        let talk = HTTP2Conversation()
        talk.send(
            .request(1, "POST", isLast: false),
            Frame(kind: Frame.Kind.headers, flags: 5, stream: 1, payload: Frame.block([("authorization", "x")])))
        #expect(talk.exchanges.count == 1 && talk.requests[0].headers["authorization"] == nil)
    }

    @Test("a header that is too large is refused, as large fields, many, or much made of little by compression")
    func largeHeaders() {
        let large = HTTP2Conversation()
        large.send(.request(1, fields: (0..<5).map { ("x-\($0)", String(repeating: "y", count: 3000)) }))
        #expect(large.exchanges.count == 1)

        let many = HTTP2Conversation({ $0.headBytes = 4096 })
        many.send(.request(1, fields: (0..<200).map { ("x-\($0)", "") }))
        let talk = HTTP2Conversation()
        // One field of 4000 bytes goes into the table and is referred to 4000 times: 16 MB in 4 KB.
        let field =
            [UInt8(0x40), 1, 0x78, 127, UInt8(3873 & 127) | 128, UInt8(3873 >> 7)]
            + [UInt8](repeating: 0x79, count: 4000)
        var block = Frame.request(1).payload + field
        block += [UInt8](repeating: 0xBE, count: 4000)
        talk.send(Frame(kind: Frame.Kind.headers, flags: 5, stream: 1, payload: block))
        for refused in [many, talk] {
            #expect(refused.exchanges.isEmpty)
            let frames = refused.take()
            #expect(
                frames.contains { $0.kind == Frame.Kind.headers } || frames.contains { $0.kind == Frame.Kind.goaway })
        }
    }

    @Test("a header that never ends is the end of the connection")
    func continuations() {
        let talk = HTTP2Conversation()
        var head = Frame.request(1)
        head.flags = 1
        talk.send(head)
        for number in 0..<100 {
            talk.send(
                Frame(
                    kind: Frame.Kind.continuation, stream: 1,
                    payload: Frame.block([("x-\(number)", String(repeating: "y", count: 1000))])))
        }
        #expect(talk.take().contains { $0.kind == Frame.Kind.goaway && $0.code != 0 })
        #expect(talk.wire.isDone)
    }

    @Test("a body over the limit gets 413, announced or not, and the client a moment to notice")
    func largeBody() {
        for announced in [true, false] {
            let talk = HTTP2Conversation({ $0.bodyBytes = 10 })
            talk.send(.request(1, "POST", fields: announced ? [("content-length", "11")] : [], isLast: false))
            if !announced { talk.send(.data(1, [UInt8](repeating: 1, count: 11), isLast: false)) }
            let frames = talk.take()
            #expect(frames.map(\.kind) == [Frame.Kind.headers, Frame.Kind.data] && frames[1].isEndStream)
            talk.wire.expire(.now + .seconds(2))
            let reset = talk.take()
            #expect(reset.map(\.kind) == [Frame.Kind.reset] && reset[0].code == 0)
            #expect(talk.exchanges.isEmpty && talk.service.budget.used == 0)
        }
    }

    @Test("bodies of all streams are bounded together")
    func allBodies() {
        // All are of one client, who gets half.
        let talk = HTTP2Conversation({ $0.allBodyBytes = 33_000 })
        for stream: UInt32 in [1, 3, 5] {
            talk.send(
                .request(stream, "POST", isLast: false),
                .data(stream, [UInt8](repeating: 1, count: 8000), isLast: false))
        }
        #expect(talk.service.budget.used == 16_000)
        #expect(Set(talk.take().map(\.stream)) == [5])
        talk.send(.reset(1), .data(3, [], isLast: true))
        _ = talk.take()
        #expect(talk.service.budget.used == 0 && talk.exchanges.count == 1)
    }

    @Test("a request that does not come to its end in time is refused")
    func slow() {
        let talk = HTTP2Conversation(answer: { _ in })
        talk.send(.request(1, "POST", isLast: false), .request(3, "GET"))
        talk.wire.expire(.now + .seconds(61))
        #expect(Set(talk.take().map(\.stream)) == [1])
        #expect(talk.exchanges.count == 1)
        let header = HTTP2Conversation()
        var head = Frame.request(1)
        head.flags = 1
        header.send(head)
        header.wire.expire(.now + .seconds(11))
        _ = header.take()
        #expect(header.exchanges.isEmpty)
    }

    @Test("no more streams at once than allowed; the next is refused such that it may come again")
    func maxStreams() {
        let talk = HTTP2Conversation({ $0.streams = 10 }, answer: { _ in })
        _ = talk.take()
        for number in 0..<12 { talk.send(.request(UInt32(2 * number + 1))) }
        let refused = talk.take().filter { $0.kind == Frame.Kind.reset }
        #expect(refused.map(\.stream) == [21, 23] && refused.allSatisfy { $0.code == 7 })
        #expect(talk.exchanges.count == 10)
    }

    @Test("requests that are reset over and over end the connection; leaving a thousand watches at once does not")
    func rapidReset() {
        let talk = HTTP2Conversation(answer: { $0.begin(200) })
        var stream: UInt32 = 1
        for _ in 0..<1000 {
            talk.send(.request(stream))
            stream += 2
        }
        _ = talk.take()
        for number in 0..<1000 { talk.send(.reset(UInt32(2 * number + 1))) }
        _ = talk.take()
        #expect(talk.closed.count == 1000 && !talk.wire.isDone)
        var sent = 0
        while talk.wire.wantsInput, sent < 100_000 {
            talk.send(.request(stream), .reset(stream))
            stream += 2
            sent += 1
            _ = talk.take()
        }
        #expect(sent < 5000 && talk.wire.isDone)
        #expect(talk.closed.count == talk.exchanges.count)
    }

    @Test(
        "floods of frames that bring nothing forward end the connection",
        arguments: [
            Frame(kind: Frame.Kind.ping, payload: [UInt8](repeating: 0, count: 8)), Frame.settings([(1, 4096)]),
            Frame(kind: Frame.Kind.priority, stream: 1, payload: [0, 0, 0, 3, 1]),
            Frame.data(1, [], isLast: false),
        ])
    func floods(frame: HTTP2Frame) {
        for reads in [true, false] {
            let talk = HTTP2Conversation()
            talk.send(.request(1, "POST", isLast: false))
            var sent = 0
            var answer: [Frame] = []
            while talk.wire.wantsInput, sent < 100_000 {
                talk.send(frame)
                sent += 1
                if reads { answer += talk.take() }
            }
            #expect(sent < 5000)
            answer += talk.take()
            #expect(answer.contains { $0.kind == Frame.Kind.goaway && $0.code == 11 })
            #expect(talk.wire.isDone)
        }
    }

    @Test("a client that asks and never reads does not fill the server's memory with answers")
    func neverReads() {
        for acknowledges in [true, false] {
            let talk = HTTP2Conversation({ $0.streams = 1 }, answer: { _ in })
            _ = talk.takeBytes()
            if acknowledges { talk.send(Frame(kind: Frame.Kind.settings, flags: 1)) }
            var stream: UInt32 = 1
            while talk.wire.wantsInput, stream < 40_000 {
                talk.send(.request(stream))
                stream += 2
            }
            #expect(talk.takeBytes().count < 100_000)
            #expect(talk.exchanges.count == 1)
        }
    }

    @Test("a client's window is kept to, the rest waits and is counted, and a stream that stays so is cut")
    func flowControl() {
        let talk = HTTP2Conversation(answer: { $0.begin(200) })
        talk.send(.request(1))
        talk.exchanges[0].send(SharedBytes(repeating: 1, count: 100_000))
        #expect(talk.exchanges[0].bufferedBytes == 100_000)
        #expect(talk.take().reduce(0) { $0 + ($1.kind == Frame.Kind.data ? $1.payload.count : 0) } == 65535)
        #expect(talk.exchanges[0].bufferedBytes == 100_000 - 65535)
        talk.send(.window(0, 10_000), .window(1, 10_000))
        #expect(talk.take().map(\.payload.count) == [10_000])
        let now = MonotonicTime.now
        talk.wire.expire(now + .seconds(1))
        #expect(talk.take().isEmpty)
        // A little every time is not enough.
        talk.send(.window(0, 100), .window(1, 100))
        _ = talk.take()
        talk.wire.expire(now + .seconds(32))
        let frames = talk.take()
        #expect(frames.map(\.kind) == [Frame.Kind.reset])
        #expect(talk.closed == ["/echo cut"])
    }

    @Test("a connection without streams is closed after a while, properly")
    func idle() {
        let talk = HTTP2Conversation()
        talk.send(.request(1))
        _ = talk.take()
        #expect(talk.wire.deadline > .now + .seconds(80))
        talk.wire.expire(talk.wire.deadline)
        let frames = talk.take()
        #expect(frames.map(\.kind) == [Frame.Kind.goaway] && frames[0].code == 0 && frames[0].lastStream == 1)
        #expect(talk.wire.isDone)
    }

    @Test("draining says goodbye, serves what is on its way, ends watches, and is done with the last stream")
    func drain() {
        let talk = HTTP2Conversation { _ in
        } answer: { exchange in
            if exchange.path == "/watch" { exchange.begin(200) }
        }
        talk.send(.request(1, "GET", "/watch"), .request(3, "GET", "/late"))
        _ = talk.take()
        talk.service.isDraining = true
        talk.wire.drain()
        let goodbye = talk.take()
        #expect(goodbye.first?.kind == Frame.Kind.goaway && goodbye.first?.lastStream == 0x7FFF_FFFF)
        #expect(goodbye.last?.stream == 1 && goodbye.last?.isEndStream == true)
        // It was sent before the goodbye came; a watch that begins now ends at once.
        talk.send(.request(5, "GET", "/watch"))
        #expect(talk.take().last?.isEndStream == true)
        talk.wire.expire(.now + .seconds(2))
        let last = talk.take()
        #expect(last.map(\.kind) == [Frame.Kind.goaway] && last[0].lastStream == 5)
        #expect(!talk.wire.isDone)
        talk.exchanges[1].respond(200)
        _ = talk.take()
        #expect(talk.wire.isDone && !talk.wire.isBroken)
        #expect(talk.closed == ["/watch done", "/watch done", "/late done"])
    }

    @Test("one event for two thousand watchers is kept once")
    func shared() throws {
        let talk = HTTP2Conversation({ $0.streams = 2000 }, answer: { $0.begin(200) })
        for number in 0..<2000 { talk.send(.request(UInt32(2 * number + 1))) }
        _ = talk.take()
        func resident() throws -> Int {
            try Files.readText("/proc/self/statm").split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        }
        let before = try resident()
        let event = SharedBytes(repeating: 0x61, count: 1 << 20)
        for exchange in talk.exchanges { exchange.send(event) }
        _ = talk.take()
        #expect(talk.exchanges.allSatisfy { $0.bufferedBytes > 900_000 })
        let growth = try resident() - before
        // Of the whole process, other tests' too; each its own would be twice as much.
        #expect(growth * 4096 < 1 << 30)
    }

    @Test("no frames crash it, leave exchanges open, or keep bytes of bodies after the connection's end")
    func fuzz() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for round in 0..<400 {
            let talk = HTTP2Conversation({ limits in
                limits.streams = 20
                limits.bodyBytes = 5000
                limits.allBodyBytes = 20_000
                limits.headBytes = 2000
            }) { exchange in
                switch exchange.body.count % 5 {
                case 0: exchange.begin(200)
                case 1: exchange.respond(200, body: SharedBytes(repeating: 1, count: 70_000))
                case 2: exchange.abort()
                case 3: exchange.begin(200, length: exchange.body.count)
                default: break
                }
            }
            for _ in 0..<Int.random(in: 1...60, using: &generator) {
                var bytes = frame(&generator).bytes
                if Int.random(in: 0..<12, using: &generator) == 0, !bytes.isEmpty {
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                        in: 0...255, using: &generator)
                }
                if talk.wire.wantsInput { talk.feed(bytes) }
                if Bool.random(using: &generator) {
                    _ = talk.takeBytes(portion: Int.random(in: 1...20_000, using: &generator))
                }
                if let exchange = talk.exchanges.randomElement(using: &generator) {
                    switch Int.random(in: 0..<8, using: &generator) {
                    case 0: exchange.send([1, 2, 3])
                    case 1: exchange.end()
                    case 2: exchange.abort()
                    case 3: exchange.respond(404, body: [1])
                    default: break
                    }
                }
                if Int.random(in: 0..<30, using: &generator) == 0 {
                    talk.wire.expire(.now + .seconds(Int.random(in: 0...100, using: &generator)))
                }
                if Int.random(in: 0..<100, using: &generator) == 0 {
                    talk.service.isDraining = true
                    talk.wire.drain()
                }
                #expect(talk.wire.streams.count <= 120 && talk.service.budget.used <= 20_000)
            }
            talk.wire.close()
            #expect(talk.closed.count == talk.exchanges.count, "seed \(seed), round \(round)")
            #expect(talk.service.budget.used == 0, "seed \(seed), round \(round)")
            if talk.service.budget.used != 0 || talk.closed.count != talk.exchanges.count { return }
        }
    }

    private static let noise: [UInt8] = {
        var generator = SeededGenerator(seed: 1)
        return (0..<10_000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }()

    private func frame(_ generator: inout SeededGenerator) -> Frame {
        let stream =
            UInt32.random(in: 0...15, using: &generator) | (Int.random(in: 0..<10, using: &generator) == 0 ? 0 : 1)
        let count = [0, 1, 8, 100, 3000, 9000].randomElement(using: &generator) ?? 0
        let payload = Array(Self.noise.dropFirst(Int.random(in: 0...1000, using: &generator)).prefix(count))
        switch Int.random(in: 0..<14, using: &generator) {
        case 0...3: return .request(stream, "POST", "/\(stream)", isLast: Bool.random(using: &generator))
        case 4...6: return .data(stream, payload, isLast: Bool.random(using: &generator))
        case 7: return .reset(stream, UInt32.random(in: 0...20, using: &generator))
        case 8:
            return .window(
                Bool.random(using: &generator) ? 0 : stream, UInt32.random(in: 0...200_000, using: &generator))
        case 9:
            return .settings([
                (UInt16.random(in: 0...10, using: &generator), UInt32.random(in: 0...100_000, using: &generator))
            ])
        case 10: return Frame(kind: Frame.Kind.settings, flags: 1)
        case 11:
            return Frame(
                kind: Frame.Kind.ping, flags: UInt8.random(in: 0...1, using: &generator),
                payload: Array(payload.prefix(8)))
        case 12:
            return Frame(
                kind: Frame.Kind.headers, flags: 5, stream: stream,
                payload: Frame.block([("x", "y")]) + payload.prefix(100))
        default:
            return Frame(
                kind: UInt8.random(in: 0...12, using: &generator), flags: UInt8.random(in: 0...255, using: &generator),
                stream: stream, payload: payload)
        }
    }
}
