/// Heads of requests out of a connection's bytes: a state machine without a connection (RFC 9112).
///
/// Strict where leniency lets two parties disagree about where a request ends: bare LF, whitespace before a colon, folded
/// lines, Transfer-Encoding, several lengths and bodies of any kind are all refused, and a refusal ends the connection.
package struct HTTPRequestParser {
    package enum Outcome: Hashable, Sendable {
        /// The head is not whole yet.
        case incomplete
        case request(HTTPServerRequest)
        /// Answer with this status and close; nothing after it can be trusted.
        case refused(status: Int, reason: String)
    }

    private var buffer: [UInt8] = []
    /// How much of the buffer has no end of a head in it.
    private var scanned = 0
    private let headLimit: Int

    /// - Parameter headLimit: bytes of the request line and the header with its empty line.
    package init(headLimit: Int = 8192) { self.headLimit = headLimit }

    /// Whether there is part of a request.
    package var isEmpty: Bool { buffer.isEmpty }

    package mutating func receive(_ bytes: some Collection<UInt8>) { buffer.append(contentsOf: bytes) }

    /// Takes the next request off the bytes received.
    package mutating func next() -> Outcome {
        while scanned < buffer.count {
            defer { scanned += 1 }
            guard buffer[scanned] == 0x0A else {
                if scanned >= headLimit { return Self.tooLarge(headLimit) }
                continue
            }
            guard scanned > 0, buffer[scanned - 1] == 0x0D else {
                return .refused(status: 400, reason: "a line ends without CR")
            }
            guard scanned >= 3, buffer[scanned - 2] == 0x0A else { continue }
            if scanned >= headLimit { return Self.tooLarge(headLimit) }
            let head = buffer[..<(scanned - 3)]
            let outcome = HTTPRequestHead.parse(head)
            buffer.removeSubrange(...scanned)
            if buffer.isEmpty { buffer = [] }
            scanned = -1
            return outcome
        }
        return .incomplete
    }

    private static func tooLarge(_ limit: Int) -> Outcome {
        .refused(status: 431, reason: "the header is longer than \(limit) bytes")
    }
}
