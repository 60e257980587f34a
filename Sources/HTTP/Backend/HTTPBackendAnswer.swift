/// The answer of a server behind this one, taken apart as it comes (RFC 9112): a state machine without a connection.
struct HTTPBackendAnswer {
    enum Event: Hashable {
        case head(status: Int, headers: HTTPHeaders, length: Int?)
        case bytes([UInt8])
        case end
    }

    private enum State {
        case head
        case length(Int)
        case chunks(HTTP1ChunkDecoder)
        /// Up to the connection's end: an old answer, or another protocol.
        case rest
        case over
    }

    private static let headLimit = 64 << 10
    private let isHead: Bool
    private var state = State.head
    private var buffer: [UInt8] = []

    /// - Parameter method: the request's.
    init(method: String) { isHead = method == "HEAD" }

    /// Throws when it is no answer.
    mutating func receive(_ bytes: UnsafeRawBufferPointer) throws(HTTPRefusal) -> [Event] {
        buffer.append(contentsOf: bytes)
        var events: [Event] = []
        while try advance(&events) {}
        return events
    }

    /// The server has closed; throws when something is missing.
    mutating func inputEnded() throws(HTTPRefusal) -> [Event] {
        switch state {
        case .over: return []
        case .rest:
            state = .over
            return [.end]
        case .head, .length, .chunks: throw HTTPRefusal("the connection ended before the answer did")
        }
    }

    /// False when more bytes are needed.
    private mutating func advance(_ events: inout [Event]) throws(HTTPRefusal) -> Bool {
        switch state {
        case .over: return false
        case .head:
            guard let end = endOfHead() else {
                if buffer.count > Self.headLimit { throw .headTooLarge(Self.headLimit) }
                return false
            }
            let (status, headers) = try Self.head(Array(buffer[..<end]))
            buffer.removeFirst(end)
            // Interim answers say nothing but that the request has come.
            if status < 200, status != 101 { return true }
            let length = try begin(status, headers)
            events.append(.head(status: status, headers: headers, length: length))
        case .rest:
            if buffer.isEmpty { return false }
            events.append(.bytes(buffer))
            buffer = []
        case .length(let remaining):
            let count = min(remaining, buffer.count)
            if count > 0 { events.append(.bytes(Array(buffer[..<count]))) }
            buffer.removeFirst(count)
            state = .length(remaining - count)
            if count < remaining { return false }
            finish(&events)
        case .chunks(var decoder):
            var (body, start): ([UInt8], Int) = ([], 0)
            let input = buffer
            var failure: HTTPRefusal?
            let hasEnded = input.withUnsafeBytes { bytes -> Bool in
                do throws(HTTPRefusal) {
                    return try decoder.decode(bytes, from: &start, into: &body)
                } catch {
                    failure = error
                    return false
                }
            }
            if let failure { throw failure }
            buffer.removeFirst(start)
            state = .chunks(decoder)
            if !body.isEmpty { events.append(.bytes(body)) }
            if !hasEnded { return false }
            finish(&events)
        }
        return true
    }

    private mutating func finish(_ events: inout [Event]) {
        events.append(.end)
        state = .over
    }

    /// The body's length where it is known.
    private mutating func begin(_ status: Int, _ headers: HTTPHeaders) throws(HTTPRefusal) -> Int? {
        let declared = headers["content-length"].flatMap { Int($0) }
        if isHead || status == 204 || status == 304 {
            state = .length(0)
            return declared
        }
        if status == 101 {
            state = .rest
            return nil
        }
        if let coding = headers["transfer-encoding"] {
            guard coding.lowercased() == "chunked" else { throw HTTPRefusal("a transfer coding that is not known") }
            state = .chunks(HTTP1ChunkDecoder(limit: .max))
            return nil
        }
        guard let declared else {
            state = .rest
            return nil
        }
        guard declared >= 0 else { throw HTTPRefusal("Content-Length is no number") }
        state = .length(declared)
        return declared
    }

    private func endOfHead() -> Int? {
        guard buffer.count >= 4 else { return nil }
        for index in 3..<buffer.count
        where buffer[index] == 0x0A && buffer[index - 1] == 0x0D && buffer[index - 2] == 0x0A
            && buffer[index - 3] == 0x0D
        { return index + 1 }
        return nil
    }

    private static func head(_ bytes: [UInt8]) throws(HTTPRefusal) -> (Int, HTTPHeaders) {
        let lines = bytes.split(separator: 0x0A).map { $0.last == 0x0D ? $0.dropLast() : $0 }
        guard let first = lines.first else { throw HTTPRefusal("there is no status line") }
        let words = first.split(separator: 0x20, maxSplits: 2)
        guard words.count >= 2, words[0].starts(with: "HTTP/1.".utf8),
            let status = Int(String(decoding: words[1], as: UTF8.self)), (100..<600).contains(status)
        else { throw HTTPRefusal("the answer does not begin with a status line of HTTP/1") }
        var headers = HTTPHeaders()
        for line in lines.dropFirst() where !line.isEmpty {
            var failure: HTTPRefusal?
            var read: HTTP1Field?
            Array(line).withUnsafeBytes { bytes in
                do throws(HTTPRefusal) { read = try HTTP1Field(bytes) } catch { failure = error }
            }
            if let failure { throw failure }
            if let read { headers.append(lowercase: read.name, read.value) }
        }
        return (status, headers)
    }
}
