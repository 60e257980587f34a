internal import JSON
internal import NetTypes

/// The formats of strings that upstream's validation knows; others are accepted.
enum StringFormat {
    static func accepts(_ text: String, _ format: String) -> Bool {
        switch format {
        case "ipv4": IPAddress(text)?.family == .v4
        case "ipv6": IPAddress(text)?.family == .v6
        case "cidr": CIDR(text) != nil
        case "mac": MACAddress(text) != nil
        case "date-time", "datetime": Timestamp(text) != nil
        case "date": text.utf8.count == 10 && Timestamp(text + "T00:00:00Z") != nil
        case "byte": Base64.isValid(text)
        case "uuid", "uuid3", "uuid4", "uuid5": isUUID(text)
        case "email": text.split(separator: "@", omittingEmptySubsequences: false).filter { !$0.isEmpty }.count == 2
        case "hostname": NameSyntax.subdomain(lowercasedASCII(text)).isEmpty
        case "uri": text.contains(":") && !text.contains(" ")
        case "duration": isDuration(text)
        default: true
        }
    }

    private static func isUUID(_ text: String) -> Bool {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
        return digits.count == 32 && (text.utf8.count == 32 || text.utf8.count == 36)
            && digits.allSatisfy { (48...57).contains($0) || (97...102).contains($0 | 0x20) }
    }

    /// "1h30m", "1.5s", "-2ms", as Go writes durations.
    private static func isDuration(_ text: String) -> Bool {
        var rest = text.utf8[...]
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        if rest.elementsEqual("0".utf8) { return true }
        if rest.isEmpty { return false }
        while !rest.isEmpty {
            let number = rest.prefix { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !(48...57).contains($0) && $0 != UInt8(ascii: ".") }
            rest = rest.dropFirst(unit.count)
            let units = ["ns", "us", "µs", "ms", "s", "m", "h", "d", "w"]
            guard Double(String(Substring(number))) != nil, units.contains(String(Substring(unit))) else {
                return false
            }
        }
        return true
    }
}
