internal import Daemon
internal import KubeAPI
internal import Linux
internal import Synchronization

/// Reads large bodies and makes large documents on a thread besides, one after another: everybody else would wait for
/// them on the loop's. The thread is there while there is work.
final class SideThread {
    /// Smaller bodies are read at once: that takes less than a millisecond or two.
    static let leastBody = 128 << 10

    private struct Job: Sendable {
        var ticket: UInt64
        var run: @Sendable () -> any Sendable
    }

    private struct Message: Sendable {
        var ticket: UInt64
        var answer: any Sendable
    }

    private final class Jobs: Sendable {
        let state = Mutex<(waiting: [Job], isRunning: Bool)>(([], false))

        /// nil when there are none, and the thread is to end.
        func next() -> Job? {
            state.withLock { state in
                if state.waiting.isEmpty {
                    state.isRunning = false
                    return nil
                }
                return state.waiting.removeFirst()
            }
        }
    }

    private let jobs = Jobs()
    private let inbox: Mailbox<Message>
    private let waiting: Waiting
    private var lastTicket: UInt64 = 0

    /// Those who wait for an answer, by their tickets.
    private final class Waiting {
        var bodies: [UInt64: (any Sendable) -> Void] = [:]
    }

    init(_ loop: EventLoop) throws(SystemError) {
        let waiting = Waiting()
        self.waiting = waiting
        inbox = try loop.mailbox { message in
            waiting.bodies.removeValue(forKey: message.ticket)?(message.answer)
        }
    }

    /// Calls `body` with what was read from so many bytes: at once, or on a later turn of the loop.
    func read<Answer: Sendable>(
        _ size: Int, _ read: @escaping @Sendable () -> Answer, _ body: @escaping (Answer) -> Void
    ) {
        if size < Self.leastBody { body(read()) } else { run(read, body) }
    }

    /// Calls `body` with what `work` makes, on a later turn of the loop.
    func run<Answer: Sendable>(_ work: @escaping @Sendable () -> Answer, _ body: @escaping (Answer) -> Void) {
        lastTicket += 1
        waiting.bodies[lastTicket] = { if let answer = $0 as? Answer { body(answer) } }
        let job = Job(ticket: lastTicket, run: work)
        let isFirst = jobs.state.withLock { state in
            state.waiting.append(job)
            let isFirst = !state.isRunning
            state.isRunning = true
            return isFirst
        }
        if isFirst { startThread() }
    }

    private func startThread() {
        let (jobs, inbox) = (jobs, inbox)
        let run: @Sendable () -> Void = {
            while let job = jobs.next() { inbox.post(Message(ticket: job.ticket, answer: job.run())) }
        }
        do throws(SystemError) {
            // Values within values are read by calls within calls.
            _ = try Thread("side", stackSize: 8 << 20, run)
        } catch {
            // The system has no thread left: then all wait.
            run()
        }
    }
}
