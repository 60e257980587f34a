/// An authorizer's answer.
package struct Decision: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        case allow
        /// No, whatever others say.
        case deny
        /// Not by this authorizer; when all say so the answer is no.
        case noOpinion
    }

    package let verdict: Verdict
    private let text: String
    private let grant: Grant?

    package static let allow = Decision(verdict: .allow, text: "", grant: nil)

    package static func noOpinion(_ reason: String = "") -> Decision {
        Decision(verdict: .noOpinion, text: reason, grant: nil)
    }

    package static func deny(_ reason: String) -> Decision { Decision(verdict: .deny, text: reason, grant: nil) }

    static func allow(by grant: Grant) -> Decision { Decision(verdict: .allow, text: "", grant: grant) }

    package var isAllowed: Bool { verdict == .allow }

    /// In upstream's words; empty when there is nothing to say. Made when asked for: most decisions' reasons are not.
    package var reason: String { grant.map { "RBAC: allowed by \($0)" } ?? text }
}
