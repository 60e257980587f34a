import CNI
import JSON
import Lab
import Linux
import NFTables
import NetTypes
import Netlink
import TestSupport

/// A node in a network namespace of its own, for plugins that act on the kernel.
struct BridgeNode: ~Copyable {
    let node: TestNode
    let namespace: LabNamespace

    init() throws {
        let node = try TestNode()
        let namespace = try LabNamespace("cni")
        self.node = node
        self.namespace = namespace
    }

    /// Calls a plugin on the node. `previous` becomes prevResult.
    func call(
        _ verb: String, _ config: JSONValue, _ pod: borrowing LabNamespace, id: String? = nil,
        interface: String = "eth0", previous: JSONValue? = nil, arguments: String = "", isGone: Bool = false,
        rollback: Rollback = Rollback()
    ) throws -> Answer {
        var object = config.object ?? JSONObject()
        if let previous { object["prevResult"] = previous }
        let text = JSONValue.object(object).serialized()
        let (id, path) = (id ?? pod.name, isGone ? "" : pod.path)
        return try namespace.run {
            node.call(
                verb, text, id: id, interface: interface, namespace: path, arguments: arguments, rollback: rollback)
        }
    }

    /// ADD that must succeed; its result.
    func add(
        _ config: JSONValue, _ pod: borrowing LabNamespace, interface: String = "eth0", previous: JSONValue? = nil
    ) throws -> JSONValue {
        let answer = try call("ADD", config, pod, interface: interface, previous: previous)
        if !answer.succeeded { throw Refused(description: answer.text + answer.errors) }
        return answer.json
    }

    struct Refused: Error, CustomStringConvertible { var description: String }

    /// A configuration of `bridge` with host-local addresses of these subnets.
    func bridge(
        _ more: JSONValue = [:], subnets: [String] = ["10.88.0.0/24"], name: String = "net", routes: [String] = []
    ) -> JSONValue {
        let ranges: [JSONValue] = subnets.map { .array([.object(JSONObject([("subnet", .string($0))]))]) }
        let ipam = JSONObject([
            ("type", "host-local"), ("dataDir", .string(node.dataDirectory)), ("ranges", .array(ranges)),
            ("routes", .array(routes.map { .object(JSONObject([("dst", .string($0))])) })),
        ])
        var object = JSONObject([
            ("cniVersion", "1.1.0"), ("name", .string(name)), ("type", "bridge"), ("bridge", "cni0"),
            ("isDefaultGateway", true), ("ipam", .object(ipam)),
        ])
        for member in more.object?.members ?? [] { object[member.key] = member.value }
        return .object(object)
    }

    func plugin(_ type: String, _ more: JSONValue = [:], name: String = "net") -> JSONValue {
        var object = JSONObject([("cniVersion", "1.1.0"), ("name", .string(name)), ("type", .string(type))])
        for member in more.object?.members ?? [] { object[member.key] = member.value }
        return .object(object)
    }

    func portmap(_ mappings: JSONValue, _ more: JSONValue = [:], name: String = "net") -> JSONValue {
        var object = plugin("portmap", more, name: name).object ?? JSONObject()
        object["runtimeConfig"] = ["portMappings": mappings]
        return .object(object)
    }

    /// Makes as many more ports of the bridge, of no pod: `near0` and on.
    func fill(_ bridge: LinkReference, ports: Int) throws {
        try routing { socket in
            let index = try socket.link(bridge).index
            for failure in socket.runAll(
                (0..<ports).map { number in
                    let far = VethPeer("far\(number)")
                    return .createLink(
                        NewLink("near\(number)", .veth(far), LinkAttributes(isUp: true, masterIndex: index)))
                })
            { if let failure { throw failure } }
        }
    }

    func routing<Result>(_ body: (inout NetlinkSocket) throws -> Result) throws -> Result {
        var socket = try NetlinkSocket(in: namespace.namespace)
        return try body(&socket)
    }

    func rules<Result>(_ body: (inout NFTSocket) throws -> Result) throws -> Result {
        try namespace.run {
            var socket = try NFTSocket()
            return try body(&socket)
        }
    }

    /// Every element of the tables of ours that belongs to an attachment.
    func elements() throws -> [String] {
        try rules { socket in
            var found: [String] = []
            for table in try socket.tables() where table.name.hasPrefix("poplin-cni") {
                for set in try socket.sets(in: table) {
                    found += try socket.elements(of: set).filter { $0.comment != nil }.map { "\($0)" }
                }
            }
            return found
        }
    }

    /// What an attachment would leave: links but loopback and bridge, elements, reservations, records.
    func leftovers() throws -> [String] {
        let links = try routing { socket in try socket.links() }.map(\.name).filter { $0 != "lo" && $0 != "cni0" }
        let reservations = node.reservations.map { "reservation \($0)" }
        var records: [String] = []
        for directory in [
            "run/bridge/net", "run/portmap/net", "run/bandwidth/net", "run/firewall/net", "lib/poplin/poplin/net",
        ] {
            records += ((try? Files.list(node.directory.file(directory))) ?? []).map { "\(directory)/\($0)" }
        }
        return try links + elements() + reservations + records
    }
}

/// Links of a pod.
func routing<Result>(in pod: borrowing LabNamespace, _ body: (inout NetlinkSocket) throws -> Result) throws -> Result {
    var socket = try NetlinkSocket(in: pod.namespace)
    return try body(&socket)
}
