import Foundation
import Glibc
import TestSupport

/// An etcd of the test's own.
final class EtcdProcess {
    let url: String
    private var process = Process()
    private let peers: String
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        let ports = try (0..<2).map { _ in try FreePort.next() }
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
        try process.start()
    }

    /// Ends it without a chance to tidy up.
    func kill() {
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }
}
