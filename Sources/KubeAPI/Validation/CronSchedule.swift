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
        var text = text[...]
        // What was stored when this was still allowed must go on being understood.
        if text.hasPrefix("TZ=") || text.hasPrefix("CRON_TZ=") {
            guard let (zone, rest) = split(zoned: text) else { return "provided bad location \(text)" }
            if !TimeZoneNames.contains(zone) { return "provided bad location \(zone): unknown time zone \(zone)" }
            text = rest
        }
        if text.hasPrefix("@every ") {
            let interval = text.dropFirst(7)
            return isDuration(interval)
                ? nil
                : "failed to parse duration \(text): time: invalid duration \(FieldCause.quoted(String(interval)))"
        }
        if text.hasPrefix("@") {
            return descriptors.contains(String(text)) ? nil : "unrecognized descriptor: \(text)"
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

    /// `TZ=Europe/Paris 0 3 * * *` as the zone and the rest.
    private static func split(zoned text: Substring) -> (zone: String, rest: Substring)? {
        guard let equals = text.firstIndex(of: "="), let space = text.firstIndex(of: " "), equals < space else {
            return nil
        }
        return (String(text[text.index(after: equals)..<space]), text[space...].drop { $0 == " " })
    }

    /// As Go writes durations: `1h30m`, `1.5s`.
    private static func isDuration(_ text: Substring) -> Bool {
        var rest =
            text.utf8.first.map { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") } == true
            ? text.utf8.dropFirst() : text.utf8[...]
        if rest.elementsEqual("0".utf8) { return true }
        if rest.isEmpty { return false }
        while !rest.isEmpty {
            let number = rest.prefix { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
            guard number.contains(where: { $0 != UInt8(ascii: ".") }), number.count(where: { $0 == 46 }) < 2 else {
                return false
            }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !(48...57).contains($0) && $0 != UInt8(ascii: ".") }
            guard ["ns", "us", "µs", "μs", "ms", "s", "m", "h"].contains(String(Substring(unit))) else { return false }
            rest = rest.dropFirst(unit.count)
        }
        return true
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
