import Foundation
import TestSupport
import Testing

@Suite(
    "What people type into a shell, and see", .requiresProgram("kubectl"), .requiresProgram("openssl"),
    .oneLiveServer())
struct TranscriptTests {
    /// "32" of 1.32, and of "32+", as some distributors call it.
    static let minor: Int = {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        child.arguments = ["kubectl", "version", "--client", "-o", "json"]
        let pipe = Pipe.unshared
        child.standardOutput = pipe
        child.standardError = FileHandle.nullDevice
        guard (try? child.start()) != nil else { return 0 }
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        child.waitUntilExit()
        guard let range = text.firstRange(of: "\"minor\": \"") else { return 0 }
        return Int(text[range.upperBound...].prefix { $0.isNumber }) ?? 0
    }()

    @Test("each command answers as it would with an upstream server", arguments: Transcript.all)
    func transcript(_ transcript: Transcript) throws {
        let server = try #require(OneLiveServer.current)
        let run = try TranscriptRun(transcript, on: server)
        for failure in try run.failures(minor: Self.minor) {
            Issue.record("\(transcript.name): \(failure)")
        }
    }

    @Test(
        "what is expected is compared line by line",
        arguments: [
            ("a\nb", "a\nb", true), ("a\nb", "a", false), ("a", "a\nb", false), ("...", "", true),
            ("...\nb", "a\nb", true),
            ("a...c", "abbc", true), ("a...c", "ab", false), ("a...b...c", "axbxc", true), ("a...b...c", "axxc", false),
            ("a...a", "a", false), ("...\nb\n...", "a\nc", false),
        ])
    func expectation(expected: String, seen: String, isMet: Bool) {
        let lines = { (text: String) in
            text.isEmpty ? [] : text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
        #expect(ExpectedLines.isMet(lines(expected)[...], by: lines(seen)[...]) == isMet)
    }
}
