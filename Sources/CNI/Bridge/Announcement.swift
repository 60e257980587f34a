internal import Linux
internal import NetTypes
internal import Netlink

/// Tells everybody on a link who has an address from now on.
struct Announcement {
    let addresses: [IPAddress]
    let mac: MACAddress

    /// Has it sent soon after the end of this process, so that nobody waits: the bridge gives every port its copy within the
    /// send, some 4 µs each, and who runs on that processor meanwhile (the next plugin of the list) has to wait too. Must
    /// run inside of the container's namespace. False when it cannot be.
    func sendAfterEnd(from link: InterfaceIndex) -> Bool {
        guard let socket = try? FileDescriptor.packetSocket(on: link) else { return false }
        // The children close the socket last, which takes an RCU grace period.
        return addresses.allSatisfy { ChildProcess.sendAfterEnd(frame(for: $0), on: socket.rawValue, milliseconds: 20) }
    }

    /// The whole Ethernet frame: a gratuitous ARP request (RFC 5227 section 3), or an unsolicited neighbour advertisement
    /// to all nodes (RFC 4861 section 7.2.6).
    func frame(for address: IPAddress) -> [UInt8] {
        switch address {
        case .v4(let address):
            let arp: [UInt8] = [0, 1, 8, 0, 6, 4, 0, 1]
            let unknown = [UInt8](repeating: 0, count: 6)
            return [UInt8](repeating: 0xFF, count: 6) + mac.octets + [8, 6]
                + arp + mac.octets + address.octets + unknown + address.octets
        case .v6(let address):
            let allNodes = [0xFF, 2] + [UInt8](repeating: 0, count: 13) + [1]
            let override: [UInt8] = [0x20, 0, 0, 0]
            let linkLayerAddress = [2, 1] + mac.octets
            let body = override + address.octets + linkLayerAddress
            let length = [0, UInt8(4 + body.count)]
            let pseudoHeader = address.octets + allNodes + [0, 0] + length + [0, 0, 0, 58]
            let checksum = Self.checksum(pseudoHeader + [136, 0, 0, 0] + body)
            return [0x33, 0x33, 0, 0, 0, 1] + mac.octets + [0x86, 0xDD]
                + [0x60, 0, 0, 0] + length + [58, 255] + address.octets + allNodes
                + [136, 0, UInt8(checksum >> 8), UInt8(checksum & 0xFF)] + body
        }
    }

    /// The Internet checksum of an even number of bytes (RFC 1071).
    private static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: bytes.count, by: 2) {
            sum += UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
        }
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        return ~UInt16(sum)
    }
}
