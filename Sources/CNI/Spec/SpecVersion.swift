/// A version of the CNI specification. The list is closed: a configuration that asks for another is refused.
package enum SpecVersion: String, CaseIterable, Comparable, Sendable {
    case v010 = "0.1.0"
    case v020 = "0.2.0"
    case v030 = "0.3.0"
    case v031 = "0.3.1"
    case v040 = "0.4.0"
    case v100 = "1.0.0"
    case v110 = "1.1.0"

    package static let latest = SpecVersion.v110
    /// What a configuration without `cniVersion` means.
    package static let fallback = SpecVersion.v010

    private var rank: Int {
        switch self {
        case .v010: 0
        case .v020: 1
        case .v030: 2
        case .v031: 3
        case .v040: 4
        case .v100: 5
        case .v110: 6
        }
    }

    package static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
}
