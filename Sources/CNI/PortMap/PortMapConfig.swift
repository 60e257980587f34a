internal import JSON
internal import NetTypes

/// The keys of the reference plugin `portmap`, read and checked together.
package struct PortMapConfig: Hashable, Sendable {
    package var mappings: [PortMapping]
    /// Lets containers of the same network and the node's own 127.0.0.1 use the ports.
    package var snat: Bool
    /// The container sees the node as the source of everything.
    package var masqueradesAll: Bool
    /// The bit of the packet's mark that says "masquerade me" between two chains.
    package var markBit: Int

    package init(mappings: [PortMapping], snat: Bool = true, masqueradesAll: Bool = false, markBit: Int = 13) {
        self.mappings = mappings
        self.snat = snat
        self.masqueradesAll = masqueradesAll
        self.markBit = markBit
    }

    package init(_ config: NetworkConfig) throws(CNIError) {
        let reader = config.reader
        mappings = (reader.object("runtimeConfig")?.objects("portMappings") ?? []).compactMap { PortMapping($0) }
        snat = reader.bool("snat") ?? true
        masqueradesAll = reader.bool("masqAll") ?? false
        markBit = reader.int("markMasqBit", in: 0...31) ?? 13
        // Upstream chooses between two programs by this key. Both values get what they ask for, natively.
        if let backend = reader.string("backend"), !["", "iptables", "nftables"].contains(backend) {
            reader.reject("backend", "\"\(backend)\" is neither iptables nor nftables")
        }
        if let chain = reader.string("externalSetMarkChain"), !chain.isEmpty {
            reader.reject(
                "externalSetMarkChain", "a chain of iptables cannot be called from nf_tables; use markMasqBit")
        }
        for key in ["conditionsV4", "conditionsV6"] where !(reader.strings(key) ?? []).isEmpty {
            reader.reject(
                key,
                "a host port is one element of a map, which cannot carry a match; bind it with hostIP, "
                    + "or filter with a rule of your own")
        }
        try reader.finish()
    }
}
