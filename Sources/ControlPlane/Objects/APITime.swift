internal import Glibc

/// The API's times: RFC 3339 in UTC.
package enum APITime {
    /// Seconds since 1970.
    package static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// In whole seconds: `2026-01-31T23:59:59Z`.
    package static func text(_ seconds: Double) -> String { dateAndTime(seconds) + "Z" }

    /// With six digits of fraction, as MicroTime has it.
    package static func microText(_ seconds: Double) -> String {
        let micros = Int((seconds - seconds.rounded(.down)) * 1e6)
        let digits = String(micros)
        return dateAndTime(seconds) + "." + String(repeating: "0", count: 6 - digits.count) + digits + "Z"
    }

    private static func dateAndTime(_ seconds: Double) -> String {
        var time = time_t(seconds.rounded(.down))
        var parts = tm()
        gmtime_r(&time, &parts)
        func pad(_ value: CInt) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(parts.tm_year + 1900)-\(pad(parts.tm_mon + 1))-\(pad(parts.tm_mday))"
            + "T\(pad(parts.tm_hour)):\(pad(parts.tm_min)):\(pad(parts.tm_sec))"
    }

    /// Seconds since 1970; nil for a text that is no RFC 3339 time.
    package static func parse(_ text: String) -> Double? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19])
        else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (CInt(year - 1900), CInt(month - 1), CInt(day))
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (CInt(hour), CInt(minute), CInt(second))
        var seconds = Double(timegm(&parts))
        var rest = bytes[19...]
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { (48...57).contains($0) }
            guard let fraction = Double("0." + String(decoding: digits, as: UTF8.self)) else { return nil }
            seconds += fraction
            rest = rest.dropFirst(1 + digits.count)
        }
        if rest.count == 1, let zone = rest.first, zone | 0x20 == UInt8(ascii: "z") { return seconds }
        let start = rest.startIndex
        guard rest.count == 6, rest[start + 3] == UInt8(ascii: ":"), let hours = number(rest[start + 1..<start + 3]),
            let minutes = number(rest[start + 4..<start + 6])
        else { return nil }
        switch rest[start] {
        case UInt8(ascii: "+"): return seconds - Double(hours * 3600 + minutes * 60)
        case UInt8(ascii: "-"): return seconds + Double(hours * 3600 + minutes * 60)
        default: return nil
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (48...57).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 48)
        }
        return value
    }
}
