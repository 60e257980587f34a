import Glibc
import Linux
import NFTables
import NetTypes
import ServiceProxy
import Synchronization

/// Servers that tell every client who they are and whom they saw: `ADDRESS PORT CLIENT`.
final class EndpointServers: Sendable {
    private struct Listener {
        var socket: CInt
        var destination: Destination
        var transport: L4Protocol
        var sctp: SCTPSocket?
    }

    /// Who has been where.
    struct Sight: Hashable, Sendable {
        var server: Destination
        var client: Destination
    }

    private let listeners = Mutex<[Listener]>([])
    private let sights = Mutex<Set<Sight>>([])
    private let isOver = Atomic<Bool>(false)
    private let threads = Mutex<[pthread_t]>([])

    /// Listens in the network namespace of the calling thread.
    func listen(_ destination: Destination, _ transport: L4Protocol) throws {
        if transport == .sctp {
            let sctp = try SCTPSocket(destination.address.family)
            try sctp.bind(destination.address)
            let listener = Listener(
                socket: sctp.file.rawValue, destination: destination, transport: transport, sctp: sctp)
            return listeners.withLock { $0.append(listener) }
        }
        let kind = transport == .udp ? SOCK_DGRAM : SOCK_STREAM
        let socket = try check("open", "a socket") {
            Glibc.socket(
                destination.socketFamily, CInt(kind.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | O_NONBLOCK, 0)
        }
        var one: CInt = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &one, 4)
        try check("bind", "\(destination)") { destination.withSocketAddress { bind(socket, $0, $1) } }
        if transport != .udp { try check("listen on", "\(destination)") { Glibc.listen(socket, 128) } }
        listeners.withLock { $0.append(Listener(socket: socket, destination: destination, transport: transport)) }
    }

    func hasSeen(_ client: Destination, at server: Destination) -> Bool {
        sights.withLock { $0.contains(Sight(server: server, client: client)) }
    }

    func start() {
        var thread = pthread_t()
        let own = Unmanaged.passRetained(self).toOpaque()
        pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<EndpointServers>.fromOpaque(context).takeRetainedValue().serve() }
                return nil
            }, own)
        threads.withLock { $0.append(thread) }
    }

    func stop() {
        isOver.store(true, ordering: .relaxed)
        for thread in threads.withLock({ $0 }) { pthread_join(thread, nil) }
        for listener in listeners.withLock({ $0 }) where listener.sctp == nil { close(listener.socket) }
    }

    private func text(_ own: Destination, _ client: Destination) -> [UInt8] {
        sights.withLock { _ = $0.insert(Sight(server: own, client: client)) }
        return Array("\(own.address) \(own.port) \(client.address)".utf8)
    }

    private func serve() {
        let listeners = listeners.withLock { $0 }
        while !isOver.load(ordering: .relaxed) {
            var set = listeners.map { pollfd(fd: $0.socket, events: Int16(POLLIN), revents: 0) }
            guard poll(&set, nfds_t(set.count), 50) > 0 else { continue }
            for (entry, listener) in zip(set, listeners) where entry.revents != 0 { answer(listener) }
        }
    }

    private func answer(_ listener: Listener) {
        if let sctp = listener.sctp { return answer(listener.destination, sctp) }
        var client = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        withUnsafeMutablePointer(to: &client) { client in
            client.withMemoryRebound(to: sockaddr.self, capacity: 1) { client in
                let read = { self.text(listener.destination, Destination(client)) }
                if listener.transport == .udp {
                    var byte: UInt8 = 0
                    guard recvfrom(listener.socket, &byte, 1, 0, client, &length) >= 0 else { return }
                    let text = read()
                    _ = sendto(listener.socket, text, text.count, 0, client, length)
                } else {
                    let connection = accept(listener.socket, client, &length)
                    guard connection >= 0 else { return }
                    let text = read()
                    _ = send(connection, text, text.count, CInt(MSG_NOSIGNAL))
                    close(connection)
                }
            }
        }
    }
}

extension EndpointServers {
    /// There is one socket for all ports of an address.
    private func answer(_ own: Destination, _ sctp: SCTPSocket) {
        while case .packet(let packet, let source) = sctp.receive() {
            guard packet.chunk == .initiation, packet.destinationPort == own.port else { continue }
            let cookie = text(own, Destination(source, packet.sourcePort))
            _ = sctp.send(packet.answer(tag: .random(in: 1...(.max)), cookie: cookie), to: source)
        }
    }
}

/// One connection from the calling thread's network namespace.
struct Visit {
    let flow: Scenario.Flow

    init(_ flow: Scenario.Flow) { self.flow = flow }

    /// Only who hears nothing waits for all of it.
    var patience: Int { flow.expected == [Outcome(.dropped)] ? 250 : 3000 }

    func outcome() throws -> Outcome { flow.transport == .sctp ? try associate() : outcome(by: try open()) }

    /// A socket that is the client's own, and not connected yet.
    func open() throws(SystemError) -> FileDescriptor {
        let kind = flow.transport == .udp ? SOCK_DGRAM : SOCK_STREAM
        let file = FileDescriptor(
            owning: try check("open", "a socket") {
                socket(flow.destination.socketFamily, CInt(kind.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | O_NONBLOCK, 0)
            })
        if flow.client != .node {
            let own = Destination(flow.source, 0)
            try check("bind", "\(own)") { own.withSocketAddress { bind(file.rawValue, $0, $1) } }
        }
        return file
    }

    func outcome(by file: borrowing FileDescriptor) -> Outcome {
        let number = file.rawValue
        if flow.destination.withSocketAddress({ connect(number, $0, $1) }) != 0, Errno.last.code != EINPROGRESS {
            return Outcome(.rejected)
        }
        if flow.transport == .udp {
            var byte: UInt8 = 1
            _ = send(number, &byte, 1, CInt(MSG_NOSIGNAL))
        }
        var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        if poll(&entry, 1, CInt(patience)) <= 0 { return Outcome(.dropped) }
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = recv(number, &buffer, buffer.count, 0)
        return count > 0 ? outcome(of: buffer[..<count]) : Outcome(.rejected)
    }

    /// Of what the server has said.
    func outcome(of answer: some Collection<UInt8>) -> Outcome {
        let words = String(decoding: answer, as: UTF8.self).split(separator: " ")
        guard words.count == 3, let server = IPAddress(words[0]), let port = UInt16(words[1]),
            let seen = IPAddress(words[2])
        else { return Outcome(.rejected) }
        // To itself the node may speak as whom it likes.
        return Outcome(
            .delivered(Destination(server, port)),
            isMasqueraded: seen != flow.source || flow.client == .node && flow.expectsMasquerade)
    }
}

extension Scenario.Flow {
    var expectsMasquerade: Bool { expected.contains(where: \.isMasqueraded) }
}

extension Destination {
    func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        // sockaddr_in and sockaddr_in6: family, port, then the address; of IPv6 the flow before it and the scope after.
        var octets =
            withUnsafeBytes(of: sa_family_t(socketFamily)) { Array($0) } + [UInt8(port >> 8), UInt8(port & 255)]
        switch address.family {
        case .v4: octets += address.octets + [UInt8](repeating: 0, count: 8)
        case .v6: octets += [0, 0, 0, 0] + address.octets + [0, 0, 0, 0]
        }
        let length = socklen_t(octets.count)
        var storage = sockaddr_storage()
        return withUnsafeMutableBytes(of: &storage) { bytes in
            bytes.copyBytes(from: octets)
            return bytes.withMemoryRebound(to: sockaddr.self) { addresses in
                guard let base = addresses.baseAddress else { preconditionFailure("an address is never empty") }
                return body(base, length)
            }
        }
    }

    var socketFamily: CInt { address.family == .v4 ? AF_INET : AF_INET6 }

    /// Reads what the kernel has left in a sockaddr_storage.
    init(_ pointer: UnsafePointer<sockaddr>) {
        let octets = Array(
            UnsafeRawBufferPointer(start: pointer, count: MemoryLayout<sockaddr_in6>.size))
        let address =
            pointer.pointee.sa_family == sa_family_t(AF_INET)
            ? IPAddress(octets: octets[4..<8]) : IPAddress(octets: octets[8..<24])
        self.init(address ?? .v4(IPv4Address(rawValue: 0)), UInt16(octets[2]) << 8 | UInt16(octets[3]))
    }
}
