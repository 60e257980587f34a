package import NetTypes

/// Who puts rules into the kernel and keeps them there: one for nf_tables, one for iptables. The daemon is the same for both.
/// One thing is begun after the other is done.
package protocol RulesApplier: AnyObject {
    /// `nftables` or `iptables`.
    var mode: ProxyMode { get }

    /// False until the rules that were found have become ours, or if that has failed half way.
    var hasPlan: Bool { get }

    /// The first time: what is there becomes ours, with as few changes as can be.
    func beginTakeover(_ node: NodeView, _ index: inout ServiceIndex) throws -> RulesWork<Takeover>

    /// Brings the rules up to date. False when nothing had to change.
    func beginUpdate(_ node: NodeView, _ index: inout ServiceIndex) throws -> RulesWork<Bool>

    /// Compares all that is there with all that should be, and puts it right. Tells how many changes that took.
    func beginRepair() throws -> RulesWork<Int>

    /// Waits for what is going on, when the process is about to end.
    func end()

    /// Which connections the last update has forgotten, if it looked for some; told once.
    func takeCleaning() -> FlowCleaning?

    /// How many rules there are, for when somebody asks; none where elements do their work.
    func ruleCounts() -> [RuleCount]
}

/// Work on the rules: done already, or going on elsewhere while the loop does other things.
package enum RulesWork<Value> {
    case done(Value)
    case running(RunningWork<Value>)

    /// The handler is called once: now, or when the work has ended.
    package func whenDone(_ handler: @escaping (Result<Value, any Error>) -> Void) {
        switch self {
        case .done(let value): handler(.success(value))
        case .running(let work): work.handler = handler
        }
    }
}

package final class RunningWork<Value> {
    fileprivate var handler: ((Result<Value, any Error>) -> Void)?

    func end(_ result: Result<Value, any Error>) { handler?(result) }
}

/// A commit is done when the call returns.
extension NFTablesApplier {
    package func beginTakeover(_ node: NodeView, _ index: inout ServiceIndex) throws -> RulesWork<Takeover> {
        .done(try takeOver(node, &index))
    }

    package func beginUpdate(_ node: NodeView, _ index: inout ServiceIndex) throws -> RulesWork<Bool> {
        .done(try update(node, &index))
    }

    package func beginRepair() throws -> RulesWork<Int> { .done(try repair()) }

    package func end() {}
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
