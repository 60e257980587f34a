import Foundation
import Glibc
import HTTP
import Linux
import Store
import TestSupport

/// An etcd on free ports of 127.0.0.1 with its data in a temporary directory; both are gone with the value.
final class EtcdServer {
    let port: UInt16
    private let directory: TemporaryDirectory
    private let peerPort: UInt16
    private let arguments: [String]
    private let scheme: String
    private var process: Process?

    var endpoint: String { "\(scheme)://127.0.0.1:\(port)" }

    init(scheme: String = "http", _ arguments: [String] = []) throws {
        port = try FreePort.next()
        peerPort = try FreePort.next()
        directory = try TemporaryDirectory()
        self.scheme = scheme
        self.arguments = arguments
        try start()
    }

    deinit {
        kill()
    }

    func start() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/etcd")
        process.arguments =
            [
                "--name", "one", "--data-dir", directory.file("data"), "--unsafe-no-fsync", "--logger", "zap",
                "--log-level", "error", "--listen-client-urls", endpoint, "--advertise-client-urls", endpoint,
                "--listen-peer-urls", "http://127.0.0.1:\(peerPort)",
                "--initial-advertise-peer-urls", "http://127.0.0.1:\(peerPort)",
                "--initial-cluster", "one=http://127.0.0.1:\(peerPort)",
            ] + arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.start()
        self.process = process
        try eventually("etcd listens", within: .seconds(20)) { canConnect(port) }
    }

    /// Ends it at once, as a power cut does.
    func kill() {
        guard let process else { return }
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        self.process = nil
    }

    func signal(_ number: CInt) {
        if let process { Glibc.kill(process.processIdentifier, number) }
    }

    /// Throws away the history before the revision.
    func compact(_ revision: Revision) throws {
        try ask("/v3/kv/compaction", #"{"revision":"\#(revision)","physical":true}"#)
    }

    /// From now on nobody comes in but root and the user, who may use keys of the prefix.
    func enableAuthentication(user: String, password: String, prefix: String) throws {
        let key = Data(prefix.utf8).base64EncodedString()
        let end = Data((String(prefix.dropLast()) + "0").utf8).base64EncodedString()
        try ask("/v3/auth/user/add", #"{"name":"root","password":"root"}"#)
        try ask("/v3/auth/user/grant", #"{"user":"root","role":"root"}"#)
        try ask("/v3/auth/role/add", #"{"name":"some"}"#)
        try ask(
            "/v3/auth/role/grant",
            #"{"name":"some","perm":{"permType":"READWRITE","key":"\#(key)","range_end":"\#(end)"}}"#)
        try ask("/v3/auth/user/add", #"{"name":"\#(user)","password":"\#(password)"}"#)
        try ask("/v3/auth/user/grant", #"{"user":"\#(user)","role":"some"}"#)
        try ask("/v3/auth/enable", "{}")
    }

    /// How many range requests it has answered since its start.
    func rangesAnswered() throws -> Int {
        let answer = try HTTPClient().send(HTTPClientRequest("GET", endpoint + "/metrics"), timeout: .seconds(10))
        let line = String(decoding: answer.body, as: UTF8.self).split(separator: "\n").first {
            $0.hasPrefix("grpc_server_handled_total{grpc_code=\"OK\"") && $0.contains("grpc_method=\"Range\"")
        }
        return line.flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }.map { Int($0) } ?? 0
    }

    private func ask(_ path: String, _ body: String) throws {
        let request = HTTPClientRequest("POST", endpoint + path, body: Array(body.utf8))
        let answer = try HTTPClient().send(request, timeout: .seconds(10))
        struct Refused: Error { var answer: String }
        if answer.status != 200 { throw Refused(answer: path + ": " + String(decoding: answer.body, as: UTF8.self)) }
    }

    func client(
        tls: TLSFiles = TLSFiles(), user: String? = nil, password: String? = nil,
        cancellation: Cancellation = Cancellation()
    ) throws -> EtcdClient {
        let client = try EtcdClient(
            EtcdConfiguration(endpoints: [endpoint], tls: tls, user: user, password: password),
            cancellation: cancellation)
        return client
    }
}

func canConnect(_ port: UInt16) -> Bool {
    let raw = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard raw >= 0 else { return false }
    let socket = FileDescriptor(owning: raw)
    return Loopback.withAddress(port) { connect(socket.rawValue, $0, $1) == 0 }
}
