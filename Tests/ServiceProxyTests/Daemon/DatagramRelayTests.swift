import Daemon
import Glibc
import HTTP
import Lab
import Linux
import NFTables
import NetTypes
import TestSupport
import Testing

@testable import ServiceProxy

@Suite(.requiresRoot) struct DatagramRelayTests {
    private static let loopback = address("127.0.0.1")

    /// A socket of a client that talks to the relay.
    private func client(_ port: UInt16) throws -> FileDescriptor {
        let file = FileDescriptor(
            owning: try check("open", "a socket") {
                socket(AF_INET, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | O_NONBLOCK, 0)
            })
        let place = Destination(Self.loopback, port)
        try check("connect to", "\(place)") { place.withSocketAddress { connect(file.rawValue, $0, $1) } }
        return file
    }

    private func ask(_ client: borrowing FileDescriptor) {
        var byte: UInt8 = 1
        _ = send(client.rawValue, &byte, 1, CInt(MSG_NOSIGNAL))
    }

    /// Nil when there is none yet.
    private func answer(_ client: borrowing FileDescriptor) -> String? {
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = recv(client.rawValue, &buffer, buffer.count, 0)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }

    @Test("each client gets its own answers, goes on at another target, and is forgotten when it is silent")
    func relays() throws {
        let node = try LabNamespace("relay")
        try node.run {
            let servers = EndpointServers()
            for port in [UInt16(9001), 9002] { try servers.listen(Destination(Self.loopback, port), .udp) }
            servers.start()
            defer { servers.stop() }
            let loop = try EventLoop()
            let relay = try DatagramRelay(
                loop, port: 30_080, to: ListenAddress(Self.loopback, port: 9001), silence: .seconds(3))
            let first = try client(30_080)
            let second = try client(30_080)
            var heard: [String?] = [nil, nil]
            func listen() -> Bool {
                heard[0] = heard[0] ?? answer(first)
                heard[1] = heard[1] ?? answer(second)
                return heard.allSatisfy { $0 != nil }
            }
            ask(first)
            ask(second)
            try loop.run(until: "both have an answer", listen)
            #expect(heard == ["127.0.0.1 9001 127.0.0.1", "127.0.0.1 9001 127.0.0.1"] && relay.clientCount == 2)

            relay.target = ListenAddress(Self.loopback, port: 9002)
            heard = [nil, nil]
            ask(second)
            ask(first)
            try loop.run(until: "both have an answer from the other", listen)
            #expect(heard == ["127.0.0.1 9002 127.0.0.1", "127.0.0.1 9002 127.0.0.1"])

            try loop.run(until: "they are forgotten") { relay.clientCount == 0 }
            heard = [nil, "silent"]
            ask(first)
            try loop.run(until: "one is known again", listen)
            #expect(relay.clientCount == 1)

            // No more than it has room for, and who is there stays.
            var others: [Int32] = []
            defer { for file in others { close(file) } }
            for _ in 0..<300 {
                let one = try client(30_080)
                ask(one)
                others.append(one.release())
            }
            var most = 0
            try loop.run(until: "there are as many as may be") {
                most = max(most, relay.clientCount)
                ask(first)
                return most >= 256
            }
            heard = [nil, "silent"]
            try loop.run(until: "the first is answered") {
                ask(first)
                return listen()
            }
            #expect(most == 256)
        }
    }
}
