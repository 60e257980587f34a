internal import Glibc
internal import JSON
internal import Linux

/// Writes events to standard error, one line each: `time level event key=value …`, or the same as a JSON object.
///
/// Levels mean what an operator does: error, act now; warning, look today; info, what changed; debug, why.
/// Keys are stable words in snake case, values what they are: `log.info("lease acquired", ["subnet": lease.subnet])`.
package struct Logger: Sendable {
    package enum Level: Int, Comparable, CaseIterable, Sendable {
        case error, warning, info, debug

        package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
        package var name: String { "\(self)" }
    }

    package enum Format: String, CaseIterable, Sendable { case text, json }

    package typealias Fields = KeyValuePairs<String, any CustomStringConvertible>

    package var level: Level
    private let format: Format
    private let sink: @Sendable (String) -> Void
    private var context: [LogField] = []

    /// The sink gets each line without its newline; by default it is standard error.
    package init(
        level: Level = .info, format: Format = .text, sink: @escaping @Sendable (String) -> Void = writeToStandardError
    ) {
        self.level = level
        self.format = format
        self.sink = sink
    }

    /// The same logger with these fields in every line.
    package func with(_ fields: Fields) -> Logger {
        var copy = self
        copy.context += fields.map(LogField.init)
        return copy
    }

    package func error(_ event: String, _ fields: @autoclosure () -> Fields = [:]) { log(.error, event, fields) }
    package func warning(_ event: String, _ fields: @autoclosure () -> Fields = [:]) { log(.warning, event, fields) }
    package func info(_ event: String, _ fields: @autoclosure () -> Fields = [:]) { log(.info, event, fields) }
    /// Neither the event nor the fields are computed when the level is off.
    package func debug(_ event: @autoclosure () -> String, _ fields: @autoclosure () -> Fields = [:]) {
        if level >= .debug { log(.debug, event(), fields) }
    }

    private func log(_ level: Level, _ event: String, _ fields: () -> Fields) {
        guard level <= self.level else { return }
        let line = LogLine(time: timestamp(), level: level, event: event, fields: context + fields().map(LogField.init))
        sink(format == .text ? line.text : line.json)
    }
}

/// One write(2) a line, so that lines of several threads never mix.
package func writeToStandardError(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
}

/// Now, as RFC 3339 says it, in UTC with milliseconds.
private func timestamp() -> String {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    var parts = tm()
    gmtime_r(&now.tv_sec, &parts)
    func pad(_ value: some BinaryInteger, _ width: Int = 2) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(pad(parts.tm_year + 1900, 4))-\(pad(parts.tm_mon + 1))-\(pad(parts.tm_mday))"
        + "T\(pad(parts.tm_hour)):\(pad(parts.tm_min)):\(pad(parts.tm_sec)).\(pad(now.tv_nsec / 1_000_000, 3))Z"
}
