import Glibc
import JSON
import NetTypes
import Overlay
import TestSupport
import Testing

/// The real daemon, and an etcd that says what it should not.
@Suite("A store that is not as it should be", .requiresRoot, .requiresProgram("etcd"))
struct HostileStoreTests {
    /// Leases that do harm when they are believed: key, value, and a word of the reason that is told.
    static let garbage: [(key: String, value: String, word: String?)] = [
        ("10.5.10.0-24", "null", nil),
        ("10.5.11.0-24", "[1,2,3]", nil),
        ("10.5.12.0-24", #"{"PublicIP":7,"BackendType":"vxlan"}"#, nil),
        ("10.5.13.0-24", #"{"PublicIP":"","BackendType":"vxlan"}"#, nil),
        ("10.5.14.0-24", String(repeating: "[", count: 100_000), nil),
        ("10.5.15.0-24", #"{"PublicIP":"192.168.0.15","BackendType":"vxlan","BackendData":"# + "\"x\"}", "BackendData"),
        ("nonsense", "{}", nil),
        ("10.5.16.0-99", "{}", nil),
        ("../../config", "{}", nil),
        ("10.5.0.0-16", Samples.lease(20).attributes.json, "overlaps"),
        ("10.5.17.0-24", with { $0.publicIPv4 = IPv4Address("192.168.0.1") }, nil),
        ("10.5.18.0-24", with { $0.publicIPv4 = IPv4Address("224.0.0.1") }, "no address of a node"),
        ("10.5.19.0-24", with { $0.publicIPv4 = IPv4Address("255.255.255.255") }, "no address of a node"),
        ("10.5.20.0-24", with { $0.backendData = VTEPData(vni: 99, mac: Samples.mac(20)).json }, "VNI"),
        ("10.99.0.0-24", Samples.lease(21).attributes.json, "outside"),
        ("10.5.21.0-24", with { $0.backendType = "wireguard" }, nil),
        // As large as etcd takes.
        (
            "10.5.22.0-24",
            #"{"PublicIP":"192.168.0.22","BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"x"},"Junk":""#
                + String(repeating: "j", count: 1_400_000) + "\"}", "no unicast"
        ),
    ]

    private static func with(_ change: (inout LeaseAttributes) -> Void) -> String {
        var attributes = Samples.lease(30).attributes
        change(&attributes)
        return attributes.json
    }

    @Test("Garbage among the leases, at start and while running, keeps none of the good ones waiting")
    func garbageLeases() throws {
        let live = try LiveNode()
        try live.startEtcd()
        try live.put("config", LiveNode.vxlan)
        for (key, value, _) in Self.garbage where !key.hasPrefix("10.5.17.") { try live.put("subnets/\(key)", value) }
        for node in [2, 3] { try live.put(Samples.lease(node)) }
        try live.startDaemon()
        try live.waitUntilReady()
        try live.waitForRoutes(to: [2, 3])
        for (key, _, word) in Self.garbage {
            guard let word else { continue }
            let problems = try live.problems(of: key)
            #expect(problems?.contains(word) == true, "\(key): \(problems ?? "unknown")")
        }

        let unreadable = try (live.status()["unreadableLeases"]?.array ?? []).compactMap(\.string)
        #expect(unreadable.count == 8)
        #expect(unreadable.contains { $0.contains("10.5.12.0-24") && $0.contains("PublicIP: ") })

        for (key, value, _) in Self.garbage { try live.put("subnets/\(key)", value + " ") }
        try live.put(Samples.lease(4))
        try live.waitForRoutes(to: [2, 3, 4])
        // One that comes to its senses is used at once.
        try live.put("subnets/10.5.10.0-24", Samples.lease(10).attributes.json)
        try live.waitForRoutes(to: [2, 3, 4, 10])
        #expect(live.isReady)
        #expect(!live.hasDaemonEnded())
    }

    @Test("A node that has our own address in its lease is refused, and our lease stays ours")
    func ourAddress() throws {
        let live = try LiveNode(config: LiveNode.vxlan)
        let own = try #require(try live.leaseKeys().first)
        try live.put("subnets/10.5.77.0-24", Self.with { $0.publicIPv4 = IPv4Address("192.168.0.1") })
        try live.eventually("the lease is refused") {
            try live.problems(of: "10.5.77.0-24")?.contains("our own public address") == true
        }
        #expect(try live.routed().isEmpty)
        #expect(try live.value("subnets/\(own)")?.contains("192.168.0.1") == true)
    }

    @Test("Another node that takes our subnet gets it, is named, and our data path stays")
    func takenSubnet() throws {
        let live = try LiveNode(config: LiveNode.vxlan, leases: [Samples.lease(2), Samples.lease(3)])
        try live.waitForRoutes(to: [2, 3])
        let own = try #require(try live.leaseKeys().first { $0.hasPrefix("10.5.2") && !$0.hasPrefix("10.5.2.") })
        let theirs = Samples.lease(66).attributes.json
        try live.put("subnets/\(own)", theirs)
        try live.eventually("the loss is told") {
            try live.status()["store"]?["lease"]?.string?.contains("192.168.0.66") == true
        }
        // Not taken back by force, and nothing torn down.
        #expect(try live.value("subnets/\(own)") == theirs)
        try live.waitForRoutes(to: [2, 3])
        #expect(live.node.isThere("flannel.1"))
        // When the other leaves it, it is ours again.
        try live.delete("subnets/\(own)")
        try live.eventually("our lease is there again") {
            try live.value("subnets/\(own)")?.contains("192.168.0.1") == true
        }
        try live.eventually("the trouble is over") { try live.status()["store"]?["lease"] == nil }
    }

    @Test("Peers survive a store that was wiped while the daemon was away, until they are back")
    func wipedWhileAway() throws {
        let live = try LiveNode(config: LiveNode.vxlan, leases: [Samples.lease(2), Samples.lease(3)])
        try live.waitForRoutes(to: [2, 3])
        try live.stopDaemon()
        try live.killEtcd()
        try live.wipeEtcd()
        try live.startEtcd()
        try live.put("config", LiveNode.vxlan)
        try live.startDaemon()
        try live.waitUntilReady()
        try live.eventually("our lease is there again") { try live.leaseKeys().count == 1 }
        try live.eventually("the list was read") { live.log.contains("keeping the peers") }
        try live.waitForRoutes(to: [2, 3])
        // A node that comes back at another address is believed at once, as old as its lease may seem.
        var moved = Samples.lease(2)
        moved.attributes.publicIPv4 = IPv4Address("192.168.0.92")
        try live.put(moved)
        try live.eventually("the peer's new address is used") {
            try live.node.forwarding("flannel.1")[Samples.mac(2)] == IPAddress("192.168.0.92")
        }
        try live.waitForRoutes(to: [2, 3])
        // What is kept survives another restart.
        try live.stopDaemon()
        try live.startDaemon()
        try live.waitUntilReady()
        try live.eventually("etcd was heard") { try live.status()["fromCache"]?.bool == false }
        try live.waitForRoutes(to: [2, 3])
        // A node that leaves is gone.
        try live.delete("subnets/10.5.2.0-24")
        try live.waitForRoutes(to: [3])
    }
}
