package import NetTypes

/// Addresses from `start` to `end`, both included, in one subnet. The gateway is never given out.
package struct AddressRange: Hashable, Sendable {
    package let subnet: CIDR
    package let start: IPAddress
    package let end: IPAddress
    package let gateway: IPAddress

    /// Checks and completes what the configuration gives; the sentences are those of the reference plugin, because
    /// people search for them. Code 7.
    package init(subnet: CIDR, start: IPAddress? = nil, end: IPAddress? = nil, gateway: IPAddress? = nil)
        throws(CNIError)
    {
        // Nothing can be allocated from a network without room for a gateway and a host.
        if subnet.prefixLength > subnet.family.width - 2 {
            throw Self.invalid("Network \(subnet) too small to allocate from")
        }
        if subnet.hasHostBits {
            throw Self.invalid(
                "Network has host bits set. For a subnet mask of length \(subnet.prefixLength)"
                    + " the network address is \(subnet.first)")
        }
        if let start, !subnet.contains(start) {
            throw Self.invalid("RangeStart \(start) not in network \(subnet)")
        }
        self.subnet = subnet
        self.start = start ?? subnet.first.next
        self.gateway = gateway ?? subnet.first.next
        if let end {
            guard subnet.contains(end), end >= self.start else {
                throw Self.invalid("RangeEnd \(end) not in network \(subnet)")
            }
            self.end = end
        } else {
            // The last address of an IPv4 network is the broadcast address; IPv6 has none.
            let last = subnet.family == .v4 ? subnet.last.value - 1 : subnet.last.value
            self.end = IPAddress(family: subnet.family, value: last)
            if self.start > self.end {
                throw Self.invalid("RangeStart \(self.start) is after the last address to give out, \(self.end)")
            }
        }
    }

    package var family: IPFamily { subnet.family }

    package func contains(_ address: IPAddress) -> Bool {
        address.family == family && start <= address && address <= end
    }

    package func overlaps(_ other: AddressRange) -> Bool {
        family == other.family && start <= other.end && other.start <= end
    }

    private static func invalid(_ sentence: String) -> CNIError { CNIError(.invalidConfig, sentence) }
}

extension AddressRange: CustomStringConvertible {
    package var description: String { "\(start)-\(end)" }
}
