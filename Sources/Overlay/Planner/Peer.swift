package import NetTypes

/// A lease of another node, read for our backend: what a plan needs of it, once parsed.
package struct Peer: Hashable, Sendable {
    package var subnet: SubnetKey
    package var revision: Int64
    package var paths: [Path]
    /// What is wrong with the lease; its other families are used nevertheless.
    package var problems: [String]
    /// The lease is of another backend, which is none of our business.
    package var isOfOtherBackend = false

    /// How one family's packets reach the peer.
    package struct Path: Hashable, Sendable {
        package var subnet: CIDR
        package var underlay: IPAddress
        /// Nil for backends without a tunnel.
        package var mac: MACAddress?
    }

    package init(lease: Lease, config: NetworkConfig) {
        subnet = lease.subnet
        revision = lease.revision
        paths = []
        problems = []
        guard lease.attributes.backendType == config.backend.leaseType else {
            isOfOtherBackend = true
            return
        }
        for family in config.families {
            guard let pool = config[family], let subnet = lease.subnet[family] else { continue }
            guard pool.network.contains(subnet) else {
                problems.append("\(subnet) is outside of the network \(pool.network)")
                continue
            }
            guard let underlay = lease.attributes.publicAddress(family) else {
                problems.append("no public IP\(family) address")
                continue
            }
            guard !pool.network.contains(underlay), !underlay.isMulticast, !underlay.isLoopback,
                underlay.v4?.rawValue != .max
            else {
                problems.append("public address \(underlay) is no address of a node")
                continue
            }
            // It may take addresses out of another's subnet, or be left of an earlier SubnetLen: used, but told.
            if let length = pool.subnetLength, subnet.prefixLength != length {
                problems.append("\(subnet) is of another size than the network's subnets, /\(length)")
            }
            do throws(LeaseFormatError) {
                let mac = try Self.vtepMAC(lease, family, config.backend)
                paths.append(Path(subnet: subnet, underlay: underlay, mac: mac))
            } catch {
                problems.append("IP\(family): \(error)")
            }
        }
    }

    private static func vtepMAC(_ lease: Lease, _ family: IPFamily, _ backend: BackendConfig) throws(LeaseFormatError)
        -> MACAddress?
    {
        guard case .vxlan(let vxlan) = backend else { return nil }
        let vtep = try VTEPData(json: lease.attributes.backendData(family))
        if let vni = vtep.vni, vni != vxlan.vni {
            throw LeaseFormatError(field: "BackendData.VNI", reason: "\(vni), but the network's is \(vxlan.vni)")
        }
        return vtep.mac
    }
}
