package import NetTypes

/// The rules that packets are traced through: those that are there, or those that are planned.
package enum TracedRules: Sendable {
    /// `notes` are rules of it that are not followed.
    case table(Ruleset, notes: [String])
    /// What iptables has; the planned ones in place of ours.
    case chains([IPFamily: IPTablesDump], IPTablesVariant, planned: [IPFamily: IPTablesRules]? = nil)

    package func tracer() throws -> Tracer {
        switch self {
        case .table(let ruleset, let notes): return try Tracer(ruleset, notes: notes)
        case .chains(_, _, let planned?): return try Tracer { IPTablesEvaluator(planned, addresses: $0) }
        case .chains(let dumps, _, nil):
            let lists = RecentLists.read()
            let notes = dumps.values.flatMap { $0.ownRules.values.joined() }
                .filter { IPTablesRule($0) == nil }.sorted()
                .map { "rule \($0) is another's and is not followed" }
            return try Tracer(notes) { IPTablesEvaluator(dumps, addresses: $0, lists: lists) }
        }
    }

    /// What no packet can be sent through while it is watched.
    package struct Unwatched: Error, CustomStringConvertible {
        package var description: String {
            "--live is not possible with the legacy tables of iptables: they do not tell which rules a packet has met"
        }
    }

    /// How iptables writes the rules of the tables that it has in nf_tables; none for the table that is ours.
    package func texts() throws(Unwatched) -> RuleTexts {
        switch self {
        case .table: return RuleTexts()
        case .chains(let dumps, .nft, _): return RuleTexts(dumps)
        case .chains(_, .legacy, _): throw Unwatched()
        }
    }
}
