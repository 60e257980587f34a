package import NFTables

/// One way through the table, and how likely it is.
package struct PacketCourse: Hashable, Sendable {
    package var outcome: Outcome
    package var steps: [Step]
    /// Of all ways together 1.
    package var probability: Double
    /// The packet as routing sees it: translated or not, with its mark.
    package var routed: Packet

    /// One rule that did something.
    package struct Step: Hashable, Sendable {
        package var hook: Chain.Hook
        package var chain: String
        package var rule: String
        /// What sets and maps had for the packet.
        package var found: [Found]
        package var effects: [Effect]
        /// What it means, where the rule itself does not say; empty for one that has only led on to where more is said.
        package var meaning: String?
    }

    package struct Found: Hashable, Sendable {
        package var set: String
        package var element: Element
    }

    package enum Effect: Hashable, Sendable {
        case marked
        /// To one of so many.
        case translated(Destination, choices: UInt32)
        /// Sent to where the client was sent the last time.
        case remembered
        case masqueraded
        case rejected
        case verdict(Verdict)
    }
}

extension PacketCourse.Step: CustomStringConvertible {
    package var description: String { "\(chain): \(rule)" }
}
