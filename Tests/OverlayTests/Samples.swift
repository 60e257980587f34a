import NetTypes
import Netlink
import Overlay

/// A small network: node N has subnet 10.5.N.0/24 (fd00:5:0:N::/64), address 192.168.0.N (2001:db8::N) and MAC N. We are
/// node 1.
enum Samples {
    static let underlayIndex: InterfaceIndex = 2
    static let vtep: InterfaceIndex = 10
    static let vtepV6: InterfaceIndex = 11

    static func mac(_ node: Int) -> MACAddress { MACAddress(rawValue: 0x0200_0000_0000 + UInt64(node)) }

    static func underlay(_ node: Int) -> IPAddress { .v4(IPv4Address(rawValue: 0xC0A8_0000 + UInt32(node))) }

    static func underlayV6(_ node: Int) -> IPAddress {
        .v6(IPv6Address(rawValue: 0x2001_0DB8 << 96 + UInt128(node)))
    }

    static func subnet(_ node: Int, isDual: Bool = false) -> SubnetKey {
        let v4 = CIDR(.v4(IPv4Address(rawValue: 0x0A05_0000 + UInt32(node) << 8)), 24)
        let v6 = CIDR(.v6(IPv6Address(rawValue: 0xFD00_0005 << 96 + UInt128(node) << 64)), 64)
        guard let key = SubnetKey(v4: v4, v6: isDual ? v6 : nil) else { preconditionFailure("a sample is wrong") }
        return key
    }

    static func lease(_ node: Int) -> Lease {
        Lease(
            subnet: subnet(node),
            attributes: LeaseAttributes(
                publicIPv4: underlay(node).v4, backendType: "vxlan",
                backendData: VTEPData(vni: 1, mac: mac(node)).json),
            revision: Int64(node))
    }

    static func dualLease(_ node: Int) -> Lease {
        Lease(
            subnet: subnet(node, isDual: true),
            attributes: LeaseAttributes(
                publicIPv4: underlay(node).v4, publicIPv6: underlayV6(node).v6, backendType: "vxlan",
                backendData: VTEPData(vni: 1, mac: mac(node)).json,
                backendV6Data: VTEPData(vni: 1, mac: mac(node)).json),
            revision: Int64(node))
    }

    static func config(_ backend: BackendConfig = .vxlan(VXLANConfig()), isDual: Bool = false) -> NetworkConfig {
        let v6 = isDual ? #""EnableIPv6":true,"IPv6Network":"fd00:5::/48","# : ""
        let text = #"{"Network":"10.5.0.0/16",\#(v6)"Backend":{"Type":"vxlan"}}"#
        guard var config = try? NetworkConfig(json: text.utf8) else { preconditionFailure("a sample is wrong") }
        config.backend = backend
        return config
    }

    static func state(
        _ leases: [Lease], backend: BackendConfig = .vxlan(VXLANConfig()),
        neighbours: [IPAddress: InterfaceIndex] = [:],
        isDual: Bool = false
    ) -> DesiredState {
        let facts = NodeFacts(
            subnet: subnet(1, isDual: isDual),
            v4: .init(publicAddress: underlay(1), underlay: underlayIndex, vtep: vtep, vtepMAC: mac(1)),
            v6: isDual
                ? .init(publicAddress: underlayV6(1), underlay: underlayIndex, vtep: vtepV6, vtepMAC: mac(1)) : nil,
            neighbours: neighbours)
        var state = DesiredState(planner: Planner(config: config(backend, isDual: isDual), facts: facts))
        state.replan(state.planner, leases: leases)
        return state
    }
}
