import Glibc
import JSON
import KubeClient
import Lab
import Linux
import NFTables
import NetTypes
import Netlink
import ServiceProxy
import TestSupport

/// A node of its own with an API server and a proxy, both real processes.
final class LiveNode {
    let node: LabNamespace
    private let directory: TemporaryDirectory
    private let poplin: String
    private var server: pid_t = 0
    private(set) var proxy: pid_t = 0

    init() throws {
        let node = try LabNamespace("proxy")
        var socket = try NetlinkSocket(in: node.namespace)
        let index = try socket.create(NewLink("under0", .veth(VethPeer("under1"))))
        try socket.run(.changeLink("under0", .up))
        try socket.run(.changeLink("under1", .up))
        try socket.run(.address(.add, InterfaceAddress(CIDR(Scenario.nodeAddress, 24), on: index)))
        self.node = node
        directory = try TemporaryDirectory()
        poplin = "\(try Files.programDirectory())/poplin"
        try startServer()
    }

    deinit {
        for pid in [proxy, server] where pid > 0 {
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

    func startProxy() throws {
        let words = ["proxy", "--kubeconfig=\(kubeconfig)", "--hostname-override=here", "--proxy-mode=nftables"]
        proxy = try Command(poplin, words).start(in: Place(network: node.path), log: directory.file("proxy.log"))
    }

    func endProxy(_ signal: CInt) {
        kill(proxy, signal)
        waitpid(proxy, nil, 0)
        proxy = 0
    }

    func ask(_ request: APIRequest) throws {
        try node.run {
            let client = try BlockingAPIClient(Kubeconfig(file: kubeconfig).access())
            _ = try client.send(request)
        }
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
