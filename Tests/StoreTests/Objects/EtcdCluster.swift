import Foundation
import Glibc
import TestSupport

/// Three etcds that are one store.
final class EtcdCluster {
    let endpoints: [String]
    private let ports: [UInt16]
    private let peers: [String]
    private let directory: TemporaryDirectory
    private var processes: [Int: Process] = [:]

    init() throws {
        ports = try (0..<3).map { _ in try FreePort.next() }
        endpoints = ports.map { "http://127.0.0.1:\($0)" }
        peers = try (0..<3).map { _ in "http://127.0.0.1:\(try FreePort.next())" }
        directory = try TemporaryDirectory()
        for member in 0..<3 { try start(member) }
        for port in ports { try eventually("etcd listens", within: .seconds(30)) { canConnect(port) } }
    }

    deinit { for member in processes.keys { kill(member) } }

    func start(_ member: Int) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/etcd")
        process.arguments = [
            "--name", "m\(member)", "--data-dir", directory.file("data-\(member)"), "--unsafe-no-fsync", "--logger",
            "zap",
            "--log-level", "error", "--listen-client-urls", endpoints[member], "--advertise-client-urls",
            endpoints[member], "--listen-peer-urls", peers[member], "--initial-advertise-peer-urls", peers[member],
            "--initial-cluster", peers.enumerated().map { "m\($0)=\($1)" }.joined(separator: ","),
        ]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.start()
        processes[member] = process
    }

    /// As a power cut does.
    func kill(_ member: Int) {
        guard let process = processes.removeValue(forKey: member) else { return }
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func signal(_ member: Int, _ number: CInt) {
        if let process = processes[member] { Glibc.kill(process.processIdentifier, number) }
    }
}
