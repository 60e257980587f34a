internal import Glibc

/// Times as Kubernetes writes them (RFC 3339).
package enum Timestamp {
    /// Seconds since 1970 of `2026-01-02T03:04:05Z`, with a fraction or an offset too; nil for anything else.
    package static func seconds(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20 else { return nil }
        func number(_ start: Int, _ length: Int) -> Int? {
            var value = 0
            for byte in bytes[start..<start + length] {
                guard (48...57).contains(byte) else { return nil }
                value = value * 10 + Int(byte) - 48
            }
            return value
        }
        guard let year = number(0, 4), let month = number(5, 2), let day = number(8, 2), let hour = number(11, 2),
            let minute = number(14, 2), let second = number(17, 2), bytes[4] == 45, bytes[7] == 45,
            bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == 58, bytes[16] == 58, (1...12).contains(month),
            (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        var rest = bytes[19...]
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { (48...57).contains($0) }
            if digits.isEmpty { return nil }
            rest = rest.dropFirst(1 + digits.count)
        }
        var offset = 0
        if rest.count == 1, let zone = rest.first, zone | 0x20 == UInt8(ascii: "z") {
            offset = 0
        } else if rest.count == 6, let sign = rest.first, sign == 43 || sign == 45, rest[rest.startIndex + 3] == 58,
            let hours = number(rest.startIndex + 1, 2), let minutes = number(rest.startIndex + 4, 2)
        {
            offset = (hours * 60 + minutes) * (sign == 45 ? -60 : 60)
        } else {
            return nil
        }
        var parts = tm()
        parts.tm_year = CInt(year - 1900)
        parts.tm_mon = CInt(month - 1)
        parts.tm_mday = CInt(day)
        return timegm(&parts) + hour * 3600 + minute * 60 + second - offset
    }

    /// Now, to the second (metav1.Time) or the microsecond (metav1.MicroTime).
    package static func now(microseconds: Bool = false) -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return text(now.tv_sec, microseconds: microseconds ? now.tv_nsec / 1000 : nil)
    }

    package static func text(_ seconds: Int, microseconds: Int? = nil) -> String {
        var seconds = seconds
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func pad(_ value: some BinaryInteger, _ width: Int = 2) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(pad(parts.tm_year + 1900, 4))-\(pad(parts.tm_mon + 1))-\(pad(parts.tm_mday))"
            + "T\(pad(parts.tm_hour)):\(pad(parts.tm_min)):\(pad(parts.tm_sec))"
            + (microseconds.map { ".\(pad($0, 6))" } ?? "") + "Z"
    }
}
