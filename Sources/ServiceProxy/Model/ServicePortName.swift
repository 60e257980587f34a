package import NFTables

/// Names one port of one Service: what a node proxies is a port, not a Service.
package struct ServicePortName: Hashable, Sendable {
    package var namespace: String
    package var service: String
    /// Empty for the only port of a Service.
    package var port: String
    package var transport: L4Protocol

    package init(_ namespace: String, _ service: String, port: String = "", _ transport: L4Protocol = .tcp) {
        self.namespace = namespace
        self.service = service
        self.port = port
        self.transport = transport
    }
}

extension ServicePortName: CustomStringConvertible {
    /// As kube-proxy writes it: `namespace/name:port`.
    package var description: String { "\(namespace)/\(service)" + (port.isEmpty ? "" : ":\(port)") }
}
