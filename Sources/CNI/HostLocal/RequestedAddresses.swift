internal import JSON
internal import NetTypes

/// The addresses that a caller asks for, in three ways that have grown over the years; all of them count.
enum RequestedAddresses {
    /// CNI_ARGS `IP`, `args.cni.ips` and `runtimeConfig.ips`, each an address with or without a prefix length.
    static func read(_ call: Invocation, _ reader: ConfigReader) -> [IPAddress] {
        var result: [IPAddress] = []
        if let text = call.environment.argument("IP"), !text.isEmpty {
            if let address = address(text) {
                result.append(address)
            } else {
                reader.reject("CNI_ARGS.IP", "\"\(text)\" is not an IP address")
            }
        }
        for part in [reader.object("args")?.object("cni"), reader.object("runtimeConfig")] {
            guard let part else { continue }
            for (index, text) in (part.strings("ips") ?? []).enumerated() {
                if let address = address(text) {
                    result.append(address)
                } else {
                    part.reject("ips[\(index)]", "\"\(text)\" is not an IP address")
                }
            }
        }
        return result
    }

    private static func address(_ text: String) -> IPAddress? { IPAddress(text) ?? CIDR(text)?.address }
}

extension IPAddress {
    /// An IPv4-mapped address (RFC 4291, 2.5.5.2) as the IPv4 address that it stands for, as Go treats it.
    var canonical: IPAddress {
        guard let v6, v6.rawValue >> 32 == 0xFFFF else { return self }
        return .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: v6.rawValue)))
    }
}
