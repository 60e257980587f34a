package import JSON
package import NetTypes
package import Netlink

/// What `bridge` remembers of an attachment: enough to remove it from the kernel without reading the container.
package struct BridgeState: Hashable, Sendable {
    package var bridge: String
    package var bridgeIndex: InterfaceIndex
    package var port: String
    package var mac: MACAddress
    package var addresses: [CIDR]
    package var masquerades: Bool
    package var checksSpoofing: Bool

    package init(_ config: BridgeConfig, _ plan: BridgePlan, bridgeIndex: InterfaceIndex, port: String) {
        bridge = config.bridge
        self.bridgeIndex = bridgeIndex
        self.port = port
        mac = plan.podMAC
        addresses = plan.ips.map(\.address)
        masquerades = config.masquerades
        checksSpoofing = config.checksSpoofing
    }

    package init?(_ json: JSONObject) {
        guard let bridge = json["bridge"]?.string, let index = json["bridgeIndex"]?.int,
            let port = json["port"]?.string, let mac = json["mac"]?.string.flatMap({ MACAddress($0) })
        else { return nil }
        self.bridge = bridge
        bridgeIndex = InterfaceIndex(truncatingIfNeeded: index)
        self.port = port
        self.mac = mac
        addresses = (json["addresses"]?.array ?? []).compactMap { $0.string.flatMap { CIDR($0) } }
        masquerades = json["masquerades"]?.bool ?? false
        checksSpoofing = json["checksSpoofing"]?.bool ?? false
    }

    package var json: JSONObject {
        JSONObject([
            ("bridge", .string(bridge)), ("bridgeIndex", .number(JSONNumber(bridgeIndex))), ("port", .string(port)),
            ("mac", .string("\(mac)")), ("addresses", .array(addresses.map { .string("\($0)") })),
            ("masquerades", .bool(masquerades)), ("checksSpoofing", .bool(checksSpoofing)),
        ])
    }

    package func elements(label: String) -> [OwnedElement] {
        (masquerades ? MasqueradeTable.elements(addresses, label: label) : [])
            + (checksSpoofing ? SpoofCheckTable.elements(port: port, mac: mac, label: label) : [])
    }

    package func removal(label: String) -> Removal {
        var removal = Removal(label: label)
        removal.links = [port]
        removal.neighbours = addresses.map { Neighbour($0.address, mac: nil, on: bridgeIndex) }
        removal.elements = elements(label: label)
        return removal
    }
}
