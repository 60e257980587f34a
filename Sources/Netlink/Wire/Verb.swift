internal import CNetlink
package import NetTypes

/// What to do with an object of a table.
package enum Verb: String, Hashable, Sendable {
    /// Makes it; one that is there already is EEXIST.
    case add
    /// Makes it beside those with the same key (routes with the same metric, forwarding entries with more remotes).
    case append
    /// Makes it, in place of the one with the same key.
    case replace
    case delete

    func type(new: some BinaryInteger, delete: some BinaryInteger) -> Int {
        self == .delete ? Int(delete) : Int(new)
    }

    var flags: CInt {
        switch self {
        case .add: NLM_F_CREATE | NLM_F_EXCL
        case .append: NLM_F_CREATE | NLM_F_APPEND
        case .replace: NLM_F_CREATE | NLM_F_REPLACE
        case .delete: 0
        }
    }
}

extension IPFamily {
    /// AF_INET or AF_INET6.
    var number: UInt8 { UInt8(self == .v4 ? AF_INET : AF_INET6) }

    init?(number: UInt8) {
        switch CInt(number) {
        case AF_INET: self = .v4
        case AF_INET6: self = .v6
        default: return nil
        }
    }

    /// 0.0.0.0/0 or ::/0.
    package var everything: CIDR { CIDR(IPAddress(family: self, value: 0), 0) }
}
