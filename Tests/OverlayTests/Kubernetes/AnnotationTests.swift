import JSON
import KubeClient
import NetTypes
import Testing

@testable import Overlay

/// A node's lease as annotations, held against flannel's own words.
@Suite("Annotations of a Node")
struct AnnotationTests {
    private let keys = AnnotationKeys(prefix: AnnotationKeys.defaultPrefix)

    private func node(_ json: String) throws -> NodeRecord {
        try ReadObject<NodeRecord>(json: Array(json.utf8)).content
    }

    @Test(
        "begin with the prefix by flannel's rule",
        arguments: [
            ("flannel.alpha.coreos.com", "flannel.alpha.coreos.com/backend-type"),
            ("flannel.alpha.coreos.com/", "flannel.alpha.coreos.com/backend-type"),
            ("example.com/mesh", "example.com/mesh-backend-type"),
            ("example.com/mesh-", "example.com/mesh-backend-type"),
            ("a/b/c", nil), ("", nil), ("/x", nil),
        ])
    func prefix(_ prefix: String, _ expected: String?) {
        #expect(AnnotationKeys(prefix: prefix)?.backendType == expected)
    }

    @Test("are read as flannel writes them, from a whole Node")
    func reading() throws {
        let record = try node(
            #"""
            {"kind":"Node","apiVersion":"v1","metadata":{"name":"n","uid":"u","resourceVersion":"77","labels":{"a":"b"},
            "annotations":{"flannel.alpha.coreos.com/backend-data":"{\"VNI\":1,\"VtepMAC\":\"12:c6:65:89:b4:e3\"}",
            "flannel.alpha.coreos.com/backend-type":"vxlan","flannel.alpha.coreos.com/kube-subnet-manager":"true",
            "flannel.alpha.coreos.com/public-ip":"192.168.0.7","node.alpha.kubernetes.io/ttl":"0"}},
            "spec":{"podCIDR":"10.5.7.0/24","podCIDRs":["10.5.7.0/24","fd00:5:0:7::/64"],"taints":[]},
            "status":{"conditions":[{"type":"Ready","status":"True"},{"type":"NetworkUnavailable","status":"True",
            "reason":"NoRouteCreated","message":"m"}],"images":[{"names":["a"],"sizeBytes":5}]}}
            """#)
        #expect(record.podCIDRs == ["10.5.7.0/24", "fd00:5:0:7::/64"] && record.revision == 77)
        #expect(record.annotations.count == 4)
        #expect(record.networkUnavailable?.status == "True" && record.networkUnavailable?.reason == "NoRouteCreated")
        let attributes = try #require(try keys?.attributes(record))
        #expect(attributes.publicIPv4 == IPv4Address(192, 168, 0, 7) && attributes.backendType == "vxlan")
        #expect(try VTEPData(json: attributes.backendData).mac == MACAddress("12:c6:65:89:b4:e3"))
        #expect(record.subnet([.v4]) == SubnetKey("10.5.7.0-24"))
        #expect(record.subnet([.v4, .v6]) == SubnetKey("10.5.7.0-24&fd00:5:0:7::-64"))
    }

    @Test("of an old flanneld, of one without data, and of a node that takes no part are read, too")
    func variants() throws {
        let prefix = AnnotationKeys.defaultPrefix + "/"
        var record = NodeRecord()
        record.annotations = NodeServer.flannel(#"{"VtepMAC":"12:c6:65:89:b4:e3"}"#, "10.0.0.1")
        #expect(try VTEPData(json: keys?.attributes(record)?.backendData).vni == nil)
        record.annotations[prefix + "backend-type"] = "host-gw"
        record.annotations[prefix + "backend-data"] = "null"
        let bare = try #require(try keys?.attributes(record))
        #expect(bare == LeaseAttributes(publicIPv4: IPv4Address(10, 0, 0, 1), backendType: "host-gw"))
        record.annotations[prefix + "kube-subnet-manager"] = "false"
        #expect(try keys?.attributes(record) == nil)
        // Another prefix is another overlay.
        record.annotations = NodeServer.flannel("null", "10.0.0.1", prefix: "example.com/mesh-")
        #expect(try keys?.attributes(record) == nil)
        #expect(try AnnotationKeys(prefix: "example.com/mesh")?.attributes(record)?.publicIPv4 != nil)
    }

    @Test(
        "that are no lease are refused, each by its name",
        arguments: [
            ("public-ip", "10.0.0"), ("public-ip", "fd00::1"), ("public-ipv6", "10.0.0.1"), ("backend-data", "{"),
            ("backend-v6-data", "nonsense"),
        ])
    func mistakes(_ key: String, _ value: String) {
        var record = NodeRecord()
        record.annotations = NodeServer.flannel("null", "10.0.0.1")
        record.annotations["\(AnnotationKeys.defaultPrefix)/\(key)"] = value
        let error = #expect(throws: LeaseFormatError.self) { try keys?.attributes(record) }
        #expect(error?.field.hasSuffix(key) == true)
    }

    @Test("are written as flannel reads them: compact, the MAC last; null for backends without data")
    func writing() throws {
        let keys = try #require(keys)
        let lease = Samples.dualLease(1)
        let prefix = AnnotationKeys.defaultPrefix + "/"
        let dual = keys.annotations(lease.attributes, [.v4, .v6])
        #expect(dual[prefix + "backend-data"] == #"{"VNI":1,"VtepMAC":"02:00:00:00:00:01"}"#)
        #expect(dual[prefix + "backend-v6-data"] == #"{"VNI":1,"VtepMAC":"02:00:00:00:00:01"}"#)
        #expect(dual[prefix + "public-ipv6"] == "2001:db8::1" && dual[prefix + "kube-subnet-manager"] == "true")
        let single = keys.annotations(Samples.lease(1).attributes, [.v4])
        #expect(single.count == 4 && single[prefix + "public-ip"] == "192.168.0.1")
        let gateway = LeaseAttributes(publicIPv4: Samples.underlay(1).v4, backendType: "host-gw")
        #expect(keys.annotations(gateway, [.v4])[prefix + "backend-data"] == "null")
    }

    @Test("are patched only where they differ, and taken back for a family that is off")
    func patch() throws {
        let keys = try #require(keys)
        var record = NodeRecord()
        let lease = Samples.dualLease(1)
        record.annotations = keys.annotations(lease.attributes, [.v4, .v6])
        #expect(keys.patch(record, to: lease.attributes, [.v4, .v6]) == nil)
        var moved = lease.attributes
        moved.publicIPv6 = Samples.underlayV6(9).v6
        let change = try #require(keys.patch(record, to: moved, [.v4, .v6]))
        #expect(
            change.serialized()
                == #"{"metadata":{"annotations":{"flannel.alpha.coreos.com/public-ipv6":"2001:db8::9"}}}"#)
        let back = try #require(keys.patch(record, to: Samples.lease(1).attributes, [.v4]))
        #expect(
            back.serialized()
                == #"{"metadata":{"annotations":{"flannel.alpha.coreos.com/backend-v6-data":null,"flannel.alpha.coreos.com/public-ipv6":null}}}"#
        )
        // And what is written is what is read.
        #expect(try keys.attributes(record) == lease.attributes)
    }

    @Test("tell an operator's wishes, and what was published of the node before")
    func wishes() throws {
        let keys = try #require(keys)
        let prefix = AnnotationKeys.defaultPrefix + "/"
        var record = NodeRecord()
        record.annotations = NodeServer.flannel(#"{"VNI":1,"VtepMAC":"12:c6:65:89:b4:e3"}"#, "10.0.0.1")
        record.annotations[prefix + "public-ip-overwrite"] = "203.0.113.7"
        record.annotations[prefix + "node-public-ip"] = "10.0.0.2"
        record.annotations[prefix + "node-public-ipv6"] = "10.0.0.2"
        let wishes = keys.wishes(record)
        #expect(wishes.overwrites == [.v4: .v4(IPv4Address(203, 0, 113, 7))])
        #expect(wishes.chosen == [.v4: .v4(IPv4Address(10, 0, 0, 2))])
        #expect(wishes.macs == [.v4: MACAddress("12:c6:65:89:b4:e3")])
        #expect(wishes.problems.count == 1 && wishes.problems[0].contains("node-public-ipv6"))

        let facts = SelectionFacts(candidates: [
            InterfaceCandidate(index: 2, name: "eth0", mtu: 1500, addresses: [.init(.v4(IPv4Address(10, 0, 0, 1)))]),
            InterfaceCandidate(index: 3, name: "eth1", mtu: 1500, addresses: [.init(.v4(IPv4Address(10, 0, 0, 2)))]),
        ])
        let underlay = try Underlay(InterfaceRequest(names: ["eth0"]).with(wishes), facts, families: [.v4])
        #expect(underlay.name == "eth1")
        #expect(underlay.v4?.local == .v4(IPv4Address(10, 0, 0, 2)))
        #expect(underlay.v4?.published == .v4(IPv4Address(203, 0, 113, 7)))
    }
}
