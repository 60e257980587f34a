internal import JSON

/// One configuration list, as Poplin reads it and as the reference plugins do.
struct CNIScenario {
    let name: String
    let list: JSONValue
    let reference: JSONValue
    let mapsPort: Bool

    init(_ name: String, _ list: JSONValue, reference: JSONValue? = nil, mapsPort: Bool = false) {
        self.name = name
        self.list = list
        self.reference = reference ?? list
        self.mapsPort = mapsPort
    }

    static let subnet = "10.87.0.0/16"

    static func bridge(masquerade: Bool) -> JSONValue {
        [
            "type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": .bool(masquerade),
            "ipam": [
                "type": "host-local", "ranges": [[["subnet": .string(subnet)]]], "routes": [["dst": "0.0.0.0/0"]],
            ],
        ]
    }

    static let portmap: JSONValue = ["type": "portmap", "snat": true, "capabilities": ["portMappings": true]]

    static func list(_ plugins: JSONValue...) -> JSONValue {
        ["cniVersion": "1.0.0", "name": "bench", "plugins": .array(plugins)]
    }

    static let full = list(bridge(masquerade: true), portmap)
    static let plain = list(bridge(masquerade: false))
    /// One exec for all of `full`: reads subnet.env.
    static let fused = list([
        "type": "poplin", "bridge": "cni0", "ipMasq": true, "capabilities": ["portMappings": true],
    ])

    static let all = [
        CNIScenario("bridge + host-local", plain),
        CNIScenario("bridge + ipMasq + host-local + portmap", full, mapsPort: true),
        CNIScenario("the same by type poplin, one exec", fused, reference: full, mapsPort: true),
    ]
}
