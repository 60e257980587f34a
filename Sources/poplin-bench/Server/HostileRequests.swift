internal import Crypto
internal import Glibc
internal import JSON
internal import KubeClient
internal import Linux

/// A valid object as large as etcd would take it, in a request that is as large as one may be.
struct HostileBody {
    var name: String
    var path: ResourcePath
    var object: JSONValue

    /// With blanks, which are read and not kept.
    var create: APIRequest {
        var request = APIRequest.create(path, object)
        let bytes = request.body?.bytes ?? []
        let commas = bytes.count { $0 == UInt8(ascii: ",") }
        let blanks = [UInt8](repeating: UInt8(ascii: " "), count: (Self.size - bytes.count) / commas)
        request.body?.bytes = bytes.flatMap { $0 == UInt8(ascii: ",") ? [$0] + blanks : [$0] }
        return request
    }

    private static let size = 3_100_000

    /// One is a single text, the other of very many parts.
    static let all = [
        HostileBody(
            name: "a Pod with one text", path: ResourcePath("pods", namespace: "default"),
            object: [
                "metadata": ["name": "large"],
                "spec": [
                    "containers": [
                        [
                            "name": "c", "image": "i",
                            "env": [["name": "X", "value": .string(String(repeating: "x", count: 1_500_000))]],
                        ]
                    ]
                ],
            ]),
        HostileBody(
            name: "Endpoints with 30,000 addresses", path: ResourcePath("endpoints", namespace: "default"),
            object: [
                "metadata": ["name": "large"],
                "subsets": [
                    [
                        "addresses": .array(
                            (0..<30_000).map {
                                ["ip": .string("10.\($0 >> 16).\($0 >> 8 & 255).\($0 & 255)"), "hostname": "a-name"]
                            }),
                        "ports": [["port": 80]],
                    ]
                ],
            ]),
    ]
}

/// A form in which a list can be asked for.
struct HostileList {
    var name: String
    var accept: String
    var query = ""

    static let all = [
        HostileList(name: "as JSON", accept: "application/json"),
        HostileList(name: "as protobuf", accept: "application/vnd.kubernetes.protobuf"),
        HostileList(
            name: "as a table of objects", accept: "application/json;as=Table;g=meta.k8s.io;v=v1",
            query: "?includeObject=Object"),
    ]
}

/// Asks for a list, and reads it with a megabyte a second.
final class SlowReader {
    private let socket: FileDescriptor
    private let session: TLSSession
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 16)
    private(set) var count = 0

    init(_ server: BenchServer, _ form: HostileList) throws {
        socket = try FileDescriptor.loopbackConnection(port: server.port)
        let context = try WatchBench.context(Kubeconfig(file: server.kubeconfig).access(), asksHTTP2: false)
        session = try context.session(on: socket.rawValue, address: "127.0.0.1")
        guard case .done = session.handshake() else { throw BenchFailure(reason: "TLS was not set up") }
        let request =
            "GET /api/v1/configmaps\(form.query) HTTP/1.1\r\nHost: localhost\r\nAccept: \(form.accept)\r\n\r\n"
        Array(request.utf8).withUnsafeBytes { _ = session.send($0) }
    }

    deinit { buffer.deallocate() }

    /// Reads 100 kB, and takes a tenth of a second for it.
    func readOn() throws {
        var left = 100_000
        while left > 0 {
            guard case .bytes(let received) = session.receive(into: buffer) else { break }
            left -= received
            count += received
        }
        usleep(100_000)
    }
}
