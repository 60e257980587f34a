package import NetTypes

/// What an ADD made, in the terms of the newest specification; older forms are read and written at the edges.
package struct CNIResult: Hashable, Sendable {
    package struct Interface: Hashable, Sendable {
        package var name: String
        /// As text, because InfiniBand addresses have twenty octets.
        package var mac: String
        package var mtu: Int?
        /// The path of the namespace; empty for an interface of the node.
        package var sandbox: String
        package var socketPath: String
        package var pciID: String

        package init(
            name: String, mac: String = "", mtu: Int? = nil, sandbox: String = "", socketPath: String = "",
            pciID: String = ""
        ) {
            self.name = name
            self.mac = mac
            self.mtu = mtu
            self.sandbox = sandbox
            self.socketPath = socketPath
            self.pciID = pciID
        }
    }

    package struct IP: Hashable, Sendable {
        /// With the prefix length of the network.
        package var address: CIDR
        package var gateway: IPAddress?
        /// An index into `interfaces`.
        package var interface: Int?

        package init(address: CIDR, gateway: IPAddress? = nil, interface: Int? = nil) {
            self.address = address
            self.gateway = gateway
            self.interface = interface
        }
    }

    package struct Route: Hashable, Sendable {
        package var destination: CIDR
        package var gateway: IPAddress?
        package var mtu: UInt32?
        package var advertisedMSS: UInt32?
        package var priority: UInt32?
        package var table: UInt32?
        package var scope: UInt8?

        package init(
            destination: CIDR, gateway: IPAddress? = nil, mtu: UInt32? = nil, advertisedMSS: UInt32? = nil,
            priority: UInt32? = nil, table: UInt32? = nil, scope: UInt8? = nil
        ) {
            self.destination = destination
            self.gateway = gateway
            self.mtu = mtu
            self.advertisedMSS = advertisedMSS
            self.priority = priority
            self.table = table
            self.scope = scope
        }
    }

    package struct DNS: Hashable, Sendable {
        package var nameservers: [String] = []
        package var domain = ""
        package var search: [String] = []
        package var options: [String] = []

        package init() {}

        package var isEmpty: Bool { self == DNS() }
    }

    package var interfaces: [Interface]
    package var ips: [IP]
    package var routes: [Route]
    package var dns: DNS

    package init(interfaces: [Interface] = [], ips: [IP] = [], routes: [Route] = [], dns: DNS = DNS()) {
        self.interfaces = interfaces
        self.ips = ips
        self.routes = routes
        self.dns = dns
    }

    /// The addresses that a container's interface got: those that name an interface inside a sandbox, or, when the
    /// result has no interfaces (versions before 0.3.0, IPAM), all of them.
    package var containerIPs: [IP] {
        ips.filter { ip in
            guard let index = ip.interface, interfaces.indices.contains(index) else { return true }
            return !interfaces[index].sandbox.isEmpty
        }
    }
}
