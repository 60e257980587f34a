package import JSON
internal import NetTypes

extension CNIResult {
    /// Reads a result of any version. The shape decides: `ip4` and `ip6` are of 0.1.0 and 0.2.0, `ips` of all later.
    /// Every wrong value is named in the error (code 6 or 7). A result that no plugin could work with (an address that
    /// names an interface that is not there) is refused too.
    package init(json: JSONValue, version: SpecVersion) throws(CNIError) {
        guard let object = json.object else {
            throw CNIError(.decodingFailure, "could not parse prevResult: expected an object, found \(json.kind)")
        }
        self.init()
        let reader = ConfigReader(object)
        let v4 = reader.object("ip4")
        let v6 = reader.object("ip6")
        for part in [v4, v6] {
            guard let part else { continue }
            if let ip = Self.ip(part, addressKey: "ip") { ips.append(ip) }
            routes += (part.objects("routes") ?? []).compactMap(Self.route)
        }
        interfaces = (reader.objects("interfaces") ?? []).map(Self.interface)
        ips += (reader.objects("ips") ?? []).compactMap { Self.ip($0, addressKey: "address") }
        routes += (reader.objects("routes") ?? []).compactMap(Self.route)
        if let part = reader.object("dns") { dns = DNS(reader: part) }
        for (index, ip) in ips.enumerated() {
            if let interface = ip.interface, !interfaces.isEmpty, !interfaces.indices.contains(interface) {
                reader.reject("ips[\(index)].interface", "there is no interface \(interface)")
            }
        }
        do { try reader.finish() } catch { throw error.prefixed("could not parse prevResult") }
    }

    private static func interface(_ reader: ConfigReader) -> Interface {
        Interface(
            name: reader.string("name") ?? "", mac: reader.string("mac") ?? "", mtu: reader.int("mtu"),
            sandbox: reader.string("sandbox") ?? "", socketPath: reader.string("socketPath") ?? "",
            pciID: reader.string("pciID") ?? "")
    }

    private static func ip(_ reader: ConfigReader, addressKey: String) -> IP? {
        guard let address = reader.cidr(addressKey) else {
            if reader.value(addressKey) == nil { reader.reject(addressKey, "missing") }
            return nil
        }
        return IP(address: address, gateway: reader.address("gateway"), interface: reader.int("interface"))
    }

    static func route(_ reader: ConfigReader) -> Route? {
        guard let destination = reader.cidr("dst") else {
            if reader.value("dst") == nil { reader.reject("dst", "missing") }
            return nil
        }
        return Route(
            destination: destination, gateway: reader.address("gw"), mtu: number("mtu", of: reader),
            advertisedMSS: number("advmss", of: reader), priority: number("priority", of: reader),
            table: number("table", of: reader), scope: number("scope", of: reader))
    }

    /// A number that the kernel has so many bits for.
    private static func number<Number: FixedWidthInteger & UnsignedInteger>(
        _ key: String, of reader: ConfigReader
    ) -> Number? {
        reader.int(key, in: 0...Int(Number.max)).map { Number($0) }
    }

    /// The routes of a plugin's own configuration, in the same form.
    package static func routes(_ key: String, of reader: ConfigReader) -> [Route] {
        (reader.objects(key) ?? []).compactMap(route)
    }
}

extension CNIResult.DNS {
    package init(reader: ConfigReader) {
        self.init()
        nameservers = reader.strings("nameservers") ?? []
        domain = reader.string("domain") ?? ""
        search = reader.strings("search") ?? []
        options = reader.strings("options") ?? []
    }
}
