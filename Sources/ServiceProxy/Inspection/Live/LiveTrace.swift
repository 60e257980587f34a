internal import Linux
package import NFTables
internal import NetTypes

/// What became of a packet that was really sent.
package struct LiveTrace: Hashable, Sendable {
    /// A rule that the packet met, of whatever table.
    package struct Step: Hashable, Sendable {
        package var table: Table
        package var chain: String
        /// Nil for a chain's policy.
        package var rule: String?
        package var verdict: Verdict?
    }

    package enum Fate: Hashable, Sendable {
        /// The connection that the kernel has made of it: where it went, and who is seen there.
        case tracked(ConntrackEntry)
        case rejected
        case dropped
        /// Nothing is known of it any more.
        case lost
    }

    package var transport: L4Protocol
    package var flow: ConntrackEntry.Direction
    package var steps: [Step]
    package var fate: Fate
    package var answer: LiveProbe.Answer?
    /// Until the answer came, or until nobody waited any longer.
    package var duration: Duration
    /// Not all steps were heard of.
    package var isIncomplete = false

    /// Where it went, in the words of the evaluator; nil when nobody knows.
    package var outcome: Outcome? {
        switch fate {
        case .tracked(let entry):
            // Masquerade may leave the node its own address; the port is another one then.
            Outcome(
                .delivered(Destination(entry.reply.source, entry.reply.sourcePort)),
                isMasqueraded: entry.reply.destination != entry.original.source
                    || entry.reply.destinationPort != entry.original.sourcePort)
        case .rejected: Outcome(.rejected)
        case .dropped: Outcome(.dropped)
        case .lost: nil
        }
    }

    /// Whether it went one of the ways that it could go.
    package func agrees(with trace: Trace) -> Bool {
        guard let outcome else { return false }
        return trace.ways.contains { way in
            guard way.outcome.fate == outcome.fate else { return false }
            if case .tracked(let entry) = fate, let seen = way.seenSource { return entry.reply.destination == seen }
            return way.outcome == outcome
        }
    }
}
