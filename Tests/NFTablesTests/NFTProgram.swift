internal import Foundation
internal import Lab
import NFTables
internal import TestSupport

/// The nft(8) program, run inside a namespace of a test.
enum NFTProgram {
    struct Failure: Error { var text: String }

    static func listRuleset(in namespace: borrowing LabNamespace) throws -> String {
        try run(["list", "ruleset"], in: namespace)
    }

    static func run(_ arguments: [String], in namespace: borrowing LabNamespace) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Program.path(of: "ip") ?? "/sbin/ip")
        process.arguments = ["netns", "exec", namespace.name, "nft"] + arguments
        let output = Pipe.unshared
        let errors = Pipe.unshared
        process.standardOutput = output
        process.standardError = errors
        try process.start()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        if process.terminationStatus != 0 { throw Failure(text: complaint) }
        return text
    }
}

/// A fresh namespace and a socket in it.
func withSocket(_ body: (inout NFTSocket, borrowing LabNamespace) throws -> Void) throws {
    let namespace = try LabNamespace("nft")
    var socket = try namespace.run { try NFTSocket() }
    try body(&socket, namespace)
}

extension Transaction {
    init(_ build: (inout Transaction) -> Void) {
        self.init()
        build(&self)
    }
}
