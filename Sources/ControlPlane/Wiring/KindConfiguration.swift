package import NetTypes

/// What the kinds' logic needs to know about the cluster, from the server's command line.
package struct KindConfiguration {
    /// The ranges of the Services' addresses, one or one of each family; the first one's family is the primary one.
    package var serviceRanges: [CIDR]
    package var nodePorts = NodePortRange.standard
    /// The ranges that nodes' pod subnets are cut from; none leaves `spec.podCIDRs` to somebody else.
    package var podRanges: [CIDR] = []
    /// The prefix lengths of nodes' subnets.
    package var podSubnetMasks: [IPFamily: Int] = [.v4: 24, .v6: 64]
    /// Which controllers run.
    package var controllers = ControllerChoice()
    /// In PEM; nil publishes none.
    package var rootCertificates: String?
    /// Where the servers are reached, from pods as well.
    package var port = 6443

    package init(serviceRanges: [CIDR]) { self.serviceRanges = serviceRanges }

    /// What is wrong with it, in words for the operator; nil when nothing is.
    package var problem: String? {
        if serviceRanges.isEmpty || serviceRanges.count > 2 { return "one or two service ranges are needed" }
        if Set(serviceRanges.map(\.family)).count != serviceRanges.count {
            return "two service ranges must be of different families"
        }
        for range in serviceRanges {
            if range.hasHostBits { return "service range \(range) has host bits" }
            if AddressRange(range) == nil { return "service range \(range) has no address to give" }
        }
        if Set(podRanges.map(\.family)).count != podRanges.count {
            return "two pod ranges must be of different families"
        }
        for range in podRanges where subnetPool(range) == nil {
            return "pod range \(range) cannot be cut into subnets of /\(podSubnetMasks[range.family] ?? 0)"
        }
        return nil
    }

    func subnetPool(_ range: CIDR) -> SubnetPool? {
        podSubnetMasks[range.family].flatMap { SubnetPool(range, mask: $0) }
    }
}
