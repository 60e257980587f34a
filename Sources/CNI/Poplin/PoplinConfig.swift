internal import JSON
internal import NetTypes

/// The configuration of type `poplin`, taken apart into those of the plugins that it is made of.
///
/// The keys of `bridge` stand at the top or, as flannel has them, in `delegate`; those of `portmap` at the top. The
/// addresses come from the overlay's subnet.env. A container gets a default route through the bridge and reaches
/// itself through a Service (hairpin), unless told otherwise.
struct PoplinConfig {
    let network: NetworkConfig
    let subnetFile: String

    init(_ network: NetworkConfig) throws(CNIError) {
        self.network = network
        let reader = network.reader
        let file = reader.string("subnetFile") ?? ""
        subnetFile = file.isEmpty ? SubnetEnv.defaultPath : file
        let type = reader.object("delegate")?.string("type") ?? "bridge"
        if type != "bridge" {
            reader.reject("delegate.type", "\"\(type)\" is not bridge; type flannel delegates to any")
        }
        try reader.finish()
    }

    private static let bridgeKeys = [
        "bridge", "isGateway", "isDefaultGateway", "forceAddress", "ipMasq", "ipMasqBackend", "mtu", "hairpinMode",
        "promiscMode", "vlan", "vlanTrunk", "preserveDefaultVlan", "macspoofchk", "enabledad", "portIsolation", "dns",
        "args",
    ]

    /// Without an environment (DEL after the overlay is gone) ranges, routes, MTU and masquerade stay unsaid.
    func bridge(_ environment: SubnetEnv?) throws(CNIError) -> JSONObject {
        var delegate = network.object["delegate"]?.object ?? JSONObject()
        for key in Self.bridgeKeys where delegate[key] == nil {
            if let value = network.object[key], !value.isNull { delegate[key] = value }
        }
        if delegate["isDefaultGateway"] == nil { delegate["isDefaultGateway"] = true }
        if delegate["hairpinMode"] == nil && delegate["promiscMode"]?.bool != true { delegate["hairpinMode"] = true }
        var network = network
        network.object["delegate"] = .object(delegate)
        return try FlannelDelegation.config(network, environment)
    }

    /// The same network for another of the plugins, with its keys and the result so far.
    func chained(_ type: String, after result: CNIResult?) -> NetworkConfig {
        var config = network
        config.type = type
        config.object["type"] = .string(type)
        // These belong to the bridge; `portmap` and `bandwidth` have none of the same name.
        for key in ["ipam", "delegate"] { config.object[key] = nil }
        config.previousResult = result
        return config
    }
}
