internal import HTTP
internal import JSON
internal import KubeAPI
internal import NetTypes

/// Where a request is passed on to: a kubelet, a pod, or one of a Service's endpoints.
struct Backend: Equatable {
    enum Security: Equatable {
        case plain
        /// With the server's certificate for kubelets, whose own is checked if the operator says by what.
        case kubelet
        /// Whatever certificate there is.
        case unverified
    }

    var address: IPAddress
    var port: UInt16
    var security: Security
    /// Escaped, beginning with a slash.
    var path: String
    /// Escaped; empty for none.
    var query = ""

    var target: String { query.isEmpty ? path : "\(path)?\(query)" }
    var host: String { ListenAddress(address, port: port).description }
}

/// A node's kubelet, as the Node object says where it is.
struct KubeletAddress {
    let address: IPAddress
    let port: UInt16

    private static let usualPort = 10250
    /// Names are not looked up: kubelets report addresses.
    private static let preferred = ["InternalIP", "ExternalIP", "Hostname"]

    init(_ node: JSONValue) throws(APIStatus) {
        let addresses = node.list("status", "addresses")
        let found = Self.preferred.lazy.compactMap { kind in
            addresses.first { $0.text("type") == kind && IPAddress($0.text("address")) != nil }
        }.first
        guard let found, let address = IPAddress(found.text("address")) else {
            throw .internalError(
                "no preferred addresses found; known addresses: \(addresses.map { $0.text("address") })")
        }
        self.address = address
        let reported = node.integer("status", "daemonEndpoints", "kubeletEndpoint", "Port")
        port = UInt16(exactly: reported == 0 ? Self.usualPort : reported) ?? UInt16(Self.usualPort)
    }

    func backend(_ path: String, query: String = "") -> Backend {
        Backend(address: address, port: port, security: .kubelet, path: path, query: query)
    }
}

/// `https:name:8080`, as it stands in the path of a proxy: what to speak, with whom, on which port.
struct ProxyName: Equatable {
    /// Empty, http or https.
    var scheme = ""
    var name: String
    /// A number or a name; empty for the usual one.
    var port = ""

    /// Nil when it is none.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch parts.count {
        case 1: name = parts[0]
        case 2: (name, port) = (parts[0], parts[1])
        case 3: (scheme, name, port) = (parts[0], parts[1], parts[2])
        default: return nil
        }
        guard !name.isEmpty, ["", "http", "https"].contains(scheme) else { return nil }
    }

    var security: Backend.Security { scheme == "https" ? .unverified : .plain }
}
