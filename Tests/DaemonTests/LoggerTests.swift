import Daemon
import JSON
import Synchronization
import Testing

@Suite("The logger")
struct LoggerTests {
    final class Lines: Sendable {
        let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
    }

    func logger(_ level: Logger.Level = .debug, _ format: Logger.Format = .text) -> (Logger, Lines) {
        let lines = Lines()
        return (Logger(level: level, format: format) { line in lines.lines.withLock { $0.append(line) } }, lines)
    }

    @Test("writes one line of keys and values, in their order, the context's first")
    func text() throws {
        let (log, lines) = logger()
        log.with(["component": "overlay"]).info("lease acquired", ["subnet": "10.5.1.0/24", "ttl_seconds": 86400])
        let line = try #require(lines.all.first)
        let end = #"Z level=info event="lease acquired" component=overlay subnet=10.5.1.0/24 ttl_seconds=86400"#
        #expect(line.hasPrefix("time=20") && line.hasSuffix(end))
        // time=2026-11-21T12:00:00.000Z
        #expect(line.split(separator: " ")[0].utf8.count == 29)
    }

    @Test("levels that are off neither write nor compute")
    func levels() {
        let (log, lines) = logger(.warning)
        var computed = 0
        func costly() -> String {
            computed += 1
            return "x"
        }
        log.debug(costly(), ["a": costly()])
        log.info("i", ["a": costly()])
        log.warning("w", ["a": costly()])
        log.error("e")
        #expect(computed == 1)
        #expect(lines.all.count == 2)
    }

    @Test(
        "nothing in a value breaks the line or reaches the terminal",
        arguments: [
            ("", #""""#), ("plain", "plain"), ("two words", #""two words""#), ("a=b", #""a=b""#),
            ("say \"x\"", #""say \"x\"""#), ("a\nlevel=error", #""a\nlevel=error""#), ("\u{1B}[31m", #""\u001b[31m""#),
            ("\u{9B}31m", #""\u009b31m""#), ("\u{7F}", #""\u007f""#), ("grün", "grün"),
        ])
    func quoting(value: String, written: String) throws {
        let (log, lines) = logger()
        log.info("e", ["key": value])
        let line = try #require(lines.all.first)
        #expect(line.hasSuffix(" event=e key=\(written)"))
        #expect(!line.contains("\n"))
    }

    @Test("in JSON each line is an object, in which numbers and booleans stay what they are")
    func json() throws {
        let (log, lines) = logger(.info, .json)
        log.error("x\ny", ["count": 3, "share": 0.5, "ready": true, "cause": "no \"route\"", "nan": Double.nan])
        let line = try #require(lines.all.first)
        #expect(!line.contains("\n"))
        let object = try #require(try JSONValue.parse(line).object)
        #expect(object.keys == ["time", "level", "event", "count", "share", "ready", "cause", "nan"])
        #expect(object["level"] == "error" && object["event"] == "x\ny")
        #expect(object["count"] == 3 && object["ready"] == true && object["cause"] == "no \"route\"")
        #expect(object["share"]?.double == 0.5 && object["nan"] == "nan")
    }
}
