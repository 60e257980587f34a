import Foundation
import JSON
import TestSupport

/// What kubectl makes of a file without a server: the second opinion in these tests, for it has upstream's own YAML
/// reader and patch libraries.
enum Kubectl {
    static let isRecent: Bool = {
        let version = try? run(["version", "--client", "-o", "json"], files: [:]).output
        let minor = version.flatMap { try? JSONValue.parse($0) }?.member(at: "clientVersion", "minor")?.string ?? ""
        return Int(minor.prefix { $0.isNumber }) ?? 0 >= 30
    }()

    static func run(_ arguments: [String], files: [String: String]) throws -> (
        status: Int32, output: String, errors: String
    ) {
        let directory = try TemporaryDirectory()
        for (name, text) in files {
            try Data(text.utf8).write(to: URL(fileURLWithPath: directory.file(name)))
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["kubectl"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: directory.path)
        // No configuration of whoever runs this.
        process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": directory.path]
        let (output, errors) = (directory.file(".output"), directory.file(".errors"))
        for file in [output, errors] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
        process.standardInput = FileHandle.nullDevice
        try process.start()
        process.waitUntilExit()
        func text(_ file: String) throws -> String {
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
        }
        return (process.terminationStatus, try text(output), try text(errors))
    }
}
