import Foundation
import Synchronization
import TestSupport

/// A program that a test runs: curl, openssl.
struct Tool {
    var status: Int32
    var output: String

    /// Runs it to its end, with the standard input given.
    static func run(_ name: String, _ arguments: [String], input: String = "") throws -> Tool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        let (output, standardInput) = (Pipe.unshared, Pipe.unshared)
        process.standardOutput = output
        process.standardError = output
        process.standardInput = standardInput
        try process.start()
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Tool(status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
    }
}
