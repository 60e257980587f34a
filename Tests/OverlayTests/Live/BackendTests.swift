import Lab
import Linux
import NetTypes
import Netlink
import Overlay
import TestSupport
import Testing

/// The real daemon with the less usual backends and settings.
@Suite("Backends", .requiresRoot, .requiresProgram("etcd"))
struct BackendTests {
    @Test("alloc gives out a subnet and writes subnet.env, and makes neither device nor route")
    func alloc() throws {
        var peer = Samples.lease(2)
        (peer.attributes.backendType, peer.attributes.backendData) = ("", nil)
        let live = try LiveNode(config: LiveNode.config(#""Type":"alloc""#), leases: [Samples.lease(3), peer])
        let own = try #require(try live.leaseKeys().first { !["10.5.2.0-24", "10.5.3.0-24"].contains($0) })
        let subnet = try #require(SubnetKey(own)?.v4)
        let value = try #require(try live.value("subnets/\(own)"))
        #expect(value.contains(#""PublicIP":"192.168.0.1""#))
        #expect(!value.contains("vxlan"))
        let env = try Files.readText(live.subnetFile)
        #expect(env.contains("FLANNEL_NETWORK=10.5.0.0/16\n"))
        #expect(env.contains("FLANNEL_SUBNET=\(subnet.address.next)/24\n"))
        #expect(env.contains("FLANNEL_MTU=1500\n"))
        #expect(try live.ip("-details link show type vxlan").isEmpty)
        #expect(try live.node.podRoutes().isEmpty)
        #expect(live.isReady)
        // A lease that comes while it runs changes nothing either.
        try live.put(Samples.lease(4))
        try live.eventually("the lease is known") {
            live.ask("/metrics")?.body.contains("\npoplin_overlay_leases 4\n") == true
        }
        #expect(try live.node.podRoutes().isEmpty)
    }

    @Test("GBP is on the device that the daemon makes, and makes a new one when it is turned on")
    func groupPolicy() throws {
        let live = try LiveNode(config: LiveNode.config(#""Type":"vxlan","GBP":true"#), leases: [Samples.lease(2)])
        try live.waitForRoutes(to: [2])
        #expect(try live.ip("-details link show flannel.1").contains(" gbp "))
        // It is as it should be for the next run, too: the device stays.
        let index = try live.node.link("flannel.1").index
        try live.stopDaemon()
        try live.startDaemon()
        try live.waitUntilReady()
        #expect(try live.node.link("flannel.1").index == index)

        // One without, which is what an earlier configuration leaves.
        try live.stopDaemon()
        let plain = try LiveNode(config: LiveNode.vxlan, leases: [Samples.lease(2)])
        #expect(try !plain.ip("-details link show flannel.1").contains("gbp"))
        try plain.stopDaemon()
        try plain.put("config", LiveNode.config(#""Type":"vxlan","GBP":true"#))
        try plain.startDaemon()
        try plain.waitUntilReady()
        try plain.eventually("the device has it") {
            try plain.node.isThere("flannel.1") && plain.ip("-details link show flannel.1").contains(" gbp ")
        }
        try plain.waitForRoutes(to: [2])
    }
}
