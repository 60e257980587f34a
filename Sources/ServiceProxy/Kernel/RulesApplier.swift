package import NetTypes

/// Who puts rules into the kernel and keeps them there: one for nf_tables, one for iptables. The daemon is the same for both.
package protocol RulesApplier: AnyObject {
    /// `nftables` or `iptables`.
    var mode: ProxyMode { get }

    /// False until the rules that were found have become ours, or if that has failed half way.
    var hasPlan: Bool { get }

    /// The first time: what is there becomes ours, with as few changes as can be.
    func takeOver(_ node: NodeView, _ index: inout ServiceIndex) throws -> Takeover

    /// Brings the rules up to date. False when nothing had to change.
    func update(_ node: NodeView, _ index: inout ServiceIndex) throws -> Bool

    /// Which connections the last update has forgotten, if it looked for some; told once.
    func takeCleaning() -> FlowCleaning?

    /// How many rules there are, for when somebody asks; none where elements do their work.
    func ruleCounts() -> [RuleCount]

    /// Compares all that is there with all that should be, and puts it right. Returns how many changes that took.
    func repair() throws -> Int
}

/// What a start has changed.
package struct Takeover: Sendable {
    package var changes = 0
    package var leftovers = Leftovers()
}

/// Rules of one table of iptables.
package struct RuleCount: Hashable, Sendable {
    package var family: IPFamily
    package var table: String
    package var total: Int
    /// Written by the last change.
    package var last: Int
}
