package import JSON
package import NetTypes

/// What a laboratory is to be: how many nodes, and how their pods are joined.
package struct LabConfiguration: Hashable, Sendable {
    /// Begins every namespace's name; at most 10 lower-case letters and digits, so that labs cannot be taken for
    /// one another.
    package var name: String
    package var nodes: Int
    package var backend: Backend
    package var family: Family
    /// The MTU of the network between the nodes.
    package var mtu: Int
    /// More keys for the backend's part of the network configuration (`DirectRouting`, `VNI`).
    package var backendOptions: JSONObject
    package var store: Store

    /// What the cluster's state is kept in.
    package enum Store: String, Sendable, CaseIterable {
        /// `poplin server`, with a file.
        case sqlite
        /// Two `poplin server` on one etcd.
        case etcd
        /// No API server: the overlay's leases are keys of an etcd, as flannel keeps them.
        case leases
    }

    package enum Backend: String, Sendable, CaseIterable {
        case vxlan
        case hostGateway = "host-gw"
    }

    package enum Family: String, Sendable, CaseIterable {
        case v4, v6, dual

        package var families: [IPFamily] {
            switch self {
            case .v4: [.v4]
            case .v6: [.v6]
            case .dual: [.v4, .v6]
            }
        }
    }

    package init(
        name: String = "demo", nodes: Int = 3, backend: Backend = .vxlan, family: Family = .v4, mtu: Int = 1500,
        backendOptions: JSONObject = JSONObject(), store: Store = .leases
    ) {
        self.name = name
        self.nodes = nodes
        self.backend = backend
        self.family = family
        self.mtu = mtu
        self.backendOptions = backendOptions
        self.store = store
    }

    /// Every reason why there can be no such lab; empty when there can.
    package var problems: [String] {
        var problems: [String] = []
        if !Self.isName(name, limit: 10) || name == "tmp" {
            problems.append("the lab's name \"\(name)\" is not 1 to 10 lower-case letters and digits, or is \"tmp\"")
        }
        if !(1...100).contains(nodes) { problems.append("\(nodes) nodes: 1 to 100 are possible") }
        if !(1280...9000).contains(mtu) { problems.append("MTU \(mtu): 1280 to 9000 are possible") }
        return problems
    }

    /// Lower-case letters and digits only, and not too many.
    package static func isName(_ text: String, limit: Int) -> Bool {
        (1...limit).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
    }

    package var nodeNames: [String] { (1...nodes).map { "node\($0)" } }

    /// What a packet between pods may measure: the underlay's MTU less the tunnel's headers, for the larger of them
    /// when there are two, since a pod's link has one MTU for both families.
    package var podMTU: Int {
        switch (backend, family) {
        case (.hostGateway, _): mtu
        case (.vxlan, .v4): mtu - 50
        case (.vxlan, _): mtu - 70
        }
    }

    /// The overlay's network configuration, in flannel's keys.
    package var networkConfiguration: JSONValue {
        var object = JSONObject()
        if family == .v6 { object["EnableIPv4"] = false } else { object["Network"] = .string("\(Addresses.pods4)") }
        if family != .v4 {
            object["EnableIPv6"] = true
            object["IPv6Network"] = .string("\(Addresses.pods6)")
        }
        var backend = JSONObject([("Type", .string(self.backend.rawValue))])
        for option in backendOptions.members { backend[option.key] = option.value }
        object["Backend"] = .object(backend)
        return .object(object)
    }
}

extension LabConfiguration {
    var json: JSONValue {
        [
            "name": .string(name), "nodes": .number(JSONNumber(nodes)), "backend": .string(backend.rawValue),
            "family": .string(family.rawValue), "mtu": .number(JSONNumber(mtu)),
            "backendOptions": .object(backendOptions), "store": .string(store.rawValue),
        ]
    }

    init?(json: JSONValue?) {
        guard let json, let name = json["name"]?.string, let nodes = json["nodes"]?.int,
            let backend = json["backend"]?.string.flatMap(Backend.init(rawValue:)),
            let family = json["family"]?.string.flatMap(Family.init(rawValue:)), let mtu = json["mtu"]?.int,
            let store = json["store"]?.string.flatMap(Store.init(rawValue:))
        else { return nil }
        self.init(
            name: name, nodes: nodes, backend: backend, family: family, mtu: mtu,
            backendOptions: json["backendOptions"]?.object ?? JSONObject(), store: store)
    }
}
