package import JSON
internal import NFTables
package import NetTypes

/// What `portmap` remembers of an attachment: what it was asked for, from which its elements follow.
package struct PortMapState: Hashable, Sendable {
    package var config: PortMapConfig
    /// The container's first address of each family, with the length of its network's prefix.
    package var addresses: [CIDR]

    package init(_ config: PortMapConfig, addresses: [CIDR]) {
        self.config = config
        self.addresses = addresses
    }

    package init?(_ json: JSONObject) {
        guard let mappings = json["mappings"]?.array, let addresses = json["addresses"]?.array else { return nil }
        self.addresses = addresses.compactMap { $0.string.flatMap { CIDR($0) } }
        config = PortMapConfig(
            mappings: mappings.compactMap { $0.object.flatMap { PortMapping(json: $0) } },
            snat: json["snat"]?.bool ?? true, masqueradesAll: json["masqAll"]?.bool ?? false,
            markBit: json["markMasqBit"]?.int ?? 13)
    }

    package var json: JSONObject {
        JSONObject([
            ("mappings", .array(config.mappings.map { .object($0.json) })),
            ("addresses", .array(addresses.map { .string("\($0)") })), ("snat", .bool(config.snat)),
            ("masqAll", .bool(config.masqueradesAll)), ("markMasqBit", .number(JSONNumber(config.markBit))),
        ])
    }

    package func plan(label: String) throws(CNIError) -> HostPortPlan {
        try HostPortPlan(config, addresses: addresses, label: label)
    }

    package func removal(label: String) throws(CNIError) -> Removal {
        var removal = Removal(label: label)
        removal.elements = try plan(label: label).elements
        removal.flows = flows.map { flow in
            var flow = flow
            flow.containers = addresses.map(\.address)
            return flow
        }
        return removal
    }

    /// The flows that the mappings have or had; TCP connections end by themselves when the container does.
    var flows: [HostPortFlows] {
        config.mappings.filter { $0.protocol != .tcp }.map { HostPortFlows($0) }
    }
}

extension PortMapping {
    fileprivate init?(json: JSONObject) {
        guard let hostPort = json["hostPort"]?.int.flatMap(UInt16.init(exactly:)),
            let containerPort = json["containerPort"]?.int.flatMap(UInt16.init(exactly:)),
            let number = json["protocol"]?.int.flatMap(UInt8.init(exactly:))
        else { return nil }
        self.init(
            hostPort: hostPort, containerPort: containerPort, protocol: L4Protocol(rawValue: number),
            hostIP: json["hostIP"]?.string.flatMap { IPAddress($0) })
    }

    fileprivate var json: JSONObject {
        var object = JSONObject([
            ("hostPort", .number(JSONNumber(hostPort))), ("containerPort", .number(JSONNumber(containerPort))),
            ("protocol", .number(JSONNumber(`protocol`.rawValue))),
        ])
        if let hostIP { object["hostIP"] = .string("\(hostIP)") }
        return object
    }
}
