internal import JSON
package import NetTypes

/// The keys of the reference plugin `bridge`, read and checked together.
package struct BridgeConfig: Hashable, Sendable {
    package var bridge: String
    package var isGateway: Bool
    package var isDefaultGateway: Bool
    package var forceAddress: Bool
    package var masquerades: Bool
    /// Nil takes the bridge's own.
    package var mtu: Int?
    package var hairpin: Bool
    package var promiscuous: Bool
    package var vlan: UInt16?
    package var trunk: [VLANRange]
    package var keepsDefaultVLAN: Bool
    package var checksSpoofing: Bool
    package var detectsDuplicates: Bool
    package var leavesInterfaceDown: Bool
    package var isolatesPort: Bool
    package var mac: MACAddress?
    /// The type of the IPAM plugin; nil without `ipam`, for a network of layer 2 only.
    package var ipam: String?
    package var dns: CNIResult.DNS

    package struct VLANRange: Hashable, Sendable {
        package var first: UInt16
        package var last: UInt16
    }

    package var needsVLANs: Bool { vlan != nil || !trunk.isEmpty }

    package init(_ call: Invocation) throws(CNIError) {
        let reader = call.config.reader
        bridge = reader.string("bridge").flatMap { $0.isEmpty ? nil : $0 } ?? "cni0"
        do { try Names.checkInterfaceName(bridge) } catch { reader.reject("bridge", error.message) }
        isDefaultGateway = reader.bool("isDefaultGateway") ?? false
        isGateway = (reader.bool("isGateway") ?? false) || isDefaultGateway
        forceAddress = reader.bool("forceAddress") ?? false
        masquerades = reader.bool("ipMasq") ?? false
        // Upstream chooses between two programs by this key. Both values get what they ask for, natively.
        if let backend = reader.string("ipMasqBackend"), !["", "iptables", "nftables"].contains(backend) {
            reader.reject("ipMasqBackend", "\"\(backend)\" is neither iptables nor nftables")
        }
        mtu = reader.int("mtu", in: 0...65535).flatMap { $0 == 0 ? nil : $0 }
        if let mtu, mtu < 68 { reader.reject("mtu", "\(mtu) is less than 68, the least that IPv4 works with") }
        hairpin = reader.bool("hairpinMode") ?? false
        promiscuous = reader.bool("promiscMode") ?? false
        if hairpin && promiscuous { reader.reject("promiscMode", "cannot be set together with hairpinMode") }
        vlan = reader.int("vlan", in: 0...4094).flatMap { $0 == 0 ? nil : UInt16($0) }
        trunk = (reader.objects("vlanTrunk") ?? []).flatMap(Self.trunk)
        keepsDefaultVLAN = reader.bool("preserveDefaultVlan") ?? true
        checksSpoofing = reader.bool("macspoofchk") ?? false
        detectsDuplicates = reader.bool("enabledad") ?? false
        leavesInterfaceDown = reader.bool("disableContainerInterface") ?? false
        isolatesPort = reader.bool("portIsolation") ?? false
        ipam = reader.object("ipam")?.string("type").flatMap { $0.isEmpty ? nil : $0 }
        if leavesInterfaceDown && ipam != nil {
            reader.reject("disableContainerInterface", "cannot be set together with ipam: the link stays down")
        }
        mac = Self.mac(call, reader)
        dns = reader.object("dns").map { CNIResult.DNS(reader: $0) } ?? CNIResult.DNS()
        try reader.finish()
    }

    /// What is nearest to the container wins: runtimeConfig over args.cni over CNI_ARGS.
    private static func mac(_ call: Invocation, _ reader: ConfigReader) -> MACAddress? {
        let fromArguments: MACAddress?
        if let text = call.environment.argument("MAC"), !text.isEmpty {
            fromArguments = MACAddress(text)
            if fromArguments == nil { reader.reject("CNI_ARGS.MAC", "\"\(text)\" is not a MAC address") }
        } else {
            fromArguments = nil
        }
        let fromConfig = reader.object("args")?.object("cni")?.mac("mac")
        return reader.object("runtimeConfig")?.mac("mac") ?? fromConfig ?? fromArguments
    }

    private static func trunk(_ entry: ConfigReader) -> [VLANRange] {
        let first = entry.int("minID", in: 1...4094)
        let last = entry.int("maxID", in: 1...4094)
        let single = entry.int("id", in: 1...4094)
        var ranges: [VLANRange] = []
        switch (first, last) {
        case (let first?, let last?) where first <= last:
            ranges.append(VLANRange(first: UInt16(first), last: UInt16(last)))
        case (let first?, let last?): entry.reject("minID", "\(first) is greater than maxID \(last)")
        case (_?, nil): entry.reject("maxID", "missing beside minID")
        case (nil, _?): entry.reject("minID", "missing beside maxID")
        case (nil, nil): if entry.value("id") == nil { entry.reject("id", "missing, and no minID and maxID either") }
        }
        if let single { ranges.append(VLANRange(first: UInt16(single), last: UInt16(single))) }
        return ranges
    }
}
