import Glibc
import Linux
import NFTables
import NetTypes
import ServiceProxy

/// Sends and receives packets of SCTP by themselves: the kernel that translates them need not have sockets for it.
final class SCTPSocket: Sendable {
    let file: FileDescriptor
    private let family: IPFamily

    /// In the network namespace of the calling thread.
    init(_ family: IPFamily) throws {
        self.family = family
        file = FileDescriptor(
            owning: try check("open", "a raw socket") {
                socket(
                    family == .v4 ? AF_INET : AF_INET6,
                    CInt(SOCK_RAW.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | O_NONBLOCK,
                    CInt(L4Protocol.sctp.rawValue))
            })
    }

    /// Packets for this address only, and with it as their source.
    func bind(_ address: IPAddress) throws {
        try check("bind", "\(address)") {
            Destination(address, 0).withSocketAddress { Glibc.bind(file.rawValue, $0, $1) }
        }
    }

    /// Packets from this address only. Errors that are told of what was sent there are heard then.
    func connect(_ address: IPAddress) -> Bool {
        Destination(address, 0).withSocketAddress { Glibc.connect(file.rawValue, $0, $1) } == 0
    }

    func send(_ packet: SCTPPacket, to address: IPAddress? = nil) -> Bool {
        let bytes = packet.bytes
        guard let address else {
            return Glibc.send(file.rawValue, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count
        }
        return Destination(address, 0).withSocketAddress {
            sendto(file.rawValue, bytes, bytes.count, CInt(MSG_NOSIGNAL), $0, $1)
        } == bytes.count
    }

    enum Arrival {
        case packet(SCTPPacket, from: IPAddress)
        case failed
        /// Nothing more, for now.
        case nothing
    }

    /// Packets of other kinds, or with wrong checksums, are passed over.
    func receive() -> Arrival {
        while true {
            var buffer = [UInt8](repeating: 0, count: 512)
            var other = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let (count, source) = withUnsafeMutablePointer(to: &other) { other in
                other.withMemoryRebound(to: sockaddr.self, capacity: 1) { other in
                    let count = recvfrom(file.rawValue, &buffer, buffer.count, 0, other, &length)
                    return (count, count >= 0 ? Destination(other).address : nil)
                }
            }
            guard count >= 0, let source else { return Errno.last == .again ? .nothing : .failed }
            // IPv4's own header is there as well.
            let header = family == .v4 ? Int(buffer[0] & 15) * 4 : 0
            if header < count, let packet = SCTPPacket(Array(buffer[header..<count])) {
                return .packet(packet, from: source)
            }
        }
    }
}

extension Visit {
    /// Initiates an association. Who is reached writes into the cookie who it is and whom it sees.
    func associate() throws -> Outcome {
        let socket = try SCTPSocket(flow.destination.address.family)
        if flow.client != .node { try socket.bind(flow.source) }
        guard socket.connect(flow.destination.address) else { return Outcome(.rejected) }
        let port = UInt16.random(in: 20_000...29_999)
        let first = SCTPPacket(from: port, to: flow.destination.port, tag: .random(in: 1...(.max)))
        guard socket.send(first) else { return Outcome(.rejected) }
        let deadline = ContinuousClock.now + .milliseconds(patience)
        while ContinuousClock.now < deadline {
            var entry = pollfd(fd: socket.file.rawValue, events: Int16(POLLIN), revents: 0)
            _ = poll(&entry, 1, CInt(max(1, patience / 10)))
            switch socket.receive() {
            case .nothing: continue
            case .failed: return Outcome(.rejected)
            case .packet(let answer, _):
                // It has to come from the very address and port that were asked.
                guard answer.chunk == .initiationAnswer, answer.destinationPort == port else { continue }
                if answer.sourcePort != flow.destination.port || answer.verificationTag != first.initiateTag {
                    return Outcome(.rejected)
                }
                return outcome(of: answer.cookie)
            }
        }
        return Outcome(.dropped)
    }
}
