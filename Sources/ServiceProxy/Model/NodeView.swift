package import NetTypes

/// What the proxy knows of the node that it runs on.
package struct NodeView: Hashable, Sendable {
    package var name: String
    /// `topology.kubernetes.io/zone`; empty for none.
    package var zone = ""
    /// Where NodePorts are served; nil for every address of the node but loopback.
    package var nodePortAddresses: [IPAddress]?
    /// The node's own addresses.
    package var addresses: [IPAddress] = []
    /// Out of which ClusterIPs are given.
    package var serviceCIDRs: [CIDR] = []
    package var pods = PodDetection.none
    /// All traffic to ClusterIPs is masqueraded.
    package var masqueradesAll = false
    /// The bit of the packet's mark that asks for masquerade.
    package var mark: UInt32 = 0x4000
    /// Node ports are served on 127.0.0.0/8 too, by the kernel's own means: only iptables does.
    package var servesLoopbackNodePorts = false
    /// Forwarded packets that connection tracking cannot place are dropped: only iptables does.
    package var dropsInvalid = true

    package init(_ name: String) { self.name = name }

    /// Whether some traffic to ClusterIPs is masqueraded.
    var asksWhoComes: Bool { masqueradesAll || pods != .none }
}

/// How traffic of the node's own pods is told from other traffic.
package enum PodDetection: Hashable, Sendable {
    /// It cannot be told.
    case none
    /// By the source address.
    case networks([CIDR])
    /// By the interface that it comes in by.
    case bridge(String)
    case interfacePrefix(String)
}
