package import NFTables
package import NetTypes

/// One entry of the capability `portMappings`: a port of the node that leads into the container.
package struct PortMapping: Hashable, Sendable {
    package var hostPort: UInt16
    package var containerPort: UInt16
    package var `protocol`: L4Protocol
    /// Only on this address of the node; nil on all.
    package var hostIP: IPAddress?

    package init(hostPort: UInt16, containerPort: UInt16, protocol: L4Protocol = .tcp, hostIP: IPAddress? = nil) {
        self.hostPort = hostPort
        self.containerPort = containerPort
        self.protocol = `protocol`
        self.hostIP = hostIP
    }

    init?(_ reader: ConfigReader) {
        let hostPort = reader.int("hostPort", in: 1...65535)
        let containerPort = reader.int("containerPort", in: 1...65535)
        if reader.value("hostPort") == nil { reader.reject("hostPort", "missing") }
        if reader.value("containerPort") == nil { reader.reject("containerPort", "missing") }
        let name = reader.string("protocol") ?? "tcp"
        let transport: L4Protocol? =
            switch name.lowercased() {
            case "", "tcp": .tcp
            case "udp": .udp
            case "sctp": .sctp
            default: nil
            }
        if transport == nil { reader.reject("protocol", "\"\(name)\" is none of tcp, udp and sctp") }
        let address = reader.address("hostIP")
        guard let hostPort, let containerPort, let transport else { return nil }
        self.init(
            hostPort: UInt16(hostPort), containerPort: UInt16(containerPort), protocol: transport, hostIP: address)
    }

    /// Whether the mapping is for packets of this family: an address of the other one, also an unspecified, is not.
    func applies(to family: IPFamily) -> Bool { hostIP == nil || hostIP?.family == family }

    /// The address that a packet must be for; nil for any.
    var boundAddress: IPAddress? { hostIP?.isUnspecified == true ? nil : hostIP }
}

extension PortMapping: CustomStringConvertible {
    package var description: String {
        let place = boundAddress.map { $0.family == .v4 ? "\($0):" : "[\($0)]:" } ?? ""
        return "\(place)\(hostPort)/\(`protocol`)"
    }
}
