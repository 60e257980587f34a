/// flannel's subnet.env: what the overlay tells the CNI plugin about this node. Lines of KEY=value.
package struct SubnetEnv: Hashable, Sendable {
    /// The cluster's networks; a reader may find several, separated by commas.
    package var networks: [CIDR]
    /// The gateway's address in the node's own subnet, with the subnet's length: 10.5.52.1/24.
    package var subnet: CIDR?
    package var ipv6Networks: [CIDR]
    package var ipv6Subnet: CIDR?
    package var mtu: Int
    /// Whether the overlay masquerades, so that the plugin must not.
    package var ipMasq: Bool

    package init(
        networks: [CIDR] = [], subnet: CIDR? = nil, ipv6Networks: [CIDR] = [], ipv6Subnet: CIDR? = nil,
        mtu: Int, ipMasq: Bool
    ) {
        self.networks = networks
        self.subnet = subnet
        self.ipv6Networks = ipv6Networks
        self.ipv6Subnet = ipv6Subnet
        self.mtu = mtu
        self.ipMasq = ipMasq
    }

    /// Where flannel and its CNI plugin look for it.
    package static let defaultPath = "/run/flannel/subnet.env"
}

/// A line of subnet.env that cannot be used, or a key that is missing.
package struct SubnetEnvError: Error, Hashable, Sendable, CustomStringConvertible {
    package var key: String
    package var reason: String

    package var description: String { "subnet.env: \(key): \(reason)" }
}

extension SubnetEnv {
    /// Parses the file's text. Unknown keys, empty lines and comments are skipped, as flannel's reader does. At least one
    /// family needs both its network and its subnet; FLANNEL_MTU and FLANNEL_IPMASQ must be there.
    package init(text: String) throws(SubnetEnvError) {
        var values = Values()
        for line in text.split(whereSeparator: \.isNewline) {
            let line = Self.trimmed(line)
            guard !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") else { continue }
            let value = Self.trimmed(line[line.index(after: equals)...])
            let isQuoted = value.utf8.count >= 2 && value.hasPrefix("\"") && value.hasSuffix("\"")
            values.lines.append((Self.trimmed(line[..<equals]), isQuoted ? value.dropFirst().dropLast() : value))
        }
        let (networks, subnet) = try Self.family(.v4, values, "FLANNEL_NETWORK", "FLANNEL_SUBNET")
        let (ipv6Networks, ipv6Subnet) = try Self.family(.v6, values, "FLANNEL_IPV6_NETWORK", "FLANNEL_IPV6_SUBNET")
        if subnet == nil && ipv6Subnet == nil { throw SubnetEnvError(key: "FLANNEL_SUBNET", reason: "missing") }
        guard let mtuText = values["FLANNEL_MTU"] else { throw SubnetEnvError(key: "FLANNEL_MTU", reason: "missing") }
        guard let mtu = Int(mtuText), (0...65535).contains(mtu) else {
            throw SubnetEnvError(key: "FLANNEL_MTU", reason: "\"\(mtuText)\" is no MTU")
        }
        guard let masqText = values["FLANNEL_IPMASQ"] else {
            throw SubnetEnvError(key: "FLANNEL_IPMASQ", reason: "missing")
        }
        guard let ipMasq = Bool(masqText.lowercased()) else {
            throw SubnetEnvError(key: "FLANNEL_IPMASQ", reason: "\"\(masqText)\" is neither true nor false")
        }
        self.init(
            networks: networks, subnet: subnet, ipv6Networks: ipv6Networks, ipv6Subnet: ipv6Subnet, mtu: mtu,
            ipMasq: ipMasq)
    }

    /// A handful of lines: a dictionary would take longer to make than to search them. The last of a key counts.
    private struct Values {
        var lines: [(key: Substring, value: Substring)] = []

        subscript(key: String) -> Substring? { lines.last { $0.key == key }?.value }
    }

    private static func family(
        _ family: IPFamily, _ values: Values, _ networkKey: String, _ subnetKey: String
    ) throws(SubnetEnvError) -> ([CIDR], CIDR?) {
        let networks = try cidrs(family, values, networkKey)
        let subnets = try cidrs(family, values, subnetKey)
        if subnets.count > 1 { throw SubnetEnvError(key: subnetKey, reason: "more than one subnet") }
        if !networks.isEmpty && subnets.isEmpty { throw SubnetEnvError(key: subnetKey, reason: "missing") }
        if networks.isEmpty && !subnets.isEmpty { throw SubnetEnvError(key: networkKey, reason: "missing") }
        return (networks.map(\.network), subnets.first)
    }

    private static func cidrs(_ family: IPFamily, _ values: Values, _ key: String) throws(SubnetEnvError)
        -> [CIDR]
    {
        guard let text = values[key], !text.isEmpty else { return [] }
        var result: [CIDR] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let cidr = CIDR(trimmed(part)), cidr.family == family else {
                throw SubnetEnvError(key: key, reason: "\"\(part)\" is no IP\(family) network")
            }
            result.append(cidr)
        }
        return result
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    /// The file's text, in flannel's order.
    package var text: String {
        var lines: [String] = []
        func add(_ networkKey: String, _ networks: [CIDR], _ subnetKey: String, _ subnet: CIDR?) {
            guard let subnet else { return }
            lines.append("\(networkKey)=\(networks.map(\.description).joined(separator: ","))")
            lines.append("\(subnetKey)=\(subnet)")
        }
        add("FLANNEL_NETWORK", networks, "FLANNEL_SUBNET", subnet)
        add("FLANNEL_IPV6_NETWORK", ipv6Networks, "FLANNEL_IPV6_SUBNET", ipv6Subnet)
        lines.append("FLANNEL_MTU=\(mtu)")
        lines.append("FLANNEL_IPMASQ=\(ipMasq)")
        return lines.map { $0 + "\n" }.joined()
    }
}
