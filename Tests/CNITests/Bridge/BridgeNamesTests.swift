import CNI
import NetTypes
import Testing

/// What `bridge` derives from names and addresses must differ where these do.
@Suite struct BridgeNamesTests {
    @Test func `the gateway's port has another name for each bridge and VLAN`() {
        let bridges = ["cni0", "bridge-red-a", "bridge-red-b", "br.1", "br.11", "abcdefghijklmno"]
        var names: Set<String> = []
        for bridge in bridges {
            for vlan in UInt16(1)...4094 {
                let name = PortVLANs.gatewayPort(of: bridge, vlan)
                #expect((1...15).contains(name.utf8.count), "\(name)")
                names.insert(name)
            }
        }
        #expect(names.count == bridges.count * 4094)
        #expect(PortVLANs.gatewayPort(of: "cni0", 7) == PortVLANs.gatewayPort(of: "cni0", 7))
    }

    @Test(arguments: [
        ("10.88.0.0", 1), ("fd00:88::", 1), ("fd00:88::", 5_400_011), ("fd00:88:0:1:ffff:ff00::", 5_400_011),
    ])
    func `pods of one network never share a MAC address`(_ network: String, _ step: Int) throws {
        let base = try #require(IPAddress(network))
        var addresses: Set<MACAddress> = []
        for number in 0..<200_000 {
            let address = IPAddress(family: base.family, value: base.value + UInt128(number * step))
            let mac = BridgePlan.mac(for: address)
            #expect(mac.rawValue >> 40 & 3 == 2, "unicast, and locally administered")
            addresses.insert(mac)
        }
        #expect(addresses.count == 200_000)
    }

    @Test func `each of the last forty bits of an IPv6 address changes the MAC address, and the others do too`() throws
    {
        let base = try #require(IPAddress("fd00:88::"))
        let bits = (0..<128).map { IPAddress(family: .v6, value: base.value ^ (UInt128(1) << UInt128($0))) }
        #expect(Set((bits + [base]).map { BridgePlan.mac(for: $0) }).count == 129)
        // An IPv4 address has none of them.
        #expect(BridgePlan.mac(for: base) != BridgePlan.mac(for: try #require(IPAddress("0.136.0.0"))))
    }
}
