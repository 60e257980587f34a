import NetTypes
import Netlink
import Overlay
import Testing

@Suite struct InterfaceSelectionTests {
    typealias Address = InterfaceCandidate.Address

    func ip(_ text: String) -> IPAddress { IPAddress(text) ?? .v4(IPv4Address(rawValue: 0)) }

    var facts: SelectionFacts {
        SelectionFacts(
            candidates: [
                InterfaceCandidate(
                    index: 2, name: "eth0", mtu: 1500,
                    addresses: [
                        Address(ip("169.254.1.1"), isGlobal: false), Address(ip("10.0.2.15"), isPermanent: false),
                        Address(ip("192.168.1.5")), Address(ip("fe80::5"), isGlobal: false),
                        Address(ip("2001:db8::dead"), isPermanent: false, isTemporary: true),
                        Address(ip("2001:db8::5")), Address(ip("2001:db8::bad"), isUnusable: true),
                    ]),
                InterfaceCandidate(index: 3, name: "eth1", mtu: 9000, addresses: [Address(ip("172.16.0.5"))]),
                InterfaceCandidate(index: 4, name: "ens5", mtu: 1500, addresses: []),
            ], defaultRoutes: [.v4: [2, 3], .v6: [2]], reachableBy: 3)
    }

    func choose(_ request: InterfaceRequest, _ families: [IPFamily] = [.v4]) throws -> Underlay {
        try Underlay(request, facts, families: families)
    }

    @Test func `The default route's interface, with its permanent global address before others (#1192)`() throws {
        let underlay = try choose(InterfaceRequest())
        #expect(underlay.name == "eth0")
        #expect(underlay.v4 == .init(local: ip("192.168.1.5"), published: ip("192.168.1.5")))
    }

    @Test func `Both families come from one interface, and temporary addresses come last (#1762)`() throws {
        let underlay = try choose(InterfaceRequest(), [.v4, .v6])
        #expect(underlay.name == "eth0")
        #expect(underlay.v6?.local == ip("2001:db8::5"))
    }

    static let named: [(InterfaceRequest, String?)] = [
        (InterfaceRequest(names: ["eth1"]), "eth1"),
        (InterfaceRequest(names: ["nothere", "eth1", "eth0"]), "eth1"),
        (InterfaceRequest(names: ["172.16.0.5"]), "eth1"),
        (InterfaceRequest(names: ["ens5", "eth1"]), "eth1"),
        (InterfaceRequest(patterns: ["^eth[1-9]$"]), "eth1"),
        (InterfaceRequest(patterns: ["172\\.16"]), "eth1"),
        (InterfaceRequest(names: ["nothere"], patterns: ["^eth"]), "eth0"),
        (InterfaceRequest(reachable: IPAddress("172.16.0.9")), "eth1"),
        (InterfaceRequest(names: ["nothere"]), nil),
        (InterfaceRequest(names: ["ens5"]), nil),
        (InterfaceRequest(patterns: ["^wlan"]), nil),
        (InterfaceRequest(publicIPv4: IPAddress("172.16.0.5")), "eth1"),
        (InterfaceRequest(publicIPv4: IPAddress("203.0.113.9")), nil),
    ]

    @Test("The flags choose as flannel does", arguments: named)
    func byFlag(_ request: InterfaceRequest, _ name: String?) throws {
        if let name {
            #expect(try choose(request).name == name)
        } else {
            #expect(throws: SelectionError.self) { try choose(request) }
        }
    }

    @Test func `A public address behind a NAT is published, and never the source of packets`() throws {
        let nat = ip("203.0.113.9")
        let underlay = try choose(InterfaceRequest(names: ["eth0"], publicIPv4: nat))
        #expect(underlay.v4 == .init(local: ip("192.168.1.5"), published: nat))
    }

    @Test func `An address named with --iface is the one that is used`() throws {
        #expect(try choose(InterfaceRequest(names: ["10.0.2.15"])).v4?.local == ip("10.0.2.15"))
    }

    @Test func `A refusal says what was asked for`() {
        let error = #expect(throws: SelectionError.self) { try choose(InterfaceRequest(names: ["nothere"])) }
        #expect(error?.reason == "no interface fits --iface=nothere")
    }
}
