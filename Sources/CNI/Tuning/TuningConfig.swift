internal import JSON
package import NetTypes

/// The keys of the reference plugin `tuning`, read and checked together. What `args.cni` says wins over the rest.
package struct TuningConfig: Hashable, Sendable {
    /// Paths below /proc/sys with their values, in the configuration's order.
    package var settings: [Setting]
    package var mac: MACAddress?
    package var promiscuous: Bool?
    package var mtu: Int?
    package var allMulticast: Bool?
    package var transmitQueueLength: Int?
    /// Where the values before the ADD are kept.
    package var dataDirectory: String

    package struct Setting: Hashable, Sendable {
        package var path: String
        package var value: String
    }

    package init(_ config: NetworkConfig, interface: String) throws(CNIError) {
        let reader = config.reader
        let arguments = reader.object("args")?.object("cni")
        mac = arguments?.mac("mac") ?? reader.object("runtimeConfig")?.mac("mac") ?? reader.mac("mac")
        promiscuous = arguments?.bool("promisc") ?? reader.bool("promisc")
        mtu = arguments?.int("mtu", in: 0...65535) ?? reader.int("mtu", in: 0...65535)
        if mtu == 0 { mtu = nil }
        allMulticast = arguments?.bool("allmulti") ?? reader.bool("allmulti")
        let length = 0...Int(UInt32.max)
        transmitQueueLength = arguments?.int("txQLen", in: length) ?? reader.int("txQLen", in: length)
        let directory = reader.string("dataDir") ?? ""
        dataDirectory = directory.isEmpty ? "/run/cni/tuning" : directory
        settings = Self.settings(reader.object("sysctl"), interface)
        let own = Self.settings(arguments?.object("sysctl"), interface)
        settings.removeAll { setting in own.contains { $0.path == setting.path } }
        settings += own
        try reader.finish()
    }

    package var changesLink: Bool {
        mac != nil || promiscuous != nil || mtu != nil || allMulticast != nil || transmitQueueLength != nil
    }

    /// A key is a path with dots or with slashes; a name of an interface with a dot in it needs the latter, or IFNAME.
    private static func settings(_ reader: ConfigReader?, _ interface: String) -> [Setting] {
        var settings: [Setting] = []
        for member in reader?.object.members ?? [] {
            let key = member.key
            let dotted = key.contains("/") ? key : String(key.map { $0 == "." ? "/" : $0 })
            let parts = dotted.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            if parts.first != "net" || parts.contains("..") || parts.contains(".") || parts.contains("") {
                reader?.reject(key, "not a setting of the network (net.*)")
                continue
            }
            let path = parts.map { $0 == "IFNAME" ? interface : $0 }.joined(separator: "/")
            if settings.contains(where: { $0.path == path }) {
                reader?.reject(key, "given twice")
                continue
            }
            guard let value = member.value.string ?? member.value.number?.literal else {
                reader?.reject(key, "expected a string, found \(member.value.kind)")
                continue
            }
            settings.append(Setting(path: path, value: value))
        }
        return settings
    }
}
