internal import Glibc

/// A moment as the API writes it (RFC 3339, always in UTC): `Time` to the second, `MicroTime` to the microsecond.
package struct Timestamp: Hashable, Sendable, Comparable {
    /// Since 1970, without leap seconds.
    package var seconds: Int
    /// 0..<1,000,000.
    package var microseconds: Int

    package init(seconds: Int, microseconds: Int = 0) {
        self.seconds = seconds
        self.microseconds = microseconds
    }

    /// Seconds since 1970 with a fraction. What has no text becomes the nearest moment that has one: clients name grace
    /// periods of any length.
    package init(since1970 time: Double) {
        let time = min(max(time, Double(Self.writable.lowerBound)), Double(Self.writable.upperBound - 1))
        let whole = time.rounded(.down)
        self.init(seconds: Int(whole), microseconds: Int((time - whole) * 1e6))
    }

    /// Seconds since 1970 with a fraction.
    package var since1970: Double { Double(seconds) + Double(microseconds) / 1e6 }

    package static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: time.tv_sec, microseconds: time.tv_nsec / 1000)
    }

    package static func < (a: Timestamp, b: Timestamp) -> Bool {
        (a.seconds, a.microseconds) < (b.seconds, b.microseconds)
    }

    package func advanced(bySeconds count: Int) -> Timestamp {
        Timestamp(seconds: seconds + count, microseconds: microseconds)
    }

    /// `2026-11-21T17:30:00Z`
    package var time: String {
        var text: [UInt8] = []
        write(to: &text)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// `2026-11-21T17:30:00.000001Z`
    package var microTime: String {
        var text: [UInt8] = []
        write(to: &text)
        text.append(UInt8(ascii: "."))
        Self.put(microseconds, 6, &text)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    private func write(to text: inout [UInt8]) {
        text.reserveCapacity(28)
        let day = (seconds >= 0 ? seconds : seconds - 86399) / 86400
        let rest = seconds - day * 86400
        let (year, month, dayOfMonth) = Self.date(day)
        Self.put(year, 4, &text)
        text.append(UInt8(ascii: "-"))
        Self.put(month, 2, &text)
        text.append(UInt8(ascii: "-"))
        Self.put(dayOfMonth, 2, &text)
        text.append(UInt8(ascii: "T"))
        Self.put(rest / 3600, 2, &text)
        text.append(UInt8(ascii: ":"))
        Self.put(rest / 60 % 60, 2, &text)
        text.append(UInt8(ascii: ":"))
        Self.put(rest % 60, 2, &text)
    }

    private static func put(_ value: Int, _ width: Int, _ text: inout [UInt8]) {
        var rest = value
        text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: width))
        for place in 1...width {
            text[text.count - place] += UInt8(rest % 10)
            rest /= 10
        }
    }

    /// Reads what RFC 3339 allows: any fraction (cut to microseconds) and any offset. Nil for everything else.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        func number(_ start: Int, _ count: Int) -> Int? {
            guard start + count <= bytes.count else { return nil }
            var value = 0
            for index in start..<start + count {
                guard (48...57).contains(bytes[index]) else { return nil }
                value = value * 10 + Int(bytes[index] - 48)
            }
            return value
        }
        guard bytes.count >= 20, bytes[4] == 45, bytes[7] == 45, bytes[10] | 0x20 == 116, bytes[13] == 58,
            bytes[16] == 58, let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
            let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
            (1...12).contains(month), day >= 1, day <= Self.length(of: month, year), hour < 24, minute < 60,
            second <= 60
        else { return nil }
        var index = 19
        var fraction = 0
        if bytes[index] == UInt8(ascii: ".") {
            var digits = 0
            index += 1
            while index < bytes.count, (48...57).contains(bytes[index]) {
                if digits < 6 { fraction = fraction * 10 + Int(bytes[index] - 48) }
                digits += 1
                index += 1
            }
            if digits == 0 { return nil }
            while digits < 6 {
                fraction *= 10
                digits += 1
            }
        }
        guard index < bytes.count else { return nil }
        var offset = 0
        switch bytes[index] {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"): index += 1
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            guard let hours = number(index + 1, 2), let minutes = number(index + 4, 2), bytes[index + 3] == 58,
                hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 3600 + minutes * 60) * (bytes[index] == UInt8(ascii: "-") ? -1 : 1)
            index += 6
        default: return nil
        }
        guard index == bytes.count else { return nil }
        seconds = Self.days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset
        microseconds = fraction
        // In UTC too the year has four digits.
        guard Self.writable.contains(seconds) else { return nil }
    }

    private static let writable = days(0, 1, 1) * 86400..<days(10_000, 1, 1) * 86400

    private static func length(of month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    // Both directions count days in eras of 400 years that begin on 1 March, so that the leap day is an era's last.

    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(_ day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}
