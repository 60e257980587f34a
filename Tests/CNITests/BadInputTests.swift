import CNI
import Glibc
import JSON
import Linux
import TestSupport
import Testing

/// Input that no runtime should send. Each gets the error object with the specification's code on stdout and exit
/// status 1, and nothing on the machine changes.
@Suite struct BadInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var code: Int
        var input: [UInt8]
        var environment: [String: String] = [:]

        init(_ name: String, code: Int, _ input: String, _ environment: [String: String] = [:]) {
            self.init(name, code: code, bytes: Array(input.utf8), environment)
        }

        init(_ name: String, code: Int, bytes: [UInt8], _ environment: [String: String] = [:]) {
            testDescription = name
            self.code = code
            input = bytes
            self.environment = environment
        }
    }

    /// A whole configuration for host-local with one member replaced.
    static func config(_ key: String, _ value: String, ipam: String = #"{"subnet": "10.1.0.0/24"}"#) -> String {
        var members = [
            "cniVersion": #""1.1.0""#, "name": #""net""#, "type": #""host-local""#, "ipam": ipam,
        ]
        members[key] = value
        return "{" + members.map { "\"\($0.key)\": \($0.value)" }.sorted().joined(separator: ", ") + "}"
    }

    static func ipam(_ ipam: String) -> String { config("ipam", ipam) }

    static let good = config("name", #""net""#)

    static let environmentCases = [
        Case("an unknown verb", code: 4, good, ["CNI_COMMAND": "FROB"]),
        Case("a verb in lower case", code: 4, good, ["CNI_COMMAND": "add"]),
        Case("no container", code: 4, good, ["CNI_CONTAINERID": ""]),
        Case("no namespace", code: 4, good, ["CNI_NETNS": ""]),
        Case("no interface", code: 4, good, ["CNI_IFNAME": ""]),
        Case("no path", code: 4, good, ["CNI_PATH": ""]),
        Case("a container id with a slash", code: 4, good, ["CNI_CONTAINERID": "../x"]),
        Case("a container id that begins with a dash", code: 4, good, ["CNI_CONTAINERID": "-x"]),
        Case("an interface name of sixteen octets", code: 4, good, ["CNI_IFNAME": "abcdefghijklmnop"]),
        Case("an interface name with a space", code: 4, good, ["CNI_IFNAME": "a b"]),
        Case("an interface name with a slash", code: 4, good, ["CNI_IFNAME": "a/b"]),
        Case("an interface name that the kernel takes for a pattern", code: 4, good, ["CNI_IFNAME": "eth%d"]),
        Case("the interface name ..", code: 4, good, ["CNI_IFNAME": ".."]),
        Case("arguments without =", code: 4, good, ["CNI_ARGS": "IP"]),
        Case("a requested address that is none", code: 7, good, ["CNI_ARGS": "IP=10.1.0.300"]),
    ]

    static let documentCases = [
        Case("nothing", code: 6, ""),
        Case("broken JSON", code: 6, #"{"cniVersion": "1.0.0", "name": "net""#),
        Case("text after the document", code: 6, good + "x"),
        Case("an array", code: 6, "[]"),
        Case("null", code: 6, "null"),
        Case("a number", code: 6, "42"),
        Case("UTF-8 that is not", code: 6, bytes: Array(#"{"name": "ne"#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8)),
        Case("nested a million deep", code: 6, bytes: [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)),
        Case("a version that does not exist", code: 1, config("cniVersion", #""1.2.0""#)),
        Case("a version with a v", code: 1, config("cniVersion", #""v1.0.0""#)),
        Case("a version that is a number", code: 6, config("cniVersion", "1.0")),
        Case("no name", code: 7, config("name", "null")),
        Case("an empty name", code: 7, config("name", #""""#)),
        Case("a name that is a path", code: 7, config("name", #""../../etc""#)),
        Case("a name that is a number", code: 6, config("name", "5")),
        Case("a type that is no plugin", code: 7, config("type", #""frobnicate""#)),
        Case("a type that is an object", code: 6, config("type", "{}")),
        Case("a previous result that is a string", code: 6, config("prevResult", #""x""#)),
        Case(
            "a previous result with a bad address", code: 7, config("prevResult", #"{"ips": [{"address": "1.2.3"}]}"#)),
        Case(
            "a previous result whose address is on no interface", code: 7,
            config("prevResult", #"{"interfaces": [{"name": "a"}], "ips": [{"address": "1.2.3.4/8", "interface": 3}]}"#)
        ),
        Case("arguments that are a list", code: 6, config("args", "[]")),
        Case("runtime configuration that is a string", code: 6, config("runtimeConfig", #""x""#)),
    ]

    static let addressCases = [
        Case("no ipam", code: 7, config("ipam", "null")),
        Case("ipam that is a list", code: 6, config("ipam", "[]")),
        Case("no ranges", code: 7, ipam("{}")),
        Case("ranges that are objects", code: 6, ipam(#"{"ranges": [{"subnet": "10.1.0.0/24"}]}"#)),
        Case("an empty range set", code: 7, ipam(#"{"ranges": [[]]}"#)),
        Case("a range without a subnet", code: 7, ipam(#"{"ranges": [[{}]]}"#)),
        Case("a subnet without a length", code: 7, ipam(#"{"subnet": "10.1.0.0"}"#)),
        Case("a subnet that is a number", code: 6, ipam(#"{"subnet": 10}"#)),
        Case("a subnet with host bits", code: 7, ipam(#"{"subnet": "10.1.0.1/24"}"#)),
        Case("a subnet without room", code: 7, ipam(#"{"subnet": "10.1.0.0/31"}"#)),
        Case("an IPv6 subnet without room", code: 7, ipam(#"{"subnet": "fd00::/127"}"#)),
        Case("a start outside", code: 7, ipam(#"{"subnet": "10.1.0.0/24", "rangeStart": "10.2.0.1"}"#)),
        Case("an end outside", code: 7, ipam(#"{"subnet": "10.1.0.0/24", "rangeEnd": "10.2.0.1"}"#)),
        Case(
            "an end before the start", code: 7,
            ipam(#"{"subnet": "10.1.0.0/24", "rangeStart": "10.1.0.9", "rangeEnd": "10.1.0.8"}"#)),
        Case(
            "a start at the broadcast address", code: 7,
            ipam(#"{"subnet": "10.1.0.0/24", "rangeStart": "10.1.0.255"}"#)),
        Case("a start of the other family", code: 7, ipam(#"{"subnet": "10.1.0.0/24", "rangeStart": "fd00::1"}"#)),
        Case(
            "families mixed in a set", code: 7,
            ipam(#"{"ranges": [[{"subnet": "10.1.0.0/24"}, {"subnet": "fd00::/64"}]]}"#)),
        Case(
            "overlap in a set", code: 7,
            ipam(#"{"ranges": [[{"subnet": "10.1.0.0/24"}, {"subnet": "10.1.0.0/16"}]]}"#)),
        Case(
            "overlap of sets", code: 7,
            ipam(#"{"ranges": [[{"subnet": "10.1.0.0/24"}], [{"subnet": "10.1.0.128/25"}]]}"#)),
        Case("a route without a destination", code: 7, ipam(#"{"subnet": "10.1.0.0/24", "routes": [{}]}"#)),
        Case(
            "a route in a table beyond 32 bits", code: 7,
            ipam(#"{"subnet": "10.1.0.0/24", "routes": [{"dst": "0.0.0.0/0", "table": 4294967296}]}"#)),
        Case(
            "a route with a negative priority", code: 7,
            ipam(#"{"subnet": "10.1.0.0/24", "routes": [{"dst": "0.0.0.0/0", "priority": -1}]}"#)),
        Case("routes that are strings", code: 6, ipam(#"{"subnet": "10.1.0.0/24", "routes": ["0.0.0.0/0"]}"#)),
        Case("a data directory that is a number", code: 6, ipam(#"{"subnet": "10.1.0.0/24", "dataDir": 1}"#)),
        Case("a resolv.conf that is absent", code: 5, ipam(#"{"subnet": "10.1.0.0/24", "resolvConf": "/no/file"}"#)),
        Case("a requested address in no range", code: 7, good, ["CNI_ARGS": "IP=10.9.0.5"]),
        Case("the gateway as requested address", code: 7, good, ["CNI_ARGS": "IP=10.1.0.1"]),
    ]

    @Test(
        "gets an error object, exit status 1 and no change", arguments: environmentCases + documentCases + addressCases)
    func isRefused(_ bad: Case) throws {
        let node = try TestNode()
        var environment = [
            "CNI_COMMAND": "ADD", "CNI_CONTAINERID": "pod1", "CNI_NETNS": "/none", "CNI_IFNAME": "eth0",
            "CNI_PATH": "/nowhere",
        ]
        environment.merge(bad.environment) { $1 }
        let answer = node.call(environment: environment, input: bad.input)
        #expect(answer.status == 1)
        #expect(answer.code == bad.code, "\(answer.text)")
        #expect(!answer.message.isEmpty)
        #expect(answer.json["cniVersion"]?.string != nil)
        #expect(node.reservations.isEmpty)
    }

    @Test func `every wrong member is named at once`() throws {
        let node = try TestNode()
        let answer = node.call(
            "ADD", Self.ipam(#"{"subnet": 7, "rangeStart": "x", "routes": [{"dst": "y"}], "dataDir": false}"#))
        for part in ["ipam.subnet", "ipam.rangeStart", "ipam.routes[0].dst", "ipam.dataDir"] {
            #expect(answer.message.contains(part), "\(answer.message)")
        }
    }

    @Test func `the error object carries the version of the configuration, and the latest when that is unknown`() throws
    {
        let node = try TestNode()
        let old = node.call("ADD", #"{"cniVersion": "0.3.1", "name": "net", "type": "nothing"}"#)
        #expect(old.json["cniVersion"] == "0.3.1")
        #expect(node.call("ADD", "{").json["cniVersion"] == "1.1.0")
    }

    @Test func `stdin that cannot be read is an I/O failure`() throws {
        struct TooLarge: Error {}
        let node = try TestNode()
        let environment = ["CNI_COMMAND": "STATUS", "CNI_PATH": "/x"]
        let outcome = Runner(registry: .all, machine: node.machine()).run(
            program: "x", variable: { environment[$0] }, input: { throw TooLarge() })
        #expect(Answer(outcome).code == 5)
    }

    @Test(arguments: [("CHECK", "0.3.1"), ("GC", "1.0.0"), ("STATUS", "0.4.0")])
    func `a verb that the configuration's version lacks is code 1`(verb: String, version: String) throws {
        let node = try TestNode()
        let answer = node.call(verb, Self.config("cniVersion", "\"\(version)\""))
        #expect(answer.code == 1)
        #expect(answer.message == "config version does not allow \(verb)")
    }

    @Test func `the plugin's own namespace is refused before anything is done`() throws {
        let node = try TestNode()
        let answer = node.call("ADD", Self.good, namespace: "/proc/self/ns/net")
        #expect(answer.code == 8)
        #expect(!Files.exists(node.dataDirectory))
    }

    @Test(arguments: ["a file", "a directory", "a FIFO", "dangling", "absent", "another kind of namespace", "a device"])
    func `a namespace path that is no namespace is code 8, and no matter to a DEL`(_ kind: String) throws {
        let node = try TestNode()
        let path = node.directory.file("path")
        switch kind {
        case "a file": try Files.replace(path, Array("net".utf8))
        case "a directory": try Files.makeDirectories(path)
        case "a FIFO": try check("make", path) { mkfifo(path, 0o600) }
        case "dangling": try Files.symbolicLink(path, to: "/no/such/file")
        case "another kind of namespace": try Files.symbolicLink(path, to: "/proc/self/ns/mnt")
        case "a device": try Files.symbolicLink(path, to: "/dev/null")
        default: break
        }
        for type in ["loopback", "bridge", "poplin"] {
            let config =
                #"{"cniVersion": "1.1.0", "name": "n", "type": "\#(type)", "subnetFile": "\#(node.subnetFile)"}"#
            let answer = node.call("ADD", config, namespace: path)
            #expect(answer.code == 8, "\(type): \(answer.text)")
            #expect(node.reservations.isEmpty)
            let del = node.call("DEL", config, namespace: path)
            #expect(del.succeeded, "\(type): \(del.text)")
        }
    }

    @Test func `ten megabytes on stdin are an answer in a moment, whatever they are`() throws {
        let node = try TestNode()
        let start = #"{"cniVersion": "1.1.0", "name": "net", "type": "portmap", "prevResult": {}, "#
        let cases: [(Int?, [UInt8])] = [
            (6, [UInt8](repeating: UInt8(ascii: "["), count: 10_000_000)),
            (6, [UInt8](repeating: UInt8(ascii: " "), count: 10_000_000)),
            (6, [UInt8](repeating: 0xFF, count: 10_000_000)),
            (7, Array((start + #""backend": ""# + String(repeating: "x", count: 1_000_000) + #""}"#).utf8)),
            (nil, Array((start + (0..<100_000).map { "\"k\($0)\": 1" }.joined(separator: ",") + "}").utf8)),
        ]
        for (code, input) in cases {
            let environment = [
                "CNI_COMMAND": "ADD", "CNI_CONTAINERID": "pod1", "CNI_NETNS": "/none", "CNI_IFNAME": "eth0",
                "CNI_PATH": "/nowhere",
            ]
            let answer = node.call(environment: environment, input: input)
            #expect(answer.code == code, "\(answer.text.prefix(300))")
        }
    }

    @Test func `an id that no file name can hold is refused, and its DEL succeeds`() throws {
        let node = try TestNode()
        let id = String(repeating: "a", count: 300)
        let config = #"""
            {"cniVersion": "1.1.0", "name": "n", "type": "poplin", "subnetFile": "\#(node.subnetFile)"}
            """#
        let answer = node.call("ADD", config, id: id, namespace: "/none")
        #expect(answer.code == 5 && answer.message.contains("name too long"), "\(answer.text)")
        let del = node.call("DEL", config, id: id)
        #expect(del.succeeded, "\(del.text)")
    }
}

extension TestNode {
    /// A subnet.env that says what is needed.
    fileprivate var subnetFile: String {
        let path = directory.file("subnet.env")
        let text = "FLANNEL_NETWORK=10.88.0.0/16\nFLANNEL_SUBNET=10.88.3.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=false\n"
        try? Files.replace(path, text.utf8)
        return path
    }
}
