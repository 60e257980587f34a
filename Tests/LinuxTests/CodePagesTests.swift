import Glibc
import Linux
import TestSupport
import Testing

@Suite("Code pages")
struct CodePagesTests {
    private func residentCodeKilobytes() throws -> Int {
        let status = try Files.readText("/proc/self/status")
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssFile:") })
        return try #require(Int(line.split(whereSeparator: \.isWhitespace)[1]))
    }

    @Test("what is let go makes the process smaller and comes back when it runs")
    func release() throws {
        // Others run meanwhile, and have theirs again.
        try eventually("it is smaller") {
            let before = try residentCodeKilobytes()
            CodePages.release()
            return try residentCodeKilobytes() < before
        }
        #expect([3, 1, 2].sorted() == [1, 2, 3])
    }
}
