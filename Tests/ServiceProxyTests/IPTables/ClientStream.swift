import Glibc
import Lab
import Linux
import ServiceProxy
import Synchronization

/// Somebody who goes on making connections, one after the other, and counts those that fail.
final class ClientStream: Sendable {
    private let flow: Scenario.Flow
    private let network: String
    private let pause: Duration
    private let isOver = Atomic<Bool>(false)
    private let made = Atomic<Int>(0)
    private let failed = Atomic<Int>(0)
    private let hasEnded = Atomic<Bool>(false)

    /// In the network namespace at the path. The kernel remembers each connection for two minutes: who goes on for minutes
    /// pauses between two.
    init(_ flow: Scenario.Flow, in network: String, pause: Duration = .zero) throws {
        self.flow = flow
        self.network = network
        self.pause = pause
        _ = try Thread("clients") { [self] in run() }
    }

    private func run() {
        defer { hasEnded.store(true, ordering: .releasing) }
        do {
            try Place(network: network).enter()
            while !isOver.load(ordering: .relaxed) {
                let outcome = try Visit(flow).outcome()
                if !flow.expected.contains(outcome) { failed.add(1, ordering: .relaxed) }
                made.add(1, ordering: .relaxed)
                usleep(UInt32(pause.seconds * 1e6))
            }
        } catch {
            failed.add(1, ordering: .relaxed)
        }
    }

    var count: Int { made.load(ordering: .relaxed) }
    var failures: Int { failed.load(ordering: .relaxed) }
    var isDone: Bool { hasEnded.load(ordering: .acquiring) }

    func stop() { isOver.store(true, ordering: .relaxed) }
}

/// A connection that stays open, and asks now and then.
struct LongConnection: ~Copyable {
    private let file: FileDescriptor

    /// From the calling thread's network namespace.
    init(to destination: Destination) throws {
        let file = FileDescriptor(
            owning: try check("open", "a socket") {
                socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
            })
        var patience = timeval(tv_sec: 3, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(file.rawValue, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        try check("connect to", "\(destination)") { destination.withSocketAddress { connect(file.rawValue, $0, $1) } }
        self.file = file
    }

    /// True when the other end says something in return.
    func ask() -> Bool {
        var byte: UInt8 = 1
        guard send(file.rawValue, &byte, 1, CInt(MSG_NOSIGNAL)) == 1 else { return false }
        return recv(file.rawValue, &byte, 1, 0) == 1
    }
}

/// Answers a byte for a byte, as long as the client stays.
final class PatientServer: Sendable {
    private let listener: CInt
    private let isOver = Atomic<Bool>(false)
    private let hasEnded = Atomic<Bool>(false)

    /// On every address of the calling thread's network namespace.
    init(port: UInt16) throws {
        listener = try check("open", "a socket") {
            Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | O_NONBLOCK, 0)
        }
        var one: CInt = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, 4)
        let place = Destination(address("0.0.0.0"), port)
        let socket = listener
        try check("bind", "\(place)") { place.withSocketAddress { bind(socket, $0, $1) } }
        try check("listen on", "\(place)") { Glibc.listen(socket, 16) }
        _ = try Thread("patient") { [self] in serve() }
    }

    private func serve() {
        var clients: [CInt] = []
        while !isOver.load(ordering: .relaxed) {
            var set = ([listener] + clients).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&set, nfds_t(set.count), 50) > 0 else { continue }
            for entry in set where entry.revents != 0 {
                if entry.fd == listener {
                    let client = accept(listener, nil, nil)
                    if client >= 0 { clients.append(client) }
                    continue
                }
                var byte: UInt8 = 0
                if recv(entry.fd, &byte, 1, 0) == 1 {
                    _ = send(entry.fd, &byte, 1, CInt(MSG_NOSIGNAL))
                } else {
                    close(entry.fd)
                    clients.removeAll { $0 == entry.fd }
                }
            }
        }
        for client in clients { close(client) }
        close(listener)
        hasEnded.store(true, ordering: .releasing)
    }

    func stop() { isOver.store(true, ordering: .relaxed) }
}
