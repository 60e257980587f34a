import KubeAPI
import TestSupport
import Testing

@testable import ControlPlane

/// What a request's line and header say, made of noise.
@Suite("Noise in requests")
struct RequestFuzzTests {
    private func noise(_ words: [String], _ random: inout SeededGenerator) -> String {
        (0..<Int.random(in: 0...12, using: &random)).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }
            .joined()
    }

    @Test("continue tokens are read or refused, and what is read is written the same")
    func tokens() {
        var random = SeededGenerator()
        let good = Array(ContinueToken(revision: 12, start: "default/a").text.utf8)
        for _ in 0..<3000 {
            var bytes = good
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 33...126, using: &random)
            }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let token = ContinueToken(text) else { continue }
            #expect(ContinueToken(token.text) == token, "\(text), seed \(random.seed)")
        }
    }

    @Test("paths, queries, versions and media types are read or refused")
    func heads() {
        var random = SeededGenerator()
        let words = [
            "/", "api", "apis", "v1", "namespaces", "watch", "..", "%2f", "%", "%00", "%ff", "a", "&", "=", "+", ";",
            "limit", "resourceVersion", "q=", "application/json", ",", "9999999999999999999999", "-1", "é", "*",
        ]
        for _ in 0..<5000 {
            let (path, query) = (noise(words, &random), Query(noise(words, &random)))
            let info = RequestInfo(method: "GET", path: percentDecoded(path), query: query)
            #expect(!info.name.contains("/") && !info.namespace.contains("/"), "\(path), seed \(random.seed)")
            let header = noise(words, &random)
            for endpoint in [AnswerForm.Endpoint.plain, .list, .discovery] {
                _ = AnswerForm.negotiate(accept: header, for: endpoint)
            }
            if let options = try? ListOptions(query) {
                _ = try? ReadVersion.ofList(options)
                _ = try? WatchStart(options)
            }
            _ = try? ReadVersion.parse(header)
        }
    }

    @Test("warnings never make a header that keeps a client from reading the answer")
    func warnings() {
        #expect(WarningTexts.bounded(["a", "b"]) == ["a", "b"])
        let many = WarningTexts.bounded((0..<10_000).map { "unknown field \"spec.k\($0)\"" })
        #expect(many.reduce(0) { $0 + $1.count } <= 4096 && many.count > 100)
        #expect(WarningTexts.bounded([String(repeating: "x", count: 5000)]).map(\.count) == [256])
    }
}
