internal import Daemon
internal import Linux
internal import NetTypes

/// Runs the programs of iptables on a thread: a large table takes them seconds, in which the loop has other things to do.
final class IPTablesWorker {
    /// What a run has left.
    struct Outcome: Sendable {
        fileprivate var tables: IPTablesTables
        var leftovers = Leftovers()
        /// How much was to be done.
        var count = 0
        var duration = Duration.zero
        fileprivate var failure: IPTablesError?
    }

    typealias Job = @Sendable (inout IPTablesTables, inout Leftovers) throws(IPTablesError) -> Int

    private let loop: EventLoop
    private var tables: IPTablesTables
    private var mailbox: Mailbox<Outcome>?
    private var done: ((Outcome) -> Void)?
    private var thread: Thread?

    init(_ programs: [IPTablesPrograms], _ loop: EventLoop) {
        tables = IPTablesTables(programs)
        self.loop = loop
    }

    /// One job at a time. `finish` is called on the loop, when all went well.
    func run<Value>(_ job: @escaping Job, finish: @escaping (Outcome) throws -> Value) throws -> RulesWork<Value> {
        let mailbox = try mailbox ?? loop.mailbox { [weak self] (outcome: Outcome) in self?.take(outcome) }
        self.mailbox = mailbox
        let work = RunningWork<Value>()
        let tables = tables
        thread = try Thread("iptables") {
            let begin = MonotonicTime.now
            var outcome = Outcome(tables: tables)
            do throws(IPTablesError) {
                outcome.count = try job(&outcome.tables, &outcome.leftovers)
            } catch {
                outcome.failure = error
            }
            outcome.duration = .now - begin
            mailbox.post(outcome)
        }
        done = { outcome in
            work.end(
                Result {
                    if let failure = outcome.failure { throw failure }
                    return try finish(outcome)
                })
        }
        return .running(work)
    }

    /// Who is half way through the tables is waited for.
    func join() { thread.take()?.join() }

    private func take(_ outcome: Outcome) {
        tables = outcome.tables
        let done = done
        self.done = nil
        done?(outcome)
    }
}
