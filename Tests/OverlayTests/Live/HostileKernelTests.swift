import JSON
import Lab
import NetTypes
import Netlink
import Overlay
import TestSupport
import Testing

/// The real daemon, and somebody else at the kernel's tables.
@Suite("A kernel that others change too", .requiresRoot, .requiresProgram("etcd"))
struct HostileKernelTests {
    private func node() throws -> LiveNode {
        let live = try LiveNode(config: LiveNode.vxlan, leases: [Samples.lease(2), Samples.lease(3)])
        try live.waitForRoutes(to: [2, 3])
        return live
    }

    private func expectPeers(_ live: LiveNode, _ nodes: [Int] = [2, 3]) throws {
        try live.waitForRoutes(to: nodes)
        try live.eventually("forwarding and neighbours are there") {
            guard live.node.isThere("flannel.1") else { return false }
            return try live.node.forwarding("flannel.1").count == nodes.count
                && live.node.neighbours("flannel.1").count == nodes.count
        }
    }

    @Test("The device deleted fifty times comes back each time, with its MAC and all peers (#869, #2247)")
    func deviceDeletedInALoop() throws {
        let live = try node()
        let mac = try live.node.link("flannel.1").mac
        for _ in 0..<50 {
            try live.eventually("the device is there") { live.node.isThere("flannel.1") }
            try? live.node.run(.deleteLink("flannel.1"))
        }
        try expectPeers(live)
        #expect(try live.node.link("flannel.1").mac == mac)
        #expect(try live.node.link("flannel.1").isUp)
        #expect(live.isReady)
    }

    @Test("The device renamed, set down or given another MAC is put right (#1155)")
    func deviceChanged() throws {
        let live = try node()
        let mac = try live.node.link("flannel.1").mac
        var other = LinkAttributes()
        other.mac = Samples.mac(99)
        try live.node.run(.changeLink("flannel.1", other))
        try live.eventually("the MAC is right") { try live.node.link("flannel.1").mac == mac }
        try live.node.run(.changeLink("flannel.1", .down))
        try expectPeers(live)
        try live.ip("link set flannel.1 name stolen.1")
        try live.eventually("the name is right") {
            live.node.isThere("flannel.1") && !live.node.isThere("stolen.1")
        }
        try expectPeers(live)
        #expect(try live.node.link("flannel.1").mac == mac)
    }

    @Test("The whole ruleset flushed in a loop is there again after the last time")
    func rulesFlushed() throws {
        let live = try node()
        let rules = try live.rules()
        #expect(rules.contains("masquerade"))
        for _ in 0..<30 { try live.nft("flush ruleset") }
        try live.eventually("the rules are there again") { try live.rules() == rules }
        // A rule too many in our table, which accepts what ours would not see.
        try live.nft("insert rule inet poplin-overlay postrouting accept")
        try live.eventually("the added rule is gone") { try live.rules() == rules }
        // Another's table is not ours to touch.
        try live.nft("add table inet poplin-test")
        try live.nft("delete table inet poplin-overlay")
        try live.eventually("ours is back beside it") {
            try live.rules() == rules && live.ruleset().contains("table inet poplin-test")
        }
    }

    @Test("More events than the kernel keeps cost a look at everything, and lose nothing")
    func monitorOverrun() throws {
        let live = try node()
        // While the daemon does not read: more than its receive buffer holds, and one change that matters among them.
        try live.pauseDaemon()
        let eth0 = live.node.underlayIndex
        let route = try #require(try live.node.podRoutes()[Samples.subnet(2).subnets[0]])
        try live.node.run(.route(.delete, route))
        var socket = try live.node.openSocket()
        let junk = (0..<8000).map { number in
            Route(CIDR(.v4(IPv4Address(rawValue: 0x0B00_0000 + UInt32(number) << 8)), 24), dev: eth0)
        }
        for error in socket.runAll(junk.map { .route(.add, $0) } + junk.map { .route(.delete, $0) }) {
            #expect(error == nil)
        }
        try live.resumeDaemon()
        try expectPeers(live)
        try live.eventually("the loss was noticed") { live.log.contains("kernel events lost") }
    }

    @Test("The underlay set down and up again gets its routes back (#1434)")
    func underlayFlapped() throws {
        let live = try node()
        for _ in 0..<5 {
            try live.node.run(.changeLink("eth0", .down))
            try live.node.run(.changeLink("eth0", .up))
        }
        try expectPeers(live)
        try live.eventually("the daemon is ready") { live.isReady }
    }

    @Test("A device of another's in our place is named, left alone, and replaced as soon as it is gone")
    func placeTaken() throws {
        let live = try LiveNode()
        try live.node.run(.createLink(NewLink("flannel.1", .bridge(BridgeSettings()))))
        try live.startEtcd()
        try live.put("config", LiveNode.vxlan)
        try live.put(Samples.lease(2))
        try live.startDaemon()
        try live.eventually("the conflict is told") {
            try live.status()["problems"]?["devices"]?.string?.contains("flannel.1") == true
        }
        #expect(!live.isReady)
        try live.node.run(.deleteLink("flannel.1"))
        try live.waitUntilReady()
        try expectPeers(live, [2])
    }

    @Test("Another program's tunnel with our VNI and port is named by the kernel's words, and waited for")
    func numberTaken() throws {
        let live = try LiveNode()
        try live.ip("link add other type vxlan id 1 dev eth0 dstport 8472")
        try live.startEtcd()
        try live.put("config", LiveNode.vxlan)
        try live.put(Samples.lease(2))
        try live.startDaemon()
        try live.eventually("the conflict is told") {
            try live.status()["problems"]?["devices"]?.string?.contains("VNI already exists") == true
        }
        #expect(!live.isReady)
        #expect(live.node.isThere("other"))
        try live.ip("link del other")
        try live.waitUntilReady()
        try expectPeers(live, [2])
    }

    @Test("An underlay that comes late is waited for, and named meanwhile")
    func lateUnderlay() throws {
        let live = try LiveNode()
        live.selection = ["--iface=late0"]
        try live.startEtcd()
        try live.put("config", LiveNode.vxlan)
        try live.startDaemon()
        try live.eventually("what is missing is told") {
            try live.status()["problems"]?["underlay"]?.string?.contains("late0") == true
        }
        #expect(try live.leaseKeys().isEmpty)
        try live.ip("link set eth0 down")
        try live.ip("link set eth0 name late0")
        try live.ip("link set late0 up")
        try live.waitUntilReady()
        #expect(try live.leaseKeys().count == 1)
    }
    @Test("Without an underlay the node looks once a second, however many links have changed")
    func manyEventsWithoutUnderlay() throws {
        let live = try LiveNode()
        live.selection = ["--iface=late0"]
        try live.startEtcd()
        try live.put("config", LiveNode.vxlan)
        try live.startDaemon()
        func looks(_ reason: String) -> Int {
            live.log.split(separator: "\n").count {
                $0.contains("reconcile scheduled") && $0.contains("reason=\(reason) ")
            }
        }
        try live.eventually("what is missing is told") {
            try live.status()["problems"]?["underlay"]?.string?.contains("late0") == true
        }
        var changes = 0
        for _ in 1...20 {
            let seen = looks("surroundings")
            // Changes that come together are looked at together.
            try live.eventually("a change is looked at") {
                changes += 1
                try live.ip("link set far mtu \(1400 + changes % 2)")
                return looks("surroundings") > seen
            }
        }
        let start = ContinuousClock.now
        let before = looks("underlay")
        try live.eventually("three further looks by the clock") { looks("underlay") >= before + 3 }
        // The first may come at once, the others are a second each.
        #expect(ContinuousClock.now - start > .milliseconds(1900))
    }

    @Test("A route of another's in a peer's way is named, and the peer's is there as soon as it is gone")
    func routeTaken() throws {
        let live = try LiveNode()
        try live.ip("route add 10.5.2.0/24 via 192.168.0.77 proto static")
        try live.startEtcd()
        try live.put("config", LiveNode.vxlan)
        for node in 2...3 { try live.put(Samples.lease(node)) }
        try live.startDaemon()
        try live.waitUntilReady()
        try live.eventually("the conflict is told") {
            try live.problems(of: "10.5.2.0-24")?.contains("taken by another's") == true
        }
        // The machine has come to rest: nothing else but the event, or a retry, is left to bring the route.
        try live.eventually("it was tried several times") {
            live.log.split(separator: "\n").count { $0.contains("entries refused") } >= 6
        }
        try live.ip("route del 10.5.2.0/24 proto static")
        let route = Samples.subnet(2).subnets[0]
        // Long before the next look by the clock, which is one a minute.
        try live.eventually("the peer's route is there", within: .seconds(5)) {
            try live.node.podRoutes()[route]?.protocolNumber == .poplin
        }
        try expectPeers(live)
        try live.eventually("nothing is wrong any more") { try live.problems(of: "10.5.2.0-24") == "" }
    }
}
