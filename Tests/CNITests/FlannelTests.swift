import CNI
import Glibc
import JSON
import Linux
import NetTypes
import Synchronization
import TestSupport
import Testing

/// Stands in for `bridge`: remembers what it was asked and delegates to IPAM.
private final class RecordingBridge: Plugin {
    let name = "bridge"
    let calls = Mutex<[(verb: String, config: JSONValue)]>([])

    private func note(_ call: Invocation) {
        calls.withLock { $0.append((call.verb.rawValue, .object(call.config.object))) }
    }

    func add(_ call: Invocation) throws -> CNIResult {
        note(call)
        return try call.delegateAdd("host-local")
    }

    func del(_ call: Invocation) throws {
        note(call)
        try call.delegateDel("host-local")
    }

    func check(_ call: Invocation) throws { note(call) }
    func gc(_ call: Invocation, valid: Set<CNI.Attachment>) throws {
        note(call)
        try call.delegateGC("host-local", valid: valid)
    }
    func status(_ call: Invocation) throws { note(call) }

    var verbs: [String] { calls.withLock { $0.map(\.verb) } }
    var lastConfig: JSONValue { calls.withLock { $0.last?.config ?? .null } }
}

@Suite struct FlannelTests {
    private let bridge = RecordingBridge()
    private let node: TestNodeBox

    init() throws { node = TestNodeBox(try TestNode()) }

    /// Swift Testing makes a suite for each test; the node is shared by the calls of one.
    private final class TestNodeBox {
        let node: TestNode
        init(_ node: consuming TestNode) { self.node = node }
    }

    private static let subnetEnv = """
        FLANNEL_NETWORK=10.244.0.0/16
        FLANNEL_SUBNET=10.244.3.1/24
        FLANNEL_IPV6_NETWORK=fd00:244::/56
        FLANNEL_IPV6_SUBNET=fd00:244:0:3::1/64
        FLANNEL_MTU=1450
        FLANNEL_IPMASQ=true

        """

    private func writeEnv(_ text: String = Self.subnetEnv) throws {
        try Files.replace(node.node.directory.file("subnet.env"), Array(text.utf8))
    }

    private func call(
        _ verb: String, id: String = "pod1", interface: String = "eth0", delegate: String = #"{"hairpinMode": true}"#,
        more: String = ""
    ) -> Answer {
        let directory = node.node.directory.path
        let config = """
            {"cniVersion": "1.1.0", "name": "cbr0", "type": "flannel", "delegate": \(delegate), \(more)
             "subnetFile": "\(directory)/subnet.env", "dataDir": "\(directory)/flannel",
             "ipam": {"dataDir": "\(directory)/networks", "routes": [{"dst": "10.96.0.0/12"}]},
             "cni.dev/valid-attachments": [{"containerID": "keep", "ifname": "eth0"}]}
            """
        return node.node.call(
            verb, config, id: id, interface: interface, registry: PluginRegistry([Flannel(), bridge, HostLocal()]))
    }

    private var records: [String] { ((try? Files.list(node.node.directory.file("flannel"))) ?? []).sorted() }
    private var reservations: [String] {
        ((try? Files.list(node.node.directory.file("networks/cbr0"))) ?? []).filter { IPAddress($0) != nil }.sorted()
    }

    @Test func `the delegate's configuration is what flannel's own plugin makes`() throws {
        try writeEnv()
        let answer = call("ADD", more: #""runtimeConfig": {"portMappings": []},"#)
        #expect(answer.addresses == ["10.244.3.2/24", "fd00:244:0:3::2/64"], "\(answer.text)")
        let expected: JSONValue = [
            "hairpinMode": true, "name": "cbr0", "type": "bridge", "ipMasq": false, "mtu": 1450, "isGateway": true,
            "cniVersion": "1.1.0", "runtimeConfig": ["portMappings": []],
            "ipam": [
                "dataDir": .string(node.node.directory.file("networks")),
                "routes": [["dst": "10.96.0.0/12"], ["dst": "10.244.0.0/16"], ["dst": "fd00:244::/56"]],
                "type": "host-local",
                "ranges": [[["subnet": "10.244.3.0/24"]], [["subnet": "fd00:244:0:3::/64"]]],
            ],
        ]
        #expect(bridge.lastConfig == expected, "\(bridge.lastConfig.serialized(pretty: true))")
    }

    @Test func `what the user says about the delegate stands`() throws {
        try writeEnv()
        #expect(
            call("ADD", delegate: #"{"IPMASQ": true, "mtu": 1200, "isGateway": false, "forceAddress": true}"#).succeeded
        )
        let config = bridge.lastConfig
        #expect(config["ipMasq"] == true)
        #expect(config["mtu"] == 1200)
        #expect(config["isGateway"] == false)
        #expect(config["forceAddress"] == true)
    }

    @Test(arguments: [#"{"name": "x"}"#, #"{"ipam": {}}"#, #"{"type": 5}"#, "[]"])
    func `a delegate that says what is flannel's to say is refused`(delegate: String) throws {
        try writeEnv()
        let answer = call("ADD", delegate: delegate)
        #expect(answer.code == 6 || answer.code == 7)
        #expect(records.isEmpty)
    }

    @Test func `without subnet_env ADD says to try again, and STATUS that nothing is available`() throws {
        #expect(call("ADD").code == 11)
        #expect(call("STATUS").code == 50)
        try writeEnv("FLANNEL_NETWORK=10.0.0.0/8\n")
        #expect(call("ADD").code == 7)
        try writeEnv()
        #expect(call("STATUS").succeeded)
        #expect(records.isEmpty)
    }

    @Test func `DEL works when the overlay and its file are gone`() throws {
        try writeEnv()
        #expect(call("ADD").succeeded)
        try Files.remove(node.node.directory.file("subnet.env"))
        #expect(call("DEL").succeeded)
        #expect(reservations.isEmpty)
        #expect(records.isEmpty)
        // And again, and for one that never was.
        #expect(call("DEL").succeeded)
        #expect(call("DEL", id: "never").succeeded)
    }

    @Test(arguments: [nil, "", "{\"na"])
    func `DEL frees the address even when the record was lost or is half`(left: String?) throws {
        try writeEnv()
        #expect(call("ADD").succeeded)
        for name in records { try Files.remove(node.node.directory.file("flannel/\(name)")) }
        if let left { try Files.replace(node.node.directory.file("flannel/pod1"), Array(left.utf8)) }
        #expect(call("DEL").succeeded)
        #expect(reservations.isEmpty)
    }

    @Test func `two interfaces of one container do not share a record`() throws {
        try writeEnv()
        #expect(call("ADD", interface: "eth0").succeeded)
        #expect(call("ADD", interface: "net1").succeeded)
        #expect(records == ["pod1", "pod1:eth0", "pod1:net1"])
        #expect(call("DEL", interface: "net1").succeeded)
        #expect(records == ["pod1", "pod1:eth0"])
        #expect(reservations == ["10.244.3.2", "fd00:244:0:3::2"])
        #expect(call("CHECK", interface: "eth0").succeeded)
        #expect(call("CHECK", interface: "net1").code == 999)
        #expect(call("DEL", interface: "eth0").succeeded)
        #expect(records.isEmpty && reservations.isEmpty)
    }

    @Test func `a record of flannel's own plugin is replayed`() throws {
        try Files.makeDirectories(node.node.directory.file("flannel"))
        let saved = """
            {"cniVersion": "0.3.1", "name": "cbr0", "type": "bridge", "mtu": 1450,
             "ipam": {"type": "host-local", "dataDir": "\(node.node.directory.file("networks"))",
                      "ranges": [[{"subnet": "10.244.3.0/24"}]]}}
            """
        try Files.replace(node.node.directory.file("flannel/pod1"), Array(saved.utf8))
        #expect(call("DEL").succeeded)
        #expect(bridge.lastConfig["cniVersion"] == "0.3.1")
        #expect(records.isEmpty)
    }

    @Test func `a failed ADD leaves neither record nor address`() throws {
        try writeEnv()
        for step in 1...2 {
            let rollback = Rollback(failAfter: step)
            let directory = node.node.directory.path
            let config = """
                {"cniVersion": "1.1.0", "name": "cbr0", "type": "flannel", "subnetFile": "\(directory)/subnet.env",
                 "dataDir": "\(directory)/flannel", "ipam": {"dataDir": "\(directory)/networks"}}
                """
            let answer = node.node.call(
                "ADD", config, rollback: rollback, registry: PluginRegistry([Flannel(), bridge, HostLocal()]))
            #expect(answer.status == 1)
            #expect(records.isEmpty && reservations.isEmpty)
        }
    }

    @Test func `GC removes records and reservations of what is not valid`() throws {
        try writeEnv()
        for id in ["keep", "drop"] { #expect(call("ADD", id: id).succeeded) }
        let answer = call("GC")
        #expect(answer.succeeded, "\(answer.text)")
        #expect(records == ["keep", "keep:eth0"])
        #expect(reservations == ["10.244.3.2", "fd00:244:0:3::2"])
    }

    @Test func `what strays into the directory of records disturbs no GC`() throws {
        try writeEnv()
        #expect(call("ADD", id: "drop").succeeded)
        let directory = node.node.directory.file("flannel")
        try Files.makeDirectories("\(directory)/directory")
        #expect(symlink("circle", "\(directory)/circle") == 0)
        try Files.replace("\(directory)/endless", [])
        #expect(truncate("\(directory)/endless", 1 << 30) == 0)
        let answer = call("GC")
        #expect(answer.succeeded, "\(answer.text)")
        #expect(records == ["circle", "directory", "endless"])
        #expect(reservations.isEmpty)
    }

    @Test func `CHECK and DEL hand the chain's result on to the delegate`() throws {
        try writeEnv()
        #expect(call("ADD").succeeded)
        let previous = #""prevResult": {"cniVersion": "1.1.0", "ips": [{"address": "10.244.3.2/24"}]},"#
        #expect(call("CHECK", more: previous).succeeded)
        #expect(bridge.lastConfig["prevResult"]?["ips"]?.array?.count == 1)
        #expect(call("DEL", more: previous).succeeded)
        #expect(bridge.lastConfig["prevResult"] != nil)
        #expect(bridge.verbs == ["ADD", "CHECK", "DEL"])
    }
}
