internal import Daemon
internal import Glibc
internal import HTTP
internal import Linux
internal import NetTypes

/// Datagrams that come to a port of 127.0.0.1, each client's by a socket of its own to the target, and the answers to it. A
/// client that is silent for a while is forgotten, as connection tracking does.
final class DatagramRelay {
    /// Who sends, as the kernel writes it.
    private struct Client: Hashable {
        var address: UInt32
        var port: UInt16
    }

    private final class Way {
        let socket: FileDescriptor
        var lastUse = MonotonicTime.now

        init(_ socket: consuming FileDescriptor) { self.socket = socket }
    }

    /// Clients at once, of one port.
    private static let most = 256
    /// Datagrams in one go, so that others have their turn.
    private static let burst = 64

    private let loop: EventLoop
    private let socket: FileDescriptor
    private var ways: [Client: Way] = [:]
    private let silence: Duration
    private var sweep: LoopTimer?
    private var buffer = [UInt8](repeating: 0, count: 65_536)

    /// Where datagrams go on; those of clients that are known too.
    var target: ListenAddress {
        didSet { if target != oldValue { closeAll() } }
    }

    /// `silence` is the time after which a client is forgotten, or a quarter more.
    init(_ loop: EventLoop, port: UInt16, to target: ListenAddress, silence: Duration = .seconds(60)) throws {
        self.loop = loop
        self.silence = silence
        self.target = target
        socket = try Self.open()
        let own = ListenAddress(.v4(IPv4Address(127, 0, 0, 1)), port: port)
        let raw = socket.rawValue
        try check("bind to", "\(own), for datagrams") { own.withSocketAddress { bind(raw, $0, $1) } }
        try loop.watch(raw) { [unowned self] _ in takeDatagrams() }
        sweep = loop.every(silence / 4) { [unowned self] in forgetSilent() }
    }

    deinit {
        loop.unwatch(socket.rawValue)
        if let sweep { loop.cancel(sweep) }
        closeAll()
    }

    private static func open() throws(SystemError) -> FileDescriptor {
        let type = CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        return FileDescriptor(owning: try check("make", "a socket for datagrams") { Glibc.socket(AF_INET, type, 0) })
    }

    var clientCount: Int { ways.count }

    // MARK: Datagrams

    private func takeDatagrams() {
        for _ in 0..<Self.burst {
            var sender = sockaddr_in()
            let count = withSender(&sender) { sender, length in
                recvfrom(socket.rawValue, &buffer, buffer.count, 0, sender, &length)
            }
            if count < 0 { return }
            let client = Client(address: sender.sin_addr.s_addr, port: sender.sin_port)
            // Who is one too many is not answered, and neither is who has nowhere to go.
            guard let way = ways[client] ?? makeWay(for: client) else { continue }
            way.lastUse = .now
            // What is refused is lost, as datagrams are.
            _ = send(way.socket.rawValue, buffer, count, CInt(MSG_NOSIGNAL))
        }
    }

    private func makeWay(for client: Client) -> Way? {
        guard ways.count < Self.most, let socket = try? Self.open() else { return nil }
        let way = Way(socket)
        let raw = way.socket.rawValue
        guard target.withSocketAddress({ connect(raw, $0, $1) }) == 0 else { return nil }
        do { try loop.watch(raw) { [unowned self] _ in answer(client) } } catch { return nil }
        ways[client] = way
        return way
    }

    private func answer(_ client: Client) {
        guard let way = ways[client] else { return }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = client.address
        address.sin_port = client.port
        for _ in 0..<Self.burst {
            let count = recv(way.socket.rawValue, &buffer, buffer.count, 0)
            if count < 0 { return }
            way.lastUse = .now
            _ = withSender(&address) { address, length in
                sendto(socket.rawValue, buffer, count, CInt(MSG_NOSIGNAL), address, length)
            }
        }
    }

    private func withSender(
        _ sender: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>, inout socklen_t) -> Int
    ) -> Int {
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &sender) { sender in
            sender.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
        }
    }

    // MARK: Ends

    private func forgetSilent() {
        for (client, way) in ways where .now - way.lastUse > silence { close(client, way) }
    }

    private func closeAll() { for (client, way) in ways { close(client, way) } }

    private func close(_ client: Client, _ way: Way) {
        loop.unwatch(way.socket.rawValue)
        ways[client] = nil
    }
}
