import Foundation
import TestSupport

/// What the openssl program says of a file or a standard input: the second opinion in these tests.
func openssl(_ arguments: String..., input: String = "") throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    let (toProgram, fromProgram) = (Pipe.unshared, Pipe.unshared)
    process.standardInput = toProgram
    process.standardOutput = fromProgram
    process.standardError = fromProgram
    try process.start()
    try toProgram.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try toProgram.fileHandleForWriting.close()
    let output = try fromProgram.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}
