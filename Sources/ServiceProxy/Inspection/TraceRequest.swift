package import NFTables
package import NetTypes

/// Whose packet is traced, and where to: `10.42.0.7 10.96.0.10:443`, `node [fd96::1]:53/udp`.
package struct TraceRequest: Hashable, Sendable {
    /// Nil for the node itself, with the address that routing chooses.
    package var source: IPAddress?
    package var destination: Destination
    package var transport: L4Protocol
    /// By which interface it comes in; nil for the one that leads back to the source.
    package var interface: String?

    package struct Malformed: Error, Hashable, Sendable, CustomStringConvertible {
        package var description: String
    }

    package init(source: String, destination text: String, interface: String? = nil) throws(Malformed) {
        if source == "node" {
            self.source = nil
        } else if let address = IPAddress(source) {
            self.source = address
        } else {
            throw Malformed(description: "\(source): neither an address nor the word node")
        }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        switch parts.count == 2 ? parts[1] : "tcp" {
        case "tcp": transport = .tcp
        case "udp": transport = .udp
        case "sctp": transport = .sctp
        default: throw Malformed(description: "\(text): the protocol is none of tcp, udp, sctp")
        }
        guard let destination = Destination(parts[0]) else {
            throw Malformed(description: "\(text): not ADDRESS:PORT or [ADDRESS]:PORT, with /udp or /sctp for these")
        }
        if let source = self.source, source.family != destination.address.family {
            throw Malformed(description: "\(source) and \(destination.address) are not of one family")
        }
        self.destination = destination
        self.interface = interface
    }
}

extension Destination {
    /// As `description` writes it.
    package init?(_ text: Substring) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
            return nil
        }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard let address = IPAddress(host), isBracketed == (address.family == .v6) else { return nil }
        self.init(address, port)
    }
}
