import Lab
import Linux
import NetTypes
import TestSupport
import Testing

/// One datagram a millisecond between pods of two nodes, while that which made the path is disturbed.
@Suite("Traffic between pods", .requiresRoot, .requiresProgram("etcd"))
struct UnbrokenTrafficTests {
    static let twoPods = [(name: "web", node: "node1"), ("api", "node2")]

    /// Runs the disturbance under the stream, and what comes after it; then not one datagram may be missing.
    private func expectNoLoss(
        _ configuration: LabConfiguration = LabConfiguration(nodes: 2), _ disturb: (Lab) throws -> Void
    ) throws {
        try withLab(configuration, pods: Self.twoPods) { lab in
            let address = try #require(try lab.pod("api").addresses.first?.address)
            let stream = try UDPStream(
                from: lab.namespace(of: "web"), to: lab.namespace(of: "api"), address: address)
            do {
                try disturb(lab)
                // What the disturbance sets off may come later than its own end.
                let sent = stream.report.sent
                try eventually("a quarter of a second more") { stream.report.sent > sent + 250 }
            } catch {
                _ = stream.stop()
                throw error
            }
            let report = stream.stop()
            #expect(report.lost == 0 && report.duplicated == 0, "\(report)")
        }
    }

    @Test("goes on when the overlay is killed and started again", arguments: FlatNetworkTests.kinds)
    func overlayKilled(backend: LabConfiguration.Backend, family: LabConfiguration.Family) throws {
        try expectNoLoss(LabConfiguration(nodes: 2, backend: backend, family: family)) { lab in
            let subnets = lab.nodes.map { lab.subnets(of: $0) }
            for _ in 0..<3 {
                for node in lab.nodes {
                    try lab.stopOverlay(node)
                    try lab.startOverlay(node)
                    try lab.waitForReadiness(of: node)
                }
            }
            #expect(lab.nodes.map { lab.subnets(of: $0) } == subnets)
        }
    }

    @Test("goes on while etcd is away for a minute, even when the overlay is restarted meanwhile")
    func etcdAway() throws {
        try expectNoLoss { lab in
            let subnets = lab.nodes.map { lab.subnets(of: $0) }
            try lab.stopEtcd()
            try lab.stopOverlay("node1")
            try lab.startOverlay("node1")
            // A minute: watchers, keep-alives and retries fail many times.
            try stay(.seconds(60)) { try lab.isRunning("overlay/node1", in: "node1") }
            // Pods come and go without the store.
            try lab.addPod("late", on: "node1")
            try lab.startEtcd()
            try lab.configureEtcd()
            for node in lab.nodes { try lab.waitForReadiness(of: node) }
            #expect(lab.nodes.map { lab.subnets(of: $0) } == subnets)
            try expectFlat(lab)
        }
    }

    @Test("goes on when etcd comes back without its data: every node claims its subnet again")
    func etcdWiped() throws {
        try expectNoLoss { lab in
            let subnets = lab.nodes.map { lab.subnets(of: $0) }
            try lab.stopEtcd()
            try lab.wipeEtcd()
            try lab.startEtcd()
            try lab.configureEtcd()
            try eventually("both nodes have their leases again", within: .seconds(30)) {
                try lab.leaseKeys().count == 2
            }
            #expect(lab.nodes.map { lab.subnets(of: $0) } == subnets)
            for node in lab.nodes { try lab.waitForReadiness(of: node) }
            try expectFlat(lab)
        }
    }

    @Test("goes on when the underlay's MTU changes, which tunnel device and subnet.env follow")
    func mtuChanged() throws {
        try expectNoLoss { lab in
            try lab.setUnderlayMTU(1400)
            try eventually("the tunnel devices have MTU 1350", within: .seconds(5)) {
                try lab.nodes.allSatisfy { node in
                    let link = try lab.run(Command("/sbin/ip", ["link", "show", "flannel.1"]), in: node)
                    let text = try Files.readText(lab.file("/run/flannel/subnet.env", of: node))
                    return link.standardOutput.contains("mtu 1350 ") && text.contains("FLANNEL_MTU=1350\n")
                }
            }
        }
    }

    @Test("finds a node again at another underlay address, with its subnet kept")
    func addressChanged() throws {
        try withLab(LabConfiguration(nodes: 2), pods: Self.twoPods) { lab in
            let subnets = lab.nodes.map { lab.subnets(of: $0) }
            let address = try #require(try lab.pod("api").address(.v4))
            let new = try #require(IPAddress("172.31.0.102"))
            try lab.setUnderlayAddress(of: "node2", new)
            let probe = Probe(from: try lab.namespace(of: "web"), to: address)
            // The node's connections to etcd are of the old address: they must be given up first.
            try eventually("web reaches api at its node's new address", within: .seconds(40)) {
                (try? probe.udp()) != nil
            }
            #expect(lab.nodes.map { lab.subnets(of: $0) } == subnets)
        }
    }

    /// Lets the time go by; the condition must hold all the while.
    private func stay(_ time: Duration, _ condition: () throws -> Bool) throws {
        let end = ContinuousClock.now + time
        try eventually("\(time) have passed", within: time + .seconds(5)) {
            let holds = try condition()
            #expect(holds)
            return ContinuousClock.now > end
        }
    }
}
