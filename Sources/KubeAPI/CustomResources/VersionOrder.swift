/// The order of a group's versions: stable ones before beta before alpha, newer before older, and names of another form
/// at the end in alphabetical order.
package struct VersionOrder: Comparable {
    /// 0 for stable, 1 for beta, 2 for alpha, 3 for other names.
    private let level: Int
    private let major: Int
    private let minor: Int
    private let name: String

    package init(_ name: String) {
        self.name = name
        var rest = name.utf8[...]
        func number() -> Int? {
            let digits = rest.prefix { (48...57).contains($0) }
            rest = rest.dropFirst(digits.count)
            return Int(String(Substring(digits)))
        }
        guard rest.popFirst() == UInt8(ascii: "v"), let major = number() else {
            (level, self.major, minor) = (3, 0, 0)
            return
        }
        for (index, word) in ["", "beta", "alpha"].enumerated() {
            if word.isEmpty ? rest.isEmpty : rest.starts(with: word.utf8) {
                rest = rest.dropFirst(word.utf8.count)
                let minor = word.isEmpty ? 0 : number()
                guard let minor, rest.isEmpty else { break }
                (level, self.major, self.minor) = (index, major, minor)
                return
            }
        }
        (level, self.major, minor) = (3, 0, 0)
    }

    package static func < (a: Self, b: Self) -> Bool {
        if a.level != b.level { return a.level < b.level }
        if a.major != b.major { return a.major > b.major }
        if a.minor != b.minor { return a.minor > b.minor }
        return a.name < b.name
    }
}
