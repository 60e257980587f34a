import Glibc
import Linux
import NetTypes
import TestSupport
import Testing

@testable import Lab

@Suite("The server of a lab's pods", .requiresRoot)
struct EchoServerTests {
    private static let own = IPAddress.v4(IPv4Address(127, 0, 0, 1))

    @Test("answers a connection before all datagrams that are there: those may never end")
    func turns() throws {
        let namespace = try LabNamespace("echo")
        let path = namespace.path
        let (answered, total, isConnectionAnswered) = try namespace.run {
            var server = try EchoServer()
            let datagrams = try ProbeSocket(in: path, .v4, SOCK_DGRAM, patience: .milliseconds(300))
            let connection = try ProbeSocket(in: path, .v4, SOCK_STREAM, patience: .milliseconds(100))
            try eventually("both are connected") {
                [datagrams, connection].allSatisfy {
                    (try? $0.connect(to: Self.own, port: EchoServer.port)) != nil
                }
            }
            let total = 100
            for _ in 0..<total { try datagrams.send([1]) }
            try connection.send(Array("POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n".utf8))
            // It is accepted, then read; on a busy machine the kernel may bring it to the server a little later.
            var answer: [UInt8]?
            for _ in 0..<5 where answer == nil {
                server.serveOnce()
                answer = try? connection.receive()
            }
            var answered = 0
            while (try? datagrams.receive()) != nil { answered += 1 }
            return (answered, total, answer?.starts(with: Array("HTTP/1.1 200".utf8)) == true)
        }
        #expect(isConnectionAnswered)
        #expect(answered > 0 && answered < total)
    }

    @Test("that says nothing is told from a way that leads nowhere")
    func silence() throws {
        let namespace = try LabNamespace("echo")
        let path = namespace.path
        let outcome = try namespace.run {
            // It listens, and nobody serves.
            let server = try EchoServer()
            var probe = Probe(from: path, to: Self.own)
            probe.patience = .milliseconds(500)
            let outcome = probe.visit(.tcp)
            withExtendedLifetime(server) {}
            return "\(outcome)"
        }
        #expect(outcome.hasPrefix(#"silent("connected, no answer, "#), "\(outcome)")
    }
}
