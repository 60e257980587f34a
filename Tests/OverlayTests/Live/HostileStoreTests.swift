import Glibc
import JSON
import Lab
import NetTypes
import Overlay
import Store
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

    @Test("A clone of our node that writes its MAC into our lease is told, and the two do not fill the store (#98)")
    func clone() throws {
        let live = try LiveNode(config: LiveNode.vxlan)
        let own = try #require(try live.leaseKeys().first)
        let ours = try #require(try live.value("subnets/\(own)"))
        // It insists as we do: each time that it sees our value it writes its own.
        var rounds = 0
        let end = ContinuousClock.now + .seconds(2)
        try live.eventually("two seconds of quarrel are over") {
            if try live.value("subnets/\(own)") == ours {
                try live.put("subnets/\(own)", Self.with { $0.publicIPv4 = IPv4Address("192.168.0.1") })
                rounds += 1
            }
            return ContinuousClock.now > end
        }
        #expect((1...5).contains(rounds), "\(rounds)")
        try live.eventually("the quarrel is told") {
            try live.status()["store"]?["lease"]?.string?.contains("another node publishes our address") == true
        }
        #expect(live.isReady)
        try live.eventually("the lease is ours in the end") { try live.value("subnets/\(own)") == ours }
    }

    @Test("All leases deleted at once: ours is made again, and peers have a minute to come back")
    func allDeleted() throws {
        let live = try LiveNode(config: LiveNode.vxlan, leases: [Samples.lease(2), Samples.lease(3)])
        try live.waitForRoutes(to: [2, 3])
        _ = try live.withStore { try $0.delete(.prefix("\(LiveNode.prefix)/subnets/")) }
        try live.eventually("our lease is there again") { try live.leaseKeys().count == 1 }
        try live.eventually("it was understood") { live.log.contains("keeping the peers for a minute") }
        try live.waitForRoutes(to: [2, 3])
    }

    @Test("What changed in a gap of the watch is seen, though history has been compacted (#125, #2471)")
    func compactedGap() throws {
        let live = try LiveNode(config: LiveNode.vxlan, leases: [Samples.lease(2), Samples.lease(3)])
        try live.waitForRoutes(to: [2, 3])
        try live.pauseDaemon()
        try live.delete("subnets/\(Samples.subnet(2))")
        var moved = Samples.lease(3)
        moved.attributes.backendData = VTEPData(vni: 1, mac: Samples.mac(33)).json
        try live.put(moved)
        try live.put(Samples.lease(4))
        // Past all of that, and then the connections break.
        let revision = try live.withStore { try $0.range(.key("/")).revision }
        try live.etcdctl("compact \(revision)")
        try live.killEtcd()
        try live.startEtcd()
        try live.resumeDaemon()
        try live.waitForRoutes(to: [3, 4])
        try live.eventually("the MAC is followed and the old one gone (#1247)") {
            try Set(live.node.forwarding("flannel.1").keys) == [Samples.mac(33), Samples.mac(4)]
        }
        // The daemon answers between two pieces of work.
        _ = try live.status()
        let check = try live.poplin(["check", "overlay"])
        #expect(check.status == 0, "the cache is behind: \(check.standardOutput)\(check.standardError)")
    }

    @Test("An etcd over its quota, which reads and refuses to write, stops no node that had a lease")
    func quota() throws {
        let live = try LiveNode()
        try live.startEtcd(["--quota-backend-bytes=4194304"])
        try live.put("config", LiveNode.vxlan)
        try live.put(Samples.lease(2))
        try live.startDaemon()
        try live.waitUntilReady()
        try live.waitForRoutes(to: [2])
        try live.stopDaemon()
        let own = try #require(try live.leaseKeys().first { $0 != "10.5.2.0-24" })
        var number = 0
        try live.eventually("etcd is full") {
            number += 1
            do {
                try live.put("junk\(number)", String(repeating: "j", count: 1_000_000))
            } catch let error as StoreError {
                return error.reason.contains("space")
            }
            return false
        }
        // A new address must be written, and cannot be.
        try live.ip("addr del 192.168.0.1/24 dev eth0")
        try live.ip("addr add 192.168.0.50/24 dev eth0")
        try live.ip("link del flannel.1")
        try live.startDaemon()
        try live.waitUntilReady()
        try live.waitForRoutes(to: [2])
        try live.eventually("the refusal is told") {
            try live.status()["store"]?["lease"]?.string?.contains("space") == true
        }
        // As an operator does who finds out.
        try live.etcdctl("del --prefix \(LiveNode.prefix)/junk")
        let revision = try live.withStore { try $0.range(.key("/")).revision }
        for words in ["compact \(revision)", "defrag", "alarm disarm"] { try live.etcdctl(words) }
        try live.eventually("the new address is published", within: .seconds(60)) {
            try live.value("subnets/\(own)")?.contains("192.168.0.50") == true
        }
        try live.eventually("all is well") { try live.status()["fromCache"]?.bool == false && live.isReady }
    }
}
