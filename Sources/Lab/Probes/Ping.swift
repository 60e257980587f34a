internal import Glibc
internal import Linux
internal import NetTypes

extension Probe {
    /// Sends an ICMP echo request with this much data and waits for its reply (RFC 792, RFC 4443).
    package func icmp(bytes: Int = 56) throws -> Answer {
        let number = target.family == .v4 ? Int32(IPPROTO_ICMP) : Int32(IPPROTO_ICMPV6)
        let identifier = UInt16.random(in: 1...UInt16.max)
        var sequence: UInt16 = 0
        do {
            let socket = try ProbeSocket(
                in: namespace, target.family, SOCK_RAW, protocol: number, patience: patience)
            try socket.connect(to: target, port: 0)
            let own = socket.ownAddress
            return try repeated { start in
                sequence += 1
                let request = Self.message(target.family, identifier, sequence, bytes)
                try socket.send(request)
                // A raw socket sees every ICMP message from the peer: wait for ours, and no longer than the patience.
                while ContinuousClock.now - start < patience {
                    if isReply(try socket.receive(), to: request) {
                        return Answer(seen: nil, own: own, roundTrip: .now - start)
                    }
                }
                throw SystemError("receive", "an echo reply", .again)
            }
        } catch {
            throw failure("ICMP of \(bytes) bytes", error)
        }
    }

    private func isReply(_ packet: [UInt8], to request: [UInt8]) -> Bool {
        // IPv4 raw sockets deliver the IP header too.
        let header = target.family == .v4 ? Int(packet.first ?? 0) % 16 * 4 : 0
        return packet.count == header + request.count && packet[header] == (target.family == .v4 ? 0 : 129)
            && packet[(header + 4)...].elementsEqual(request[4...])
    }

    /// Type 8 (128), code 0, checksum, identifier, sequence, data. The kernel fills in the checksum for IPv6.
    private static func message(_ family: IPFamily, _ identifier: UInt16, _ sequence: UInt16, _ bytes: Int) -> [UInt8] {
        var message: [UInt8] = [family == .v4 ? 8 : 128, 0, 0, 0]
        for value in [identifier, sequence] { message += [UInt8(value >> 8), UInt8(value & 255)] }
        message += (0..<bytes).map { UInt8(truncatingIfNeeded: $0) }
        if family == .v4 {
            let sum = checksum(message)
            message[2] = UInt8(sum >> 8)
            message[3] = UInt8(sum & 255)
        }
        return message
    }

    /// The Internet checksum (RFC 1071).
    private static func checksum(_ octets: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for (index, octet) in octets.enumerated() { sum += index % 2 == 0 ? UInt32(octet) << 8 : UInt32(octet) }
        while sum >> 16 != 0 { sum = sum >> 16 + sum & 0xFFFF }
        return ~UInt16(sum)
    }
}
