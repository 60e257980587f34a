import CNI
import JSON
import Lab
import Linux
import TestSupport
import Testing

/// A chain from ADD to DEL in every version of the specification.
@Suite(.requiresRoot) struct SpecVersionTests {
    @Test(arguments: SpecVersion.allCases)
    func `a chain works in every version, and its result is of that version`(_ version: SpecVersion) throws {
        let node = try BridgeNode()
        let pod = try LabNamespace("pod")
        let label: JSONValue = ["cniVersion": .string(version.rawValue)]
        func labelled(_ config: JSONValue) -> JSONValue {
            var object = config.object ?? JSONObject()
            object["cniVersion"] = label["cniVersion"]
            return .object(object)
        }
        let bridge = labelled(node.bridge(["ipMasq": true], subnets: ["10.88.0.0/24", "fd00:88::/64"]))
        let portmap = labelled(node.portmap([["hostPort": 8080, "containerPort": 80]]))
        let first = try node.add(bridge, pod)
        let result = try node.add(portmap, pod, previous: first)
        #expect(result == first)
        #expect(result["cniVersion"]?.string == version.rawValue)
        if version < .v030 {
            #expect(result["ip4"]?["ip"] == "10.88.0.2/24" && result["ip6"]?["ip"] == "fd00:88::2/64")
            #expect(result["ips"] == nil && result["interfaces"] == nil)
        } else {
            #expect(
                result["ips"]?.array?.map { $0["version"]?.string } == (version < .v100 ? ["4", "6"] : [nil, nil]))
            #expect(result["interfaces"]?.array?.count == 3)
            #expect((result["interfaces"]?.array?[0]["mtu"] == nil) == (version < .v100))
        }
        let server = try PacketProbe.Listener(pod, port: 80)
        #expect(try PacketProbe.connects(from: node.namespace, to: "127.0.0.1", port: 8080))
        _ = try server.peer()
        for config in [portmap, bridge] {
            let check = try node.call("CHECK", config, pod, previous: result)
            #expect(version < .v040 ? check.code == 1 : check.succeeded, "\(check.text)")
            // Before 0.4.0 a runtime gives a DEL no previous result.
            let del = try node.call("DEL", config, pod, previous: version < .v040 ? nil : result)
            #expect(del.succeeded, "\(del.text)")
        }
        #expect(try node.leftovers().isEmpty)
    }
}
