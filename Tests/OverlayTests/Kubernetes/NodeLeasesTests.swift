import KubeClient
import NetTypes
import Testing

@testable import Overlay

@Suite("The leases that Nodes tell")
struct NodeLeasesTests {
    private func leases(_ families: [IPFamily] = [.v4]) throws -> NodeLeases {
        NodeLeases(try #require(AnnotationKeys(prefix: AnnotationKeys.defaultPrefix)), families)
    }

    private func record(_ node: Int, subnet: String? = nil, mac: Int? = nil, revision: Int64 = 1) -> NodeRecord {
        var record = NodeRecord()
        record.podCIDRs = [subnet ?? "10.5.\(node).0/24"]
        record.annotations = NodeServer.flannel(
            #"{"VNI":1,"VtepMAC":"\#(Samples.mac(mac ?? node))"}"#, "\(Samples.underlay(node))")
        record.revision = revision
        return record
    }

    private func subnets(_ events: [LeaseEvent]) -> [String] {
        events.map { event in
            switch event {
            case .put(let lease): "put \(lease.subnet) \(lease.attributes.publicIPv4.map { "\($0)" } ?? "-")"
            case .removed(let subnet): "removed \(subnet)"
            case .snapshot: "snapshot"
            }
        }
    }

    @Test("come, change and go with their nodes")
    func life() throws {
        var leases = try leases()
        #expect(subnets(leases.update("a", to: record(2))) == ["put 10.5.2.0-24 192.168.0.2"])
        #expect(subnets(leases.update("a", to: record(2, mac: 9))) == ["put 10.5.2.0-24 192.168.0.2"])
        #expect(leases.leases.count == 1)
        #expect(subnets(leases.update("a", to: nil)) == ["removed 10.5.2.0-24"])
        #expect(leases.update("a", to: nil).isEmpty && leases.leases.isEmpty)
    }

    @Test("move with a changed podCIDR: the old subnet goes, the new one comes")
    func moved() throws {
        var leases = try leases()
        _ = leases.update("a", to: record(2))
        #expect(
            subnets(leases.update("a", to: record(2, subnet: "10.5.7.0/24"))) == [
                "removed 10.5.2.0-24", "put 10.5.7.0-24 192.168.0.2",
            ])
    }

    @Test("are none of nodes without a podCIDR, without annotations, or with annotations that are no lease")
    func none() throws {
        var leases = try leases()
        var empty = record(2)
        empty.podCIDRs = []
        #expect(leases.update("a", to: empty).isEmpty)
        #expect(leases.update("b", to: NodeRecord()).isEmpty && leases.unreadable.isEmpty)
        var broken = record(3)
        broken.annotations["flannel.alpha.coreos.com/public-ip"] = "nonsense"
        #expect(leases.update("c", to: broken).isEmpty)
        #expect(leases.unreadable["c"]?.contains("node c: flannel.alpha.coreos.com/public-ip") == true)
        #expect(subnets(leases.update("c", to: record(3))) == ["put 10.5.3.0-24 192.168.0.3"])
        #expect(leases.unreadable.isEmpty)
        // A lease that becomes none goes.
        #expect(subnets(leases.update("c", to: broken)) == ["removed 10.5.3.0-24"])
        var odd = record(4)
        odd.podCIDRs = ["10.5.4.0"]
        #expect(leases.update("d", to: odd).isEmpty && leases.unreadable["d"]?.contains("10.5.4.0") == true)
    }

    @Test("of two nodes with one subnet are the later one's, and the other's again when that goes; both are named")
    func conflict() throws {
        var leases = try leases()
        _ = leases.update("a", to: record(2, subnet: "10.5.9.0/24", revision: 5))
        let later = leases.update("b", to: record(3, subnet: "10.5.9.0/24", revision: 8))
        #expect(subnets(later) == ["put 10.5.9.0-24 192.168.0.3"])
        #expect(leases.conflicts == ["nodes a, b have the same subnet 10.5.9.0-24"])
        #expect(leases.leases.count == 1)
        #expect(subnets(leases.update("b", to: nil)) == ["put 10.5.9.0-24 192.168.0.2"])
        #expect(leases.conflicts.isEmpty)
    }

    @Test("are of both families where both are on, and of one where a node has one")
    func dual() throws {
        var leases = try leases([.v4, .v6])
        var both = record(2)
        both.podCIDRs = ["fd00:5:0:2::/64", "10.5.2.0/24"]
        #expect(subnets(leases.update("a", to: both)) == ["put 10.5.2.0-24&fd00:5:0:2::-64 192.168.0.2"])
        #expect(subnets(leases.update("b", to: record(3))) == ["put 10.5.3.0-24 192.168.0.3"])
    }
}
