internal import JSON
internal import NetTypes

/// Endpoints and EndpointSlices.
enum EndpointRules {
    @Sendable static func checkEndpoints(_ endpoints: Place, _ old: JSONValue?, _ report: inout Report) {
        for subset in endpoints["subsets"].elements {
            let (ready, others, ports) = (subset["addresses"], subset["notReadyAddresses"], subset["ports"])
            if ready.count + others.count == 0 {
                report.required(subset, "must specify `addresses` or `notReadyAddresses`")
            }
            for address in ready.elements + others.elements {
                // Upstream says twice that it is none.
                if !checkReachable(address["ip"], &report) {
                    report.invalid(address["ip"], "must be a valid IP address")
                }
                if !address["hostname"].text.isEmpty { report.check(address["hostname"], NameSyntax.label) }
                if !address["nodeName"].text.isEmpty { report.check(address["nodeName"], NameSyntax.subdomain) }
            }
            for port in ports.elements {
                let name = port["name"]
                if name.text.isEmpty {
                    if ports.count > 1 { report.required(name) }
                } else {
                    report.check(name, NameSyntax.label)
                }
                report.port(port["port"])
                if port["protocol"].text.isEmpty { report.required(port["protocol"]) }
                applicationProtocol(port["appProtocol"], &report)
            }
        }
    }

    private static func applicationProtocol(_ place: Place, _ report: inout Report) {
        for problem in place.text.isEmpty ? [] : LabelSyntax.problems(key: place.text) {
            report.invalid(place, problem)
        }
    }

    /// An address at which something can be reached from elsewhere. False when it is none at all.
    @discardableResult
    static func checkReachable(_ place: Place, _ report: inout Report) -> Bool {
        guard let address = IPAddress(place.text) else {
            report.address(place)
            return false
        }
        if address.isUnspecified { report.invalid(place, "may not be unspecified (\(place.text))") }
        if address.isLoopback {
            report.invalid(place, "may not be in the loopback range (127.0.0.0/8, ::1/128)")
        }
        if address.isLinkLocal {
            report.invalid(place, "may not be in the link-local range (169.254.0.0/16, fe80::/10)")
        }
        if address.isLinkLocalMulticast {
            report.invalid(place, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
        }
        return true
    }

    @Sendable static func checkSlice(_ slice: Place, _ old: JSONValue?, _ report: inout Report) {
        let type = slice["addressType"]
        if let old { report.immutable(type, old.member("addressType")) }
        endpoints(slice["endpoints"], type.text, &report)
        ports(slice["ports"], &report)
    }

    private static func endpoints(_ endpoints: Place, _ type: String, _ report: inout Report) {
        if endpoints.count > 1000 { return report.tooMany(endpoints, 1000) }
        for endpoint in endpoints.elements {
            let addresses = endpoint["addresses"]
            if addresses.count == 0 { report.required(addresses, "must contain at least 1 address") }
            if addresses.count > 100 { report.tooMany(addresses, 100) }
            for address in addresses.elements {
                switch type {
                case "IPv4", "IPv6":
                    if IPAddress(address.text)?.family != (type == "IPv4" ? .v4 : .v6) {
                        report.invalid(address, "must be a valid \(type) address")
                    } else {
                        checkReachable(address, &report)
                    }
                case "FQDN": report.check(address, NameSyntax.subdomain)
                default: break
                }
            }
            if endpoint["nodeName"].isThere { report.check(endpoint["nodeName"], NameSyntax.subdomain) }
            if endpoint["hostname"].isThere { report.check(endpoint["hostname"], NameSyntax.label) }
            let hints = endpoint["hints"]
            for (list, limit) in [("forZones", 8), ("forNodes", 8)] where hints[list].count > limit {
                report.tooMany(hints[list], limit)
            }
            for zone in hints["forZones"].elements { report.requireText(zone["name"]) }
        }
    }

    private static func ports(_ ports: Place, _ report: inout Report) {
        if ports.count > 20_000 { return report.tooMany(ports, 20_000) }
        var names: Set<String> = []
        for port in ports.elements {
            let name = port["name"]
            if !name.text.isEmpty { report.check(name, NameSyntax.label) }
            if !names.insert(name.text).inserted { report.duplicate(name) }
            if port["port"].isThere { report.port(port["port"]) }
            if port["protocol"].text.isEmpty { report.required(port["protocol"]) }
            applicationProtocol(port["appProtocol"], &report)
        }
    }
}
