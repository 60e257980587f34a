import CNI
import JSON
import Linux
import NetTypes
import TestSupport
import Testing

/// A host-local configuration in a test's node.
struct HostLocalNetwork {
    var node: String
    var name = "net"
    var version = "1.1.0"
    var ipam = #""subnet": "10.1.0.0/29""#
    var more = ""

    var config: String {
        """
        {"cniVersion": "\(version)", "name": "\(name)", "type": "x", \(more.isEmpty ? "" : more + ",")
         "ipam": {"type": "host-local", "dataDir": "\(node)", \(ipam)}}
        """
    }
}

extension TestNode {
    func hostLocal(
        _ verb: String, id: String = "pod1", interface: String = "eth0", arguments: String = "",
        namespace: String = "/none", lockTimeoutMilliseconds: Int = 10_000,
        _ change: (inout HostLocalNetwork) -> Void = { _ in }
    ) -> Answer {
        var network = HostLocalNetwork(node: dataDirectory)
        change(&network)
        return call(
            verb, network.config, id: id, interface: interface, namespace: namespace, arguments: arguments,
            program: "host-local", lockTimeoutMilliseconds: lockTimeoutMilliseconds)
    }

    func file(_ name: String) -> String { "\(dataDirectory)/net/\(name)" }

    /// The names of the reservations, sorted.
    var reservations: [String] {
        ((try? Files.list("\(dataDirectory)/net")) ?? []).filter { IPAddress($0) != nil }.sorted()
    }

    /// Puts a file where the reference plugin, or a crash, would.
    func put(_ name: String, _ text: String) throws {
        try Files.makeDirectories("\(dataDirectory)/net")
        try Files.replace(file(name), Array(text.utf8))
    }
}

@Suite struct HostLocalTests {
    @Test func `the files on disk are the reference plugin's`() throws {
        let node = try TestNode()
        #expect(node.hostLocal("ADD").addresses == ["10.1.0.2/29"])
        #expect(try Files.readText(node.file("10.1.0.2")) == "pod1\r\neth0")
        #expect(try Files.readText(node.file("last_reserved_ip.0")) == "10.1.0.2")
        #expect(try Files.list("\(node.dataDirectory)/net").sorted() == ["10.1.0.2", "last_reserved_ip.0", "lock"])
    }

    @Test func `each set gives one address, with gateway, routes and dns`() throws {
        let node = try TestNode()
        let resolv = node.directory.file("resolv.conf")
        try Files.replace(
            resolv, Array("# c\nnameserver 10.1.0.53\nsearch a b\ndomain d\noptions ndots:5\n;x\nnameserver\n".utf8))
        let answer = node.hostLocal("ADD") {
            $0.ipam = """
                "ranges": [[{"subnet": "10.1.0.0/24"}], [{"subnet": "fd00:1::/64", "gateway": "fd00:1::99"}]],
                "routes": [{"dst": "0.0.0.0/0"}, {"dst": "fd00::/8", "gw": "fd00:1::99"}], "resolvConf": "\(resolv)"
                """
        }
        let expected: JSONValue = [
            "cniVersion": "1.1.0",
            "ips": [
                ["address": "10.1.0.2/24", "gateway": "10.1.0.1"],
                ["address": "fd00:1::1/64", "gateway": "fd00:1::99"],
            ],
            "routes": [["dst": "0.0.0.0/0"], ["dst": "fd00::/8", "gw": "fd00:1::99"]],
            "dns": ["nameservers": ["10.1.0.53"], "domain": "d", "search": ["a", "b"], "options": ["ndots:5"]],
        ]
        #expect(answer.json == expected)
        #expect(try Files.readText(node.file("last_reserved_ip.1")) == "fd00:1::1")
    }

    @Test func `addresses rotate, so that one just freed is not given out again`() throws {
        let node = try TestNode()
        #expect(node.hostLocal("ADD", id: "a").addresses == ["10.1.0.2/29"])
        #expect(node.hostLocal("DEL", id: "a").succeeded)
        #expect(node.hostLocal("ADD", id: "b").addresses == ["10.1.0.3/29"])
        #expect(node.hostLocal("ADD", id: "c").addresses == ["10.1.0.4/29"])
    }

    @Test func `a rotation file with nonsense costs only the rotation`() throws {
        let node = try TestNode()
        try node.put("last_reserved_ip.0", "\u{0}\u{0}hello")
        #expect(node.hostLocal("ADD").addresses == ["10.1.0.2/29"])
    }

    @Test func `the second ADD of an attachment fails, another interface of the container does not`() throws {
        let node = try TestNode()
        #expect(node.hostLocal("ADD").succeeded)
        let second = node.hostLocal("ADD")
        #expect(
            second.message == "failed to allocate for range 0: 10.1.0.2 has been allocated to pod1, "
                + "duplicate allocation is not allowed")
        #expect(node.hostLocal("ADD", interface: "eth1").addresses == ["10.1.0.3/29"])
        #expect(node.hostLocal("DEL", interface: "eth1").succeeded)
        #expect(node.reservations == ["10.1.0.2"])
    }

    @Test func `a full pool says which ranges are full, and takes nothing from the other sets`() throws {
        let node = try TestNode()
        let change: (inout HostLocalNetwork) -> Void = {
            $0.ipam = #""ranges": [[{"subnet": "fd00::/64"}], [{"subnet": "10.1.0.0/30"}]]"#
        }
        #expect(node.hostLocal("ADD", id: "a", change).succeeded)
        let full = node.hostLocal("ADD", id: "b", change)
        #expect(full.code == 11)
        #expect(
            full.message
                == "failed to allocate for range 1: no IP addresses available in range set: 10.1.0.1-10.1.0.2")
        #expect(node.reservations == ["10.1.0.2", "fd00::2"])
        #expect(node.hostLocal("DEL", id: "a", change).succeeded)
        #expect(node.hostLocal("ADD", id: "b", change).succeeded)
    }

    @Test(arguments: [
        ("IP=10.1.0.5", "", "10.1.0.5/29"),
        ("", #""args": {"cni": {"ips": ["10.1.0.5"]}}"#, "10.1.0.5/29"),
        ("", #""runtimeConfig": {"ips": ["10.1.0.5/29"]}"#, "10.1.0.5/29"),
        ("", #""runtimeConfig": {"ipRanges": [[{"subnet": "10.7.0.0/24"}]]}"#, "10.7.0.2/24"),
        // Keys of other stages are no error.
        ("IgnoreUnknown=1;K8S_POD_NAME=x;MAC=00:11:22:33:44:55;IP=10.1.0.6", "", "10.1.0.6/29"),
    ])
    func `a caller can ask for addresses and ranges`(arguments: String, more: String, address: String) throws {
        let node = try TestNode()
        #expect(node.hostLocal("ADD", arguments: arguments) { $0.more = more }.addresses.first == address)
    }

    @Test func `a requested address must be free, in a range, and not the gateway`() throws {
        let node = try TestNode()
        #expect(node.hostLocal("ADD", id: "a", arguments: "IP=10.1.0.5").succeeded)
        let taken = node.hostLocal("ADD", id: "b", arguments: "IP=10.1.0.5")
        #expect(
            taken.message == "failed to allocate for range 0: requested IP address 10.1.0.5 is not available in "
                + "range set 10.1.0.1-10.1.0.6")
        #expect(
            node.hostLocal("ADD", id: "b", arguments: "IP=10.1.0.1").message
                == "failed to allocate for range 0: requested ip 10.1.0.1 is subnet's gateway")
        #expect(
            node.hostLocal("ADD", id: "b", arguments: "IP=10.9.0.1").message
                == "failed to allocate all requested IPs: 10.9.0.1")
        #expect(node.reservations == ["10.1.0.5"])
    }

    @Test func `DEL frees, is repeatable, and knows nothing of ranges`() throws {
        let node = try TestNode()
        #expect(node.hostLocal("DEL").succeeded)
        #expect(!Files.exists(node.dataDirectory))
        #expect(node.hostLocal("ADD").succeeded)
        for _ in 1...2 { #expect(node.hostLocal("DEL") { $0.ipam = #""ranges": []"# }.succeeded) }
        #expect(node.reservations.isEmpty)
    }

    @Test(arguments: ["pod1", "pod1\n", "  pod1\r\n", "pod1\r\neth0", "pod1\r\neth0\n\n"])
    func `DEL finds files of old versions, and white space around`(contents: String) throws {
        let node = try TestNode()
        try node.put("10.1.0.4", contents)
        #expect(node.hostLocal("CHECK").succeeded)
        #expect(node.hostLocal("DEL").succeeded)
        #expect(node.reservations.isEmpty)
    }

    @Test func `CHECK fails when the reservation is gone`() throws {
        let node = try TestNode()
        #expect(node.hostLocal("ADD").succeeded)
        #expect(node.hostLocal("CHECK").succeeded)
        try Files.remove(node.file("10.1.0.2"))
        #expect(
            node.hostLocal("CHECK").message == "host-local: Failed to find address added by container pod1")
    }

    @Test func `before 0_3_0 one address of each family is all there can be`() throws {
        let node = try TestNode()
        let answer = node.hostLocal("ADD") {
            $0.version = "0.2.0"
            $0.ipam = #""ranges": [[{"subnet": "10.1.0.0/24"}], [{"subnet": "10.2.0.0/24"}]]"#
        }
        #expect(answer.message == "CNI version 0.2.0 does not support more than 1 address per family")
    }

    @Test func `while another holds the lock the answer is to try again`() throws {
        let node = try TestNode()
        #expect(node.hostLocal("ADD", id: "a").succeeded)
        let lock = try FileLock(node.file("lock"))
        let answer = node.hostLocal("ADD", lockTimeoutMilliseconds: 20)
        #expect(answer.code == 11)
        withExtendedLifetime(lock) {}
        #expect(node.reservations == ["10.1.0.2"])
    }

    @Test func `STATUS says when the pool is full`() throws {
        let node = try TestNode()
        let change: (inout HostLocalNetwork) -> Void = { $0.ipam = #""subnet": "10.1.0.0/30""# }
        #expect(node.hostLocal("STATUS", change).succeeded)
        #expect(!Files.exists(node.dataDirectory))
        #expect(node.hostLocal("ADD", change).succeeded)
        let full = node.hostLocal("STATUS", change)
        #expect(full.code == 50)
        #expect(full.message == "no IP addresses available in range set: 10.1.0.1-10.1.0.2")
        #expect(node.hostLocal("STATUS") { $0.ipam = #""ranges": []"# }.code == 50)
    }

    @Test func `GC frees what is of no valid attachment, and only in its network`() throws {
        let node = try TestNode()
        for id in ["a", "b"] {
            for interface in ["eth0", "eth1"] { #expect(node.hostLocal("ADD", id: id, interface: interface).succeeded) }
        }
        #expect(node.hostLocal("ADD", id: "a") { $0.name = "other" }.succeeded)
        try node.put("10.1.0.6", "old")
        let answer = node.hostLocal("GC") {
            $0.more = #""cni.dev/valid-attachments": [{"containerID": "a", "ifname": "eth1"}]"#
        }
        #expect(answer.succeeded, "\(answer.text)")
        #expect(node.reservations == ["10.1.0.3"])
        #expect(try Files.list("\(node.dataDirectory)/other").contains("10.1.0.2"))
    }

    @Test func `a failure later in the chain gives the address back`() throws {
        let node = try TestNode()
        let network = HostLocalNetwork(node: node.dataDirectory)
        let rollback = Rollback(failAfter: 1)
        let answer = node.call("ADD", network.config, program: "host-local", rollback: rollback)
        #expect(answer.status == 1)
        #expect(node.reservations.isEmpty)
    }
}
