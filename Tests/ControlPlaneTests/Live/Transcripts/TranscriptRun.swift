import Foundation
import Linux
import TestSupport

/// One transcript against a server, in a namespace and a directory of its own.
final class TranscriptRun {
    let server: LiveServer
    let transcript: Transcript
    let directory: TemporaryDirectory
    private var environment = ProcessInfo.processInfo.environment

    init(_ transcript: Transcript, on server: LiveServer) throws {
        self.server = server
        self.transcript = transcript
        directory = try TemporaryDirectory()
        for file in transcript.files { try Files.store(directory.file(file.name), Array(file.text.utf8)) }
        let user = "    user: \"kubernetes-admin\"\n"
        let config = try Files.readText(server.kubeconfig).replacing(
            user, with: user + "    namespace: \(transcript.name)\n")
        try Files.store(directory.file("config"), Array(config.utf8))
        environment["KUBECONFIG"] = directory.file("config")
        environment["HOME"] = directory.file("home")
        environment["TMPDIR"] = directory.file("home")
        environment["URL"] = server.url
        environment["PKI"] = "\(server.directory)/pki"
        try Files.makeDirectories(directory.file("home"))
        let namespace = #"{"metadata":{"name":"\#(transcript.name)"}}"#
        _ = server.curl("/api/v1/namespaces", "-H", "content-type: application/json", "-d", namespace)
        try eventually("the namespace has its account", within: .seconds(60)) {
            server.curl("/api/v1/namespaces/\(transcript.name)/serviceaccounts/default").contains("uid")
        }
    }

    /// What was not as expected, command by command.
    func failures(minor: Int) throws -> [String] {
        var failures: [String] = []
        for command in transcript.commands where command.versions.contains(minor) {
            if let failure = try failure(command) { failures.append(failure) }
        }
        return failures
    }

    private func failure(_ command: Transcript.Command) throws -> String? {
        let (code, output, errors) = try shell(command.line)
        guard code == command.code, ExpectedLines.isMet(command.output[...], by: output[...]),
            ExpectedLines.isMet(command.errors[...], by: errors[...])
        else {
            let seen = output + errors.map { "! \($0)" } + (code == 0 ? [] : ["[\(code)]"])
            let wanted =
                command.output + command.errors.map { "! \($0)" } + (command.code == 0 ? [] : ["[\(command.code)]"])
            return "$ \(command.line)\n"
                + (seen + ["--- expected:"] + wanted).joined(separator: "\n")
        }
        return nil
    }

    private func shell(_ line: String) throws -> (code: Int32, output: [String], errors: [String]) {
        let (out, err) = (directory.file("home/.out"), directory.file("home/.err"))
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        child.arguments = ["timeout", "-k", "1", "120", "sh", "-c", line]
        child.environment = environment
        child.currentDirectoryURL = URL(fileURLWithPath: directory.path)
        for file in [out, err] { try Files.store(file, []) }
        child.standardOutput = FileHandle(forWritingAtPath: out)
        child.standardError = FileHandle(forWritingAtPath: err)
        child.standardInput = FileHandle.nullDevice
        try child.start()
        child.waitUntilExit()
        return (child.terminationStatus, try lines(out), try lines(err))
    }

    private func lines(_ file: String) throws -> [String] {
        var lines = try Files.readText(file).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
