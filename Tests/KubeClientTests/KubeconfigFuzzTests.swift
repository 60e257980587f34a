import JSON
import KubeClient
import Linux
import TestSupport
import Testing

@Suite("Noise in kubeconfigs")
struct KubeconfigFuzzTests {
    private static let good = """
        apiVersion: v1
        kind: Config
        current-context: a
        clusters:
        - name: c
          cluster: {server: "https://127.0.0.1:6443", insecure-skip-tls-verify: true}
        contexts:
        - name: a
          context: {cluster: c, user: u, namespace: n}
        users:
        - name: u
          user: {token: t, exec: null}
        """

    @Test("a file of which anything is changed is read or refused")
    func files() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("config")
        try Files.store(path, Array(Self.good.utf8))
        _ = try Kubeconfig(file: path)
        var random = SeededGenerator()
        let pieces = ["- ", ": ", "{", "}", "[", "null", "\n", "  ", "&a ", "*a", "\"", "exec", "5", "\t", "\u{0}"]
        var (read, refused) = (0, 0)
        for _ in 0..<400 {
            var text = Array(Self.good)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<text.count, using: &random)
                if Bool.random(using: &random) {
                    text.insert(contentsOf: pieces[Int.random(in: 0..<pieces.count, using: &random)], at: place)
                } else {
                    text.removeSubrange(place..<min(text.count, place + Int.random(in: 1...9, using: &random)))
                }
            }
            try Files.store(path, Array(String(text).utf8))
            do {
                _ = try Kubeconfig(file: path)
                read += 1
            } catch {
                refused += 1
                #expect(!"\(error)".isEmpty, "seed \(random.seed)")
            }
        }
        #expect(read > 0 && refused > 0)
    }
}
