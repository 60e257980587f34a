import TestSupport
import Testing

@testable import HTTP

@Suite("An HTTP/1.1 connection")
struct HTTP1WireTests {
    /// What a request asks for and what its response must be.
    private struct Case {
        var request: [UInt8]
        var body: [UInt8]
        /// In how many pieces, at once or later; nil for `respond`.
        var pieces: Int?
    }

    private final class Counter {
        var value = 0
    }

    private func randomCase(_ number: Int, _ generator: inout SeededGenerator) -> Case {
        let body = [UInt8](repeating: UInt8(number % 256), count: Int.random(in: 0...40_000, using: &generator))
        let head = "POST /\(number) HTTP/1.1\r\nHost: a\r\n"
        let pieces = Bool.random(using: &generator) ? Int.random(in: 1...5, using: &generator) : nil
        if Bool.random(using: &generator) {
            return Case(
                request: Array((head + "Content-Length: \(body.count)\r\n\r\n").utf8) + body, body: body, pieces: pieces
            )
        }
        var request = Array((head + "Transfer-Encoding: chunked\r\n\r\n").utf8)
        var rest = body[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(Int.random(in: 1...9000, using: &generator))
            request += Array((String(chunk.count, radix: 16) + "\r\n").utf8) + chunk + [13, 10]
            rest = rest.dropFirst(chunk.count)
        }
        return Case(request: request + Array("0\r\n\r\n".utf8), body: body, pieces: pieces)
    }

    @Test("any requests, in any pieces, answered at once or later, come out whole, in order, in portions of any size")
    func model() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for round in 0..<60 {
            let cases = (0..<Int.random(in: 1...6, using: &generator)).map { randomCase($0, &generator) }
            var later: [() -> Void] = []
            let closed = Counter()
            let service = HTTPService(HTTPServer.Limits()) { exchange in
                let number = Int(exchange.path.dropFirst()) ?? 0
                exchange.onClose = { closed.value += 1 }
                guard let count = cases[number].pieces else {
                    return later.append { exchange.respond(200, body: exchange.body) }
                }
                exchange.begin(200)
                let size = exchange.body.count / count + 1
                for start in stride(from: 0, to: exchange.body.count, by: size) {
                    let piece = Array(exchange.body[start..<min(start + size, exchange.body.count)])
                    later.append { exchange.send(piece) }
                }
                later.append { exchange.end() }
            }
            let wire = HTTP1Wire(service, HTTPPeer())
            var input = cases.flatMap(\.request)[...]
            var output: [UInt8] = []
            var steps = 0
            while closed.value < cases.count, steps < 100_000 {
                steps += 1
                if wire.wantsInput, Bool.random(using: &generator) {
                    let portion = Array(input.prefix(Int.random(in: 1...5000, using: &generator)))
                    input = input.dropFirst(portion.count)
                    portion.withUnsafeBytes { wire.receive($0) }
                }
                wire.advance()
                if !later.isEmpty, Bool.random(using: &generator) { later.removeFirst()() }
                var buffer = [UInt8](repeating: 0, count: Int.random(in: 16...16384, using: &generator))
                while true {
                    let count = buffer.withUnsafeMutableBytes { wire.produce(into: $0) }
                    if count == 0 { break }
                    output += buffer[..<count]
                }
            }
            // Not compared in the expectation: megabytes would be printed.
            let isRight = Self.bodies(output) == cases.map(\.body)
            #expect(isRight, "seed \(seed), round \(round)")
            #expect(service.budget.used == 0 && !wire.isBusy && !wire.isDone, "seed \(seed), round \(round)")
            if !isRight { return }
        }
    }

    /// The bodies of the responses in these bytes.
    private static func bodies(_ bytes: [UInt8]) -> [[UInt8]] {
        var bodies: [[UInt8]] = []
        var rest = bytes[...]
        while let end = rest.indices.first(where: { rest[$0...].starts(with: [13, 10, 13, 10]) }) {
            let head = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[(end + 4)...]
            if let length = head.firstMatch(of: #/Content-Length: (\d+)/#).flatMap({ Int($0.output.1) }) {
                bodies.append(Array(rest.prefix(length)))
                rest = rest.dropFirst(length)
                continue
            }
            var body: [UInt8] = []
            var start = rest.startIndex
            var decoder = HTTP1ChunkDecoder(limit: 1 << 20)
            let ended = try? rest.withUnsafeBytes { buffer in
                var offset = 0
                let ended = try decoder.decode(buffer, from: &offset, into: &body)
                start += offset
                return ended
            }
            if ended != true { break }
            bodies.append(body)
            rest = rest[start...]
        }
        return bodies
    }
}
