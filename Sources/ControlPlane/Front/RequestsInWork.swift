internal import HTTP
internal import Identity
internal import KubeAPI
internal import Linux

/// Requests that are being worked on, and answers that wait for their clients to take them: bounded in number, bytes and
/// time, and shared fairly among clients. Watches and their like are not among them.
package final class RequestsInWork {
    /// Numbers and time are upstream's.
    package struct Limits: Sendable {
        package var reads = 400
        package var writes = 200
        /// Of answers that are held for their client alone.
        package var answerBytes = 64 << 20
        /// From the whole request to the answer's last byte.
        package var time = Duration.seconds(60)

        package init() {}
    }

    private final class Entry {
        let call: APICall
        let isMutating: Bool
        let deadline: MonotonicTime
        var slot: FairBudget.Charge
        var answer: FairBudget.Charge

        init(_ call: APICall, deadline: MonotonicTime) {
            self.call = call
            self.deadline = deadline
            isMutating = call.method != "GET" && call.method != "HEAD"
            slot = .init(client: call.client)
            answer = .init(client: call.client)
        }
    }

    let limits: Limits
    private var reads: FairBudget
    private var writes: FairBudget
    private var answers: FairBudget
    private var entries: [ObjectIdentifier: Entry] = [:]

    package init(_ limits: Limits = Limits()) {
        self.limits = limits
        reads = FairBudget(limit: limits.reads)
        writes = FairBudget(limit: limits.writes)
        answers = FairBudget(limit: limits.answerBytes)
    }

    var count: Int { entries.count }

    /// Lets the request in, until its answer is out. Masters get in always, unless they leave their answers lying.
    func enter(_ call: APICall) throws(APIStatus) {
        let entry = Entry(call, deadline: call.began + limits.time)
        let hasSlot = entry.isMutating ? writes.charge(&entry.slot, to: 1) : reads.charge(&entry.slot, to: 1)
        let isMaster = (call.impersonator ?? call.user).isMaster
        guard hasSlot || isMaster, answers.hasRoom(for: call.client) else {
            release(entry)
            throw .tooManyRequests("Too many requests, please try again later.", retryAfterSeconds: 1)
        }
        entries[ObjectIdentifier(call)] = entry
        call.onAnswer { [weak self] call, _ in
            guard let self else { return }
            self.release(entry)
            self.answers.add(&entry.answer, call.ownAnswerBytes)
        }
        call.sink.onClose = { [weak self] in
            guard let self else { return }
            self.entries[ObjectIdentifier(entry.call)] = nil
            self.release(entry)
            self.answers.release(&entry.answer)
        }
    }

    private func release(_ entry: Entry) {
        if entry.isMutating { writes.release(&entry.slot) } else { reads.release(&entry.slot) }
    }

    /// Ends what has taken too long: with an answer, or, where that has begun, without its end.
    func expire(_ now: MonotonicTime) {
        for entry in entries.values where entry.deadline <= now {
            if entry.call.status != nil { entry.call.sink.abort() }
            var status = APIStatus.timeout(
                "request did not complete within the allotted timeout", retryAfterSeconds: 0)
            if entry.isMutating { status.message += "; what it asked for may have been done" }
            entry.call.fail(status)
        }
    }
}
