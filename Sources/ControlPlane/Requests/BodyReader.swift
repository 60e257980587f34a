internal import Daemon
internal import KubeAPI
internal import Linux
internal import Synchronization

/// Reads large bodies on a thread besides, one after another: everybody else would wait for them on the loop's. The
/// thread is there while there is work.
final class BodyReader {
    /// Smaller ones are read at once: that takes less than a millisecond or two.
    static let least = 128 << 10

    private struct Job: Sendable {
        var ticket: UInt64
        var read: @Sendable () -> any Sendable
    }

    private struct Message: Sendable {
        var ticket: UInt64
        var answer: any Sendable
    }

    private final class Work: Sendable {
        let state = Mutex<(jobs: [Job], isRunning: Bool)>(([], false))

        /// nil when there are none, and the thread is to end.
        func next() -> Job? {
            state.withLock { state in
                if state.jobs.isEmpty {
                    state.isRunning = false
                    return nil
                }
                return state.jobs.removeFirst()
            }
        }
    }

    private let work = Work()
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
        guard size >= Self.least else { return body(read()) }
        lastTicket += 1
        waiting.bodies[lastTicket] = { if let answer = $0 as? Answer { body(answer) } }
        let job = Job(ticket: lastTicket, read: read)
        let isFirst = work.state.withLock { state in
            state.jobs.append(job)
            let isFirst = !state.isRunning
            state.isRunning = true
            return isFirst
        }
        if isFirst { startThread() }
    }

    private func startThread() {
        let (work, inbox) = (work, inbox)
        let run: @Sendable () -> Void = {
            while let job = work.next() { inbox.post(Message(ticket: job.ticket, answer: job.read())) }
        }
        do throws(SystemError) {
            // Values within values are read by calls within calls.
            _ = try Thread("bodies", stackSize: 8 << 20, run)
        } catch {
            // The system has no thread left: then all wait.
            run()
        }
    }
}
