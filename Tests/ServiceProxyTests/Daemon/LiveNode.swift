import Glibc
import HTTP
import JSON
import KubeClient
import Lab
import Linux
import NFTables
import NetTypes
import Netlink
import TestSupport

@testable import ServiceProxy

/// A node of its own with an API server and a proxy, both real processes.
final class LiveNode {
    let node: LabNamespace
    private let directory: TemporaryDirectory
    /// Of this build; `POPLIN_PROGRAM` names another one, such as a release for long runs.
    private let poplin: String
    private var server: pid_t = 0
    private(set) var proxy: pid_t = 0
    private var second: pid_t = 0

    init() throws {
        let node = try LabNamespace("proxy")
        var socket = try NetlinkSocket(in: node.namespace)
        let index = try socket.create(NewLink("under0", .veth(VethPeer("under1"))))
        try socket.run(.changeLink("under0", .up))
        try socket.run(.changeLink("under1", .up))
        try socket.run(.address(.add, InterfaceAddress(CIDR(Scenario.nodeAddress, 24), on: index)))
        // Where ClusterIPs seem to be, until they are translated.
        try socket.run(.route(.add, Route(IPFamily.v4.everything, dev: index)))
        self.node = node
        directory = try TemporaryDirectory()
        poplin = try getenv("POPLIN_PROGRAM").map { String(cString: $0) } ?? "\(Files.programDirectory())/poplin"
        try startServer()
    }

    deinit {
        for pid in [proxy, second, server] where pid > 0 {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
    }

    var kubeconfig: String { directory.file("data/pki/admin.kubeconfig") }
    var log: String { (try? Files.readText(directory.file("proxy.log"))) ?? "" }

    func startServer() throws {
        let words = ["server", "--data-dir", directory.file("data"), "--listen", "\(Scenario.nodeAddress):6443"]
        server = try Command(poplin, words).start(in: Place(network: node.path), log: directory.file("server.log"))
        try eventually("the server is ready", within: .seconds(60)) {
            (try? self.ask(APIRequest("GET", "/readyz"))) != nil
        }
    }

    func killServer() {
        kill(server, SIGKILL)
        waitpid(server, nil, 0)
        server = 0
    }

    private var words: [String] {
        ["--kubeconfig=\(kubeconfig)", "--hostname-override=here", "--proxy-mode=nftables"]
    }

    func startProxy(_ flags: [String] = []) throws {
        proxy = try Command(poplin, ["proxy"] + words + flags)
            .start(in: Place(network: node.path), log: directory.file("proxy.log"))
    }

    /// Another one beside it, which finds its ports taken.
    func startSecondProxy() throws {
        second = try Command(poplin, ["proxy"] + words)
            .start(in: Place(network: node.path), log: directory.file("second.log"))
    }

    /// What is missing in the kernel for the table to be what the cluster says now.
    func differences() throws -> Transaction {
        try node.run {
            let options = try ProxyOptions(words) { path in try Files.read(path) }
            let snapshot = try ClusterSnapshot(options, [:])
            var socket = try NFTSocket()
            let installed = try InstalledTable(&socket)
            return installed.changes(to: snapshot.ruleset(remembering: installed.slots))
        }
    }

    /// Runs a program in the node's namespace.
    func run(_ program: String, _ words: String...) throws {
        let path = Program.path(of: program) ?? program
        let output = try Command(path, words).run(in: Place(network: node.path))
        struct Failed: Error { let text: String }
        if output.status != 0 { throw Failed(text: "\(program) \(words): \(output.standardError)") }
    }

    func setEndpoint(_ number: Int, _ endpoint: Int) throws {
        try ask(
            .update(
                ResourcePath(group: "discovery.k8s.io", "endpointslices", namespace: "default"), "web-\(number)",
                slice(number, endpoint)))
    }

    func setEndpoint(_ number: Int, at address: IPAddress, port: UInt16 = 8080) throws {
        try ask(
            .patch(
                ResourcePath(group: "discovery.k8s.io", "endpointslices", namespace: "default"), "web-\(number)",
                .merge,
                [
                    "ports": [["port": .number(JSONNumber(Int(port)))]],
                    "endpoints": [["addresses": [.string("\(address)")]]],
                ]))
    }

    func endProxy(_ signal: CInt) {
        kill(proxy, signal)
        waitpid(proxy, nil, 0)
        proxy = 0
    }

    /// Runs a command of poplin's on the node, with the daemon's flags.
    func inspect(_ command: String...) throws -> Command.Output {
        try Command(poplin, command.prefix(2) + words + command.dropFirst(2)).run(in: Place(network: node.path))
    }

    /// What the daemon answers to a question by HTTP, from the node itself.
    func get(_ port: UInt16, _ path: String) throws -> (status: Int, text: String) { try send("GET", port, path) }

    func put(_ port: UInt16, _ path: String, _ text: String) throws -> (status: Int, text: String) {
        try send("PUT", port, path, Array(text.utf8))
    }

    private func send(
        _ method: String, _ port: UInt16, _ path: String, _ body: [UInt8]? = nil
    ) throws -> (status: Int, text: String) {
        try node.run {
            let answer = try HTTPClient().send(
                HTTPClientRequest(method, "http://127.0.0.1:\(port)\(path)", body: body), timeout: .seconds(10))
            return (answer.status, String(decoding: answer.body, as: UTF8.self))
        }
    }

    @discardableResult
    func ask(_ request: APIRequest) throws -> [UInt8] {
        try node.run {
            let client = try BlockingAPIClient(Kubeconfig(file: kubeconfig).access())
            return try client.send(request).body
        }
    }

    func list(_ resource: ResourcePath) throws -> [JSONObject] {
        let list = try JSONValue.parse(ask(APIRequest("GET", resource.path()))).object
        return (list?["items"]?.array ?? []).compactMap(\.object)
    }

    func create(_ resource: ResourcePath, _ object: JSONValue) throws { try ask(.create(resource, object)) }

    func createService(_ number: Int) throws {
        try create(
            ResourcePath("services", namespace: "default"),
            [
                "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string("web-\(number)")],
                "spec": [
                    "clusterIP": .string("10.96.1.\(number)"), "ports": [["port": 80, "targetPort": 8080]],
                ],
            ])
        try create(ResourcePath(group: "discovery.k8s.io", "endpointslices", namespace: "default"), slice(number, 1))
    }

    func slice(_ number: Int, _ endpoint: Int) -> JSONValue {
        [
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
            "metadata": [
                "name": .string("web-\(number)"), "labels": ["kubernetes.io/service-name": .string("web-\(number)")],
            ],
            "ports": [["port": 8080]], "endpoints": [["addresses": [.string("10.30.2.\(endpoint)")]]],
        ]
    }

    /// Where the Service leads to; nil when it is not in the kernel.
    func endpoint(_ number: Int) throws -> String? {
        try node.run {
            var socket = try NFTSocket()
            guard try socket.set(ProxySet.endpoints.set(.v4)) != nil else { return nil }
            let key: [Datum] = [
                .address(address("10.96.1.\(number)")), .l4proto(.tcp), .port(80), .mark(0),
            ]
            guard case .data(let data)? = try socket.element(key, in: ProxySet.endpoints.set(.v4))?.value else {
                return nil
            }
            return "\(data[0])"
        }
    }

    /// How often anything of nf_tables has changed on the node.
    func generation() throws -> UInt32 {
        try node.run {
            var socket = try NFTSocket()
            return try socket.generation()
        }
    }
}
