internal import JSON

/// The five fields of a CronJob's schedule.
enum CronSchedule {
    private static let fields: [(name: String, range: ClosedRange<Int>, words: [String])] = [
        ("minute", 0...59, []), ("hour", 0...23, []), ("day-of-month", 1...31, []),
        ("month", 1...12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        ("day-of-week", 0...7, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]
    private static let descriptors: Set<String> = [
        "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly",
    ]

    /// What is wrong with it; nil when nothing is.
    static func problem(_ text: String) -> String? {
        if text.contains("TZ") { return "cannot use TZ or CRON_TZ in schedule, use timeZone field instead" }
        if text.hasPrefix("@") {
            return descriptors.contains(text) || text.hasPrefix("@every ") ? nil : "unrecognized descriptor: \(text)"
        }
        let parts = text.split(whereSeparator: \.isWhitespace)
        guard parts.count == fields.count else {
            return "expected exactly 5 fields, found \(parts.count): [\(parts.joined(separator: " "))]"
        }
        for (part, field) in zip(parts, fields) {
            for item in part.split(separator: ",", omittingEmptySubsequences: false) {
                if let problem = problem(item, field.range, field.words) { return problem }
            }
        }
        return nil
    }

    private static func problem(_ item: Substring, _ range: ClosedRange<Int>, _ words: [String]) -> String? {
        let steps = item.split(separator: "/", omittingEmptySubsequences: false)
        if steps.count > 2 { return "too many slashes: \(item)" }
        if steps.count == 2, Int(steps[1]) ?? 0 < 1 { return "failed to parse int from \(steps[1])" }
        if steps[0] == "*" || steps[0] == "?" { return nil }
        let ends = steps[0].split(separator: "-", omittingEmptySubsequences: false)
        if ends.count > 2 { return "too many hyphens: \(item)" }
        var numbers: [Int] = []
        for end in ends {
            let word = lowercasedASCII(String(end))
            guard let number = Int(end) ?? words.firstIndex(of: word).map({ $0 + range.lowerBound }) else {
                return "failed to parse int from \(end)"
            }
            if number < range.lowerBound {
                return "beginning of range (\(number)) below minimum (\(range.lowerBound)): \(item)"
            }
            if number > range.upperBound {
                return "end of range (\(number)) above maximum (\(range.upperBound)): \(item)"
            }
            numbers.append(number)
        }
        if numbers.count == 2, numbers[0] > numbers[1] {
            return "beginning of range (\(numbers[0])) beyond end of range (\(numbers[1])): \(item)"
        }
        return nil
    }
}
