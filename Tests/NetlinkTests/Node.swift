import Lab
import Linux
import NetTypes
import Netlink

/// A fresh network namespace with a socket in it; both end with the test.
struct Node: ~Copyable {
    let namespace: LabNamespace
    var socket: NetlinkSocket

    init() throws {
        let namespace = try LabNamespace("netlink")
        socket = try NetlinkSocket(in: namespace.namespace)
        self.namespace = namespace
    }

    /// A veth pair, both ends here and up, without generated IPv6 addresses. Returns the index of the first end.
    mutating func addPair(_ name: String, _ peer: String) throws -> InterfaceIndex {
        let index = try socket.create(NewLink(name, .veth(VethPeer(peer))))
        for end in [name, peer] {
            try socket.run(.changeLink(.name(end), LinkAttributes(addressGeneration: .disabled)))
            try socket.run(.changeLink(.name(end), .up))
        }
        return index
    }
}

func address(_ text: StaticString) throws -> IPAddress {
    guard let address = IPAddress("\(text)") else { throw Malformed(text: "\(text)") }
    return address
}

func network(_ text: StaticString) throws -> CIDR {
    guard let network = CIDR("\(text)") else { throw Malformed(text: "\(text)") }
    return network
}

func mac(_ text: StaticString) throws -> MACAddress {
    guard let mac = MACAddress("\(text)") else { throw Malformed(text: "\(text)") }
    return mac
}

struct Malformed: Error {
    var text: String
}
