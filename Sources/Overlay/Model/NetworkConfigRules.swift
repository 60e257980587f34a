internal import JSON
internal import NetTypes

/// flannel's rules for address pools and backends (its pkg/subnet/config.go and pkg/backend).
extension ConfigFields {
    /// What differs between the families: the keys' prefix, and the bounds on a subnet's length.
    private struct FamilyRules {
        let prefix: String
        let longestSubnet: Int
        /// A network longer than this holds no four subnets.
        let longestNetwork: Int
        let usualSubnet: Int

        init(_ family: IPFamily) {
            switch family {
            case .v4: (prefix, longestSubnet, longestNetwork, usualSubnet) = ("", 30, 28, 24)
            case .v6: (prefix, longestSubnet, longestNetwork, usualSubnet) = ("IPv6", 126, 124, 64)
            }
        }
    }

    mutating func pool(_ family: IPFamily, _ subnets: SubnetOrigin) -> AddressPool? {
        let rules = FamilyRules(family)
        let network = network(rules.prefix + "Network", family)
        let lengthKey = rules.prefix + "SubnetLen"
        // 0 is Go's way to say absent.
        let given = integer(
            lengthKey, 0...rules.longestSubnet,
            "must be at most \(rules.longestSubnet), so that a node has addresses for pods")
        let firstGiven = address(rules.prefix + "SubnetMin", family)
        let lastGiven = address(rules.prefix + "SubnetMax", family)
        guard let network else { return nil }
        // As in flannel, nothing is asked of a size and bounds that nobody goes by.
        if subnets == .assigned {
            return AddressPool(network: network, subnetLength: nil, first: network.first, last: network.last)
        }

        let length: Int
        if let given, given != 0 {
            if given < network.prefixLength + 2 {
                report(
                    lengthKey, "\(given)",
                    "must be at least \(network.prefixLength + 2), so that \(network) holds four subnets")
                return nil
            }
            length = given
        } else if network.prefixLength > rules.longestNetwork {
            report(
                rules.prefix + "Network", quoted("\(network)"),
                "too small: the prefix length must be at most \(rules.longestNetwork)")
            return nil
        } else {
            // A node gets the usual size, or a quarter of a network that is too small for four of those.
            length = max(rules.usualSubnet, network.prefixLength + 2)
        }
        let size: UInt128 = 1 << UInt128(family.width - length)
        let lastBase = IPAddress(family: family, value: network.last.value & ~(size - 1))
        // The network's first subnet is left out by default: its base address is the network's own.
        let first = boundary(
            rules.prefix + "SubnetMin", firstGiven ?? network.first.advanced(by: size), network, length)
        let last = boundary(rules.prefix + "SubnetMax", lastGiven ?? lastBase, network, length)
        guard let first, let last else { return nil }
        if first > last {
            report(
                rules.prefix + "SubnetMin", quoted("\(first)"), "must not be above \(rules.prefix)SubnetMax, \(last)")
            return nil
        }
        return AddressPool(network: network, subnetLength: length, first: first, last: last)
    }

    private mutating func boundary(_ key: String, _ address: IPAddress, _ network: CIDR, _ length: Int) -> IPAddress? {
        if !network.contains(address) {
            report(key, quoted("\(address)"), "must be inside the network \(network)")
            return nil
        }
        if CIDR(address, length).hasHostBits {
            report(key, quoted("\(address)"), "must be the first address of a /\(length) subnet")
            return nil
        }
        return address
    }

    /// `hasV6` makes the least MTU larger: IPv6 needs links of 1280 octets (RFC 8200, 5).
    mutating func backend(hasV6: Bool) -> BackendConfig? {
        guard let value = value("Backend") else {
            report(
                "Backend", "",
                "missing, which means flannel's \"udp\" backend; say {\"Type\": \"vxlan\"}, \"host-gw\" or \"alloc\"")
            return nil
        }
        guard let object = value.object else {
            report("Backend", value.serialized(), "must be an object")
            return nil
        }
        var fields = ConfigFields(object, path: "Backend.")
        defer { take(fields) }
        guard let type = fields.string("Type") else {
            if fields.value("Type") == nil {
                fields.report("Type", "", "missing; say \"vxlan\", \"host-gw\" or \"alloc\"")
            }
            return nil
        }
        switch type.lowercased() {
        case "vxlan": return .vxlan(fields.vxlan(hasV6: hasV6))
        case "host-gw": return .hostGateway
        case "alloc": return .alloc
        case "udp", "wireguard", "ipip", "ipsec", "extension", "tencent-vpc":
            fields.report(
                "Type", quoted(type),
                "a backend of flannel's that Poplin does not have; use \"vxlan\", \"host-gw\" or \"alloc\"")
        default:
            fields.report("Type", quoted(type), "unknown; use \"vxlan\", \"host-gw\" or \"alloc\"")
        }
        return nil
    }

    private mutating func vxlan(hasV6: Bool) -> VXLANConfig {
        var config = VXLANConfig()
        if let vni = integer("VNI", 1...0xFF_FFFF, "must be 1 to 16777215 (RFC 7348, 5)") { config.vni = vni }
        if let port = integer("Port", 0...65535, "must be a UDP port"), port != 0 { config.port = UInt16(port) }
        let least = hasV6 ? 1350 : 626
        if let value = value("MTU") {
            if value.int == nil || !(value.int == 0 || (least...65535).contains(value.int ?? 0)) {
                report("MTU", value.serialized(), "must be 0 (the interface's own) or \(least) to 65535")
            } else if value.int != 0 {
                config.mtu = value.int
            }
        }
        config.groupPolicy = bool("GBP") ?? false
        config.learning = bool("Learning") ?? false
        config.directRouting = bool("DirectRouting") ?? false
        return config
    }
}
