import Foundation
import Glibc
import TestSupport
import Testing

/// An etcd of the test's own.
final class EtcdProcess {
    let url: String
    private var process = Process()
    private let peers: String
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        let ports = try (0..<2).map { _ in try Self.freePort() }
        url = "http://127.0.0.1:\(ports[0])"
        peers = "http://127.0.0.1:\(ports[1])"
        try start()
    }

    func start() throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "etcd", "--data-dir", directory.file("etcd"), "--listen-client-urls", url, "--advertise-client-urls", url,
            "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster",
            "default=\(peers)",
        ]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
    }

    /// Ends it without a chance to tidy up.
    func kill() {
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// One that the kernel has just given and taken back.
    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        try #require(result == 0)
        return UInt16(bigEndian: address.sin_port)
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }
}
