import JSON
import TestSupport
import Testing

/// Every key of every plugin, with a value of every wrong type.
@Suite struct WrongTypesTests {
    enum Expected: String { case string, number, boolean, array, object }

    static let keys: [(plugin: String, keys: [(String, Expected)])] = [
        (
            "bridge",
            [
                ("bridge", .string), ("isGateway", .boolean), ("isDefaultGateway", .boolean),
                ("forceAddress", .boolean), ("ipMasq", .boolean), ("ipMasqBackend", .string), ("mtu", .number),
                ("hairpinMode", .boolean), ("promiscMode", .boolean), ("vlan", .number), ("vlanTrunk", .array),
                ("preserveDefaultVlan", .boolean), ("macspoofchk", .boolean), ("enabledad", .boolean),
                ("disableContainerInterface", .boolean), ("portIsolation", .boolean), ("ipam", .object),
                ("dns", .object), ("args", .object), ("runtimeConfig", .object),
            ]
        ),
        (
            "portmap",
            [
                ("snat", .boolean), ("masqAll", .boolean), ("markMasqBit", .number), ("backend", .string),
                ("externalSetMarkChain", .string), ("conditionsV4", .array), ("conditionsV6", .array),
                ("runtimeConfig.portMappings", .array),
            ]
        ),
        (
            "bandwidth",
            [
                ("ingressRate", .number), ("ingressBurst", .number), ("egressRate", .number),
                ("egressBurst", .number), ("shapedSubnets", .array), ("unshapedSubnets", .array),
                ("runtimeConfig.bandwidth", .object),
            ]
        ),
        ("firewall", [("backend", .string), ("ingressPolicy", .string), ("iptablesAdminChainName", .string)]),
        (
            "tuning",
            [
                ("sysctl", .object), ("mac", .string), ("promisc", .boolean), ("mtu", .number), ("txQLen", .number),
                ("allmulti", .boolean), ("dataDir", .string), ("args.cni", .object),
            ]
        ),
        ("flannel", [("subnetFile", .string), ("dataDir", .string)]),
        ("poplin", [("subnetFile", .string), ("delegate", .object)]),
        (
            "host-local",
            [
                ("ipam.ranges", .array), ("ipam.subnet", .string), ("ipam.rangeStart", .string),
                ("ipam.rangeEnd", .string), ("ipam.gateway", .string), ("ipam.routes", .array),
                ("ipam.dataDir", .string), ("ipam.resolvConf", .string), ("runtimeConfig.ipRanges", .array),
                ("runtimeConfig.ips", .array),
            ]
        ),
        ("static", [("ipam.addresses", .array), ("ipam.routes", .array), ("ipam.dns", .object)]),
    ]

    static let values: [(Expected, JSONValue)] = [
        (.string, "text"), (.number, 7), (.boolean, true), (.array, []), (.object, [:]),
    ]

    @Test(arguments: keys.map(\.plugin))
    func `a value of the wrong type is refused with its key, and null is as good as absent`(_ plugin: String) throws {
        let node = try TestNode()
        for (key, expected) in Self.keys.first(where: { $0.plugin == plugin })?.keys ?? [] {
            for (type, value) in Self.values where type != expected {
                let answer = node.call("ADD", Self.config(plugin, key, value).serialized(), program: plugin)
                #expect(answer.status == 1)
                #expect(answer.code == 6, "\(key): \(value.serialized()): \(answer.text)")
                #expect(answer.message.contains(key), "\(answer.message)")
            }
            if expected == .number {
                let answer = node.call(
                    "ADD", Self.config(plugin, key, try JSONValue.parse("5.5")).serialized(), program: plugin)
                #expect(answer.code == 6 && answer.message.contains(key), "\(answer.text)")
            }
            let answer = node.call("ADD", Self.config(plugin, key, nil).serialized(), program: plugin)
            #expect(answer.code != 6, "\(key): \(answer.text)")
        }
    }

    /// A configuration with one key, given as a path.
    private static func config(_ plugin: String, _ key: String, _ value: JSONValue) -> JSONValue {
        let previous: JSONValue = ["ips": [["address": "10.88.0.2/24"]]]
        var object = JSONObject([
            ("cniVersion", "1.1.0"), ("name", "net"), ("type", .string(plugin)), ("prevResult", previous),
        ])
        // Without a subnet nothing else of a range is read.
        if plugin == "host-local" { object["ipam"] = ["subnet": "10.1.0.0/24"] }
        let parts = key.split(separator: ".").map(String.init)
        var nested = value
        for part in parts.dropFirst().reversed() { nested = .object(JSONObject([(part, nested)])) }
        var outer = object[parts[0]]?.object ?? JSONObject()
        for member in nested.object?.members ?? [] { outer[member.key] = member.value }
        object[parts[0]] = parts.count > 1 ? .object(outer) : nested
        return .object(object)
    }
}
