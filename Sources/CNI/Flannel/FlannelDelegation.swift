package import JSON
package import NetTypes

/// The configuration that `flannel` makes for the plugin which does the work, from the network's configuration and the
/// overlay's subnet.env. Pure.
package enum FlannelDelegation {
    /// The delegate's configuration; its defaults and its refusals are those of flannel's own plugin. Without an
    /// environment (a DEL after the overlay is gone) ranges, routes, MTU and masquerade stay unsaid.
    package static func config(_ network: NetworkConfig, _ env: SubnetEnv?) throws(CNIError) -> JSONObject {
        let reader = network.reader
        var delegate = reader.object("delegate")?.object ?? JSONObject()
        for key in ["name", "ipam"] where delegate[key] != nil {
            reader.reject("delegate", "must not have '\(key)' field, it'll be set by flannel")
        }
        let type = reader.object("delegate")?.string("type") ?? "bridge"
        let ipam = reader.object("ipam")?.object ?? JSONObject()
        let routes = reader.object("ipam")?.objects("routes")?.map(\.object) ?? []
        try reader.finish()

        delegate["name"] = .string(network.name)
        delegate["type"] = .string(type)
        if let env {
            delegate.setDefault("ipMasq", .bool(!env.ipMasq))
            delegate.setDefault("mtu", .number(JSONNumber(env.mtu)))
        }
        if type == "bridge" { delegate.setDefault("isGateway", true) }
        if let version = network.object["cniVersion"] { delegate["cniVersion"] = version }
        let runtimeConfig = network.runtimeConfig
        if !runtimeConfig.isEmpty { delegate["runtimeConfig"] = .object(runtimeConfig) }
        delegate["ipam"] = .object(self.ipam(ipam, routes: routes, env))
        return delegate
    }

    /// The type of the delegate, for a look before the rest is known.
    package static func type(_ network: NetworkConfig) -> String {
        network.object["delegate"]?["type"]?.string ?? "bridge"
    }

    private static func ipam(_ given: JSONObject, routes: [JSONObject], _ env: SubnetEnv?) -> JSONObject {
        var ipam = given
        ipam.setDefault("type", "host-local")
        guard let env else { return ipam }
        let subnets = [env.subnet, env.ipv6Subnet].compactMap { $0 }
        ipam["ranges"] = .array(subnets.map { [["subnet": .string("\($0.network)")]] })
        let networks = (env.networks + env.ipv6Networks).map { JSONObject([("dst", .string("\($0)"))]) }
        ipam["routes"] = .array((routes + networks).map { .object($0) })
        return ipam
    }
}

extension JSONObject {
    /// Sets a member unless it is there and not null.
    fileprivate mutating func setDefault(_ key: String, _ value: JSONValue) {
        if self[key].map(\.isNull) ?? true {
            removeAll(named: key)
            self[key] = value
        }
    }
}
