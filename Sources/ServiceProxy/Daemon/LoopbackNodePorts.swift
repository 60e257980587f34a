internal import Daemon
internal import HTTP
internal import Linux
internal import NetTypes

/// Serves node ports on 127.0.0.1 where rules do the rest: a connection to the loopback address cannot be led elsewhere
/// unless the kernel lets such addresses out of the node (`route_localnet`), which would let them in too. So it is taken
/// here, and relayed to the same port of an address of the node's own. Datagrams are relayed too.
final class LoopbackNodePorts {
    private final class Listener {
        let socket: FileDescriptor

        init(_ socket: consuming FileDescriptor) { self.socket = socket }
    }

    /// At once, of all ports.
    private static let most = 1024

    private let loop: EventLoop
    private var open = OpenPorts<Listener>()
    private var datagrams = OpenPorts<DatagramRelay>()
    private var relays: [ObjectIdentifier: Relay] = [:]
    /// Where connections to each port go on.
    private var targets: [UInt16: Destination] = [:]

    init(_ loop: EventLoop) { self.loop = loop }

    /// The node ports of streams and of datagrams, with the ClusterIP and port of each; `own` is an address of the node on
    /// which node ports are served by rules, whose policies then count, if there is one. Returns the ports that could not be
    /// had, and why.
    func update(
        streams: [UInt16: Destination], datagrams: [UInt16: Destination], by own: IPAddress?
    ) -> [(port: UInt16, reason: any Error)] {
        func targets(_ ports: [UInt16: Destination]) -> [UInt16: Destination] {
            own.map { own in ports.reduce(into: [:]) { $0[$1.key] = Destination(own, $1.key) } } ?? ports
        }
        self.targets = targets(streams)
        let places = targets(datagrams).mapValues { ListenAddress($0.address, port: $0.port) }
        for (port, relay) in self.datagrams.servers { if let place = places[port] { relay.target = place } }
        return open.update(Set(streams.keys), open: listen) { loop.unwatch($0.socket.rawValue) }
            + self.datagrams.update(Set(places.keys)) { [loop] port in
                guard let place = places[port] else { throw SystemError("relay", "port \(port)", .noEntry) }
                return try DatagramRelay(loop, port: port, to: place)
            } close: { _ in
            }
    }

    private func listen(_ port: UInt16) throws -> Listener {
        let listener = Listener(try ListenAddress(.v4(IPv4Address(127, 0, 0, 1)), port: port).listen())
        try loop.watch(listener.socket.rawValue) { [unowned self, unowned listener] _ in accept(listener, port) }
        return listener
    }

    private func accept(_ listener: Listener, _ port: UInt16) {
        do {
            guard let client = try FileDescriptor.accept(from: listener.socket) else { return }
            // Who is one too many, or has nowhere to go, hears it by the end of the connection.
            guard relays.count < Self.most, let target = targets[port] else { return }
            let server = try ListenAddress(target.address, port: target.port).connect()
            let relay = try Relay(loop, client, server) { [unowned self] in relays[$0] = nil }
            relays[ObjectIdentifier(relay)] = relay
        } catch {
            // The client hears that too.
        }
    }
}
