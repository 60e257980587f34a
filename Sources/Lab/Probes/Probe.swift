internal import Glibc
internal import Linux
package import NetTypes

/// One question sent from one network namespace to an `EchoServer` elsewhere.
package struct Probe: Sendable {
    /// Path of the network namespace that the question comes from.
    package var namespace: String
    package var target: IPAddress
    package var port: UInt16 = EchoServer.port
    /// How long to wait for one answer.
    package var patience: Duration = .milliseconds(700)
    /// How often a question is asked before it counts as unanswered: a link that has just come up may lose some, and an
    /// IPv6 address that is new is not used before its owner has made sure that nobody else has it (a second or two).
    package var attempts = 5

    package init(from namespace: String, to target: IPAddress) {
        self.namespace = namespace
        self.target = target
    }

    package struct Answer: Sendable {
        /// The address that the server saw; nil for ICMP.
        package var seen: IPAddress?
        /// The server's own address, which need not be the one that was asked; nil for ICMP.
        package var server: IPAddress?
        /// The address that the client sent from.
        package var own: IPAddress?
        package var roundTrip: Duration
    }

    /// Why there was no answer, or a wrong one.
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    /// Nobody has said anything within the patience.
    struct Silence: Error, CustomStringConvertible {
        var description: String
    }

    /// Sends a request with a body of this size over TCP and reads the whole answer.
    package func tcp(bytes: Int = 0) throws -> Answer {
        do {
            return try repeated { try stream(.tcp, bytes: bytes, since: $0) }
        } catch {
            throw failure("TCP", error)
        }
    }

    /// One connection, one question, one answer.
    func stream(_ transport: Transport, bytes: Int, since start: ContinuousClock.Instant) throws -> Answer {
        let head = "POST / HTTP/1.1\r\nHost: echo\r\nContent-Length: \(bytes)\r\n\r\n"
        let socket = try ProbeSocket(
            in: namespace, target.family, transport.socketType, protocol: transport.protocolNumber, patience: patience)
        let own: IPAddress?
        let answer: [UInt8]
        var stage = "no connection"
        do throws(SystemError) {
            try socket.connect(to: target, port: port)
            stage = "connected, no answer"
            own = socket.ownAddress
            try socket.send(Array(head.utf8) + Self.filling(bytes))
            answer = try socket.receiveAll()
        } catch {
            guard error.errno == .timedOut || error.errno == .again else { throw error }
            // Some packets were lost, or those who should answer are late.
            throw Silence(description: "\(stage), \(socket.repetitions) packets sent again")
        }
        guard let end = answer.firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw Failure(description: "the connection ended without an answer")
        }
        return try Self.read(answer[end.upperBound...], bytes, own, since: start)
    }

    /// Sends a datagram with a payload of this size, never fragmented here, and waits for one of the same size.
    package func udp(bytes: Int = 16) throws -> Answer {
        do {
            let socket = try ProbeSocket(in: namespace, target.family, SOCK_DGRAM, patience: patience)
            socket.forbidFragments()
            try socket.connect(to: target, port: port)
            let own = socket.ownAddress
            return try repeated { start in
                try socket.send(Self.filling(bytes))
                return try Self.read(socket.receive()[...], bytes, own, since: start)
            }
        } catch {
            throw failure("UDP of \(bytes) bytes", error)
        }
    }

    /// Sends a datagram that fills an IP packet of `size` octets and may not be fragmented.
    /// - Returns: the path MTU that the kernel learnt when the packet was refused; nil if it was answered.
    package func refusal(size: Int) throws -> Int? {
        do {
            let socket = try ProbeSocket(in: namespace, target.family, SOCK_DGRAM, patience: patience)
            socket.forbidFragments()
            try socket.connect(to: target, port: port)
            let header = target.family == .v4 ? 20 : 40
            for _ in 0..<attempts {
                do {
                    try socket.send(Self.filling(size - header - 8))
                    _ = try socket.receive()
                    return nil
                } catch {
                    // Refused at once by the own link, or later by a router's ICMP, which the socket reports.
                    if error.errno == Errno(EMSGSIZE) { return socket.pathMTU }
                    guard error.errno == .again else { throw error }
                }
            }
            throw Failure(description: "vanished: neither answered nor refused")
        } catch {
            throw failure("packet of \(size) octets", error)
        }
    }

    /// Whether something accepts TCP connections on the port.
    package func connects(port: UInt16) -> Bool {
        do {
            let socket = try ProbeSocket(in: namespace, target.family, SOCK_STREAM, patience: patience)
            try socket.connect(to: target, port: port)
            return true
        } catch {
            return false
        }
    }

    /// The whole answer, status line first, of an HTTP server on the port.
    package func get(_ path: String) throws -> String {
        let socket = try ProbeSocket(in: namespace, target.family, SOCK_STREAM, patience: patience)
        try socket.connect(to: target, port: port)
        try socket.send(Array("GET \(path) HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n".utf8))
        return String(decoding: try socket.receiveAll(), as: UTF8.self)
    }

    /// Sends until there is an answer, and throws the last cause when there is none.
    func repeated(_ body: (ContinuousClock.Instant) throws -> Answer) throws -> Answer {
        var cause: any Error = Failure(description: "no attempt made")
        for _ in 0..<attempts {
            do { return try body(.now) } catch { cause = error }
        }
        throw cause
    }

    func failure(_ what: String, _ error: any Error) -> Failure {
        if let error = error as? SystemError, error.errno == .again {
            return Failure(description: "\(what) to \(target): no answer")
        }
        return Failure(description: "\(what) to \(target): \(error)")
    }

    static func filling(_ bytes: Int) -> [UInt8] { [UInt8](repeating: UInt8(ascii: "."), count: bytes) }

    /// Takes `ADDRESS BYTES SERVER` apart and compares the sizes.
    static func read(
        _ text: ArraySlice<UInt8>, _ bytes: Int, _ own: IPAddress?, since start: ContinuousClock.Instant
    ) throws -> Answer {
        let line = String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self).split(separator: " ")
        guard line.count == 3, let seen = IPAddress(line[0]), let count = Int(line[1]) else {
            throw Failure(description: "not an answer of an echo server")
        }
        guard count == bytes, text.count >= bytes else {
            throw Failure(description: "sent \(bytes) bytes, the server had \(count), \(text.count) came back")
        }
        return Answer(seen: seen, server: IPAddress(line[2]), own: own, roundTrip: .now - start)
    }
}
