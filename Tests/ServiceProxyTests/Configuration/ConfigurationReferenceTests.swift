import Daemon
import Linux
import ServiceProxy
import Testing

/// docs/proxy-configuration.md has a row for each key and flag. Who adds one takes the row from the failure.
@Suite("Proxy configuration, its reference")
struct ConfigurationReferenceTests {
    static let rows: [String] = ConfigurationKey.all.map { key in
        let flag = key.flag.map { "`--\($0)`" } ?? ""
        let value = key.defaultText.isEmpty ? "" : "`\(key.defaultText)`"
        let change = key.withoutEffect == nil ? key.change == .live ? "at once" : "restart" : "no effect"
        return "| `\(key.path)` | \(flag) | \(value) | \(change) | \(key.help) |"
    }

    static let ignoredRows = IgnoredKey.all.map { "| `\($0.path)` | \($0.reason) |" }

    let text: String

    init() throws {
        let folder = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        text = try Files.readText("/\(folder)/docs/proxy-configuration.md")
    }

    @Test("has every key with its flag, its default, and what a change of it takes", arguments: rows + ignoredRows)
    func row(row: String) {
        #expect(text.contains(row + "\n"))
    }

    @Test("names every flag")
    func flags() {
        for flag in ProxyFlags.all { #expect(text.contains("`--\(flag.name)`"), "--\(flag.name)") }
    }
}
