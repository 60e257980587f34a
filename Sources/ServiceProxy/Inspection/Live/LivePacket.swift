internal import Glibc
internal import Linux
internal import NFTables
internal import NetTypes

/// Sends one packet through the node of the calling thread's network namespace and watches it.
///
/// It is told from all others by a table of its own, that the kernel takes away with the socket that has made it: nothing
/// stays behind, however the program ends.
package struct LivePacket: ~Copyable {
    private var probe: LiveProbe
    private let transport: L4Protocol
    private var nft: NFTSocket
    private let monitor: NFTTraceMonitor
    private let connections: ConntrackMonitor
    private var conntrack: Conntrack
    private let epoll: Epoll

    package struct Interrupted: Error, CustomStringConvertible {
        package init() {}
        package var description: String { "interrupted" }
    }

    package init(_ packet: Packet, in namespace: String?) throws {
        let destination = Destination(packet.destination, packet.port)
        let probe = try LiveProbe(from: packet.source, to: destination, packet.transport, in: namespace)
        var nft = try NFTSocket()
        let monitor = try NFTTraceMonitor()
        let connections = try ConntrackMonitor()
        let conntrack = try Conntrack()
        let epoll = try Epoll()
        try epoll.add(monitor.descriptor, .readable, token: 0)
        try epoll.add(connections.descriptor, .readable, token: 0)
        try epoll.add(probe.descriptor, packet.transport == .udp ? .readable : .writable, token: 1)
        try Self.mark(probe.flow, packet.transport, &nft)
        self.probe = probe
        transport = packet.transport
        self.nft = nft
        self.monitor = monitor
        self.connections = connections
        self.conntrack = conntrack
        self.epoll = epoll
    }

    // MARK: The table

    private static func table(isOwned: Bool) -> Table {
        Table(.inet, "poplin-trace-\(getpid())", comment: "poplin trace --live", isOwned: isOwned)
    }

    /// A kernel before 5.12 has no tables that belong to a socket.
    private static func mark(
        _ flow: ConntrackEntry.Direction, _ transport: L4Protocol, _ nft: inout NFTSocket
    ) throws(NFTError) {
        do {
            try nft.commit(marking(flow, transport, in: table(isOwned: true)))
        } catch {
            if error.errno != .notSupported && error.errno != .invalid { throw error }
            try nft.commit(marking(flow, transport, in: table(isOwned: false)))
        }
    }

    /// Has the flow's first packet traced, from before everything that could change or drop it.
    private static func marking(
        _ flow: ConntrackEntry.Direction, _ transport: L4Protocol, in table: Table
    ) -> Transaction {
        let isV4 = flow.source.family == .v4
        let rule: [Statement] = [
            .match(isV4 ? .ipSource : .ip6Source, .equal(.address(flow.source))),
            .match(isV4 ? .ipDestination : .ip6Destination, .equal(.address(flow.destination))),
            .match(.l4proto, .equal(.l4proto(transport))),
            .match(.sourcePort, .equal(.port(flow.sourcePort))),
            .match(.destinationPort, .equal(.port(flow.destinationPort))),
            // One packet only; what belongs to a handshake is not asked for.
            .limit(perSecond: 1, burst: 1), .trace,
        ]
        var transaction = Transaction()
        transaction.create(table)
        for (name, hook) in [("in", Chain.Hook.prerouting), ("out", .output)] {
            let chain = Chain(table, name, .init(.filter, hook, -350))
            transaction.create(chain)
            transaction.add(Rule(chain, rule))
        }
        return transaction
    }

    private mutating func unmark() {
        var removal = Transaction()
        removal.delete(Self.table(isOwned: false))
        // What cannot be removed here goes with the socket.
        try? nft.commit(removal)
    }

    // MARK: The packet

    /// Sends, and waits until it is known where the packet went and what the client heard, but not for long. The wait ends
    /// when `interruption`, a descriptor, is readable. `texts` are rules of tables that nf_tables did not write.
    package mutating func run(
        patience: Duration = .seconds(3), awaitingAnswer: Bool = true, interruption: CInt? = nil,
        texts: RuleTexts = RuleTexts()
    ) throws -> LiveTrace {
        defer { unmark() }
        if let interruption { try epoll.add(interruption, .readable, token: 2) }
        let begin = MonotonicTime.now
        var heard = Heard()
        var entry: ConntrackEntry?
        probe.send()
        var deadline = begin + patience
        while true {
            try heard.take(monitor.receive())
            probe.look()
            if entry == nil, !heard.isDropped, let found = try connection() {
                entry = found
                // Who got a datagram need not answer it.
                if transport == .udp { deadline = min(deadline, .now + .milliseconds(300)) }
            }
            // A refusal is on its way back.
            if heard.isDropped { deadline = min(deadline, .now + .milliseconds(300)) }
            let isKnown = entry != nil || heard.isDropped
            let now = MonotonicTime.now
            if isKnown && (probe.answer != nil || !awaitingAnswer) || now >= deadline { break }
            // The event of a connection may be lost among many others.
            let wait = isKnown ? deadline - now : min(deadline - now, .milliseconds(50))
            if try epoll.wait(timeout: wait).contains(where: { $0.token == 2 }) { throw Interrupted() }
        }
        let duration = MonotonicTime.now - begin
        try heard.take(monitor.receive())
        let rules = try rules(of: heard.steps, texts)
        var fate = entry.map { LiveTrace.Fate.tracked($0) } ?? .lost
        if let last = heard.steps.last(where: { $0.verdict == .drop }) {
            fate = last.rejects(by: rules) ? .rejected : .dropped
        }
        return LiveTrace(
            transport: transport, flow: probe.flow, steps: heard.steps.map { $0.named(rules) }, fate: fate,
            answer: probe.answer, duration: duration, isIncomplete: heard.isIncomplete)
    }

    /// What the kernel has made of the packet. It is told of even if it has ended already, as one that is refused does.
    private mutating func connection() throws(NFTError) -> ConntrackEntry? {
        for entry in try connections.receive() where entry.l4proto == transport && entry.original == probe.flow {
            return entry
        }
        return try conntrack.entry(transport, probe.flow)
    }

    /// What has been heard of the packet, and not of others that somebody else traces.
    private struct Heard {
        private(set) var steps: [NFTTraceStep] = []
        private(set) var isIncomplete = false
        /// By which numbers the kernel tells of it: another one when it comes in again by the loopback.
        private var packets: Set<UInt32> = []
        private let own = LivePacket.table(isOwned: false)

        var isDropped: Bool { steps.contains { $0.verdict == .drop } }

        mutating func take(_ events: [NFTTraceMonitor.Event]) {
            for event in events {
                switch event {
                case .overrun: isIncomplete = true
                case .step(let step):
                    if step.table.name == own.name, step.table.family == own.family {
                        packets.insert(step.packet)
                    } else if packets.contains(step.packet) {
                        steps.append(step)
                    }
                }
            }
        }
    }

    private mutating func rules(of steps: [NFTTraceStep], _ texts: RuleTexts) throws(NFTError) -> [Table: NamedRules] {
        var named: [Table: NamedRules] = [:]
        for table in Set(steps.map(\.table)) {
            let rules = try nft.rules(in: table)
            named[table] = NamedRules(
                rules: Dictionary(rules.map { ($0.handle, $0) }) { first, _ in first },
                texts: texts.texts(of: rules, in: table))
        }
        return named
    }

    /// Rules of a table by their handles.
    fileprivate struct NamedRules {
        var rules: [UInt64: InstalledRule]
        var texts: [UInt64: String]
    }
}

extension NFTTraceStep {
    private var handle: UInt64? { if case .rule(let handle) = kind { handle } else { nil } }

    fileprivate func rejects(by rules: [Table: LivePacket.NamedRules]) -> Bool {
        guard let handle, let named = rules[table] else { return false }
        if let text = named.texts[handle] { return text.contains("-j REJECT") }
        return named.rules[handle]?.expressions.contains { if case .reject = $0 { true } else { false } } ?? false
    }

    fileprivate func named(_ rules: [Table: LivePacket.NamedRules]) -> LiveTrace.Step {
        let text = handle.map { handle in
            if let text = rules[table]?.texts[handle] { return text }
            let rule = rules[table]?.rules[handle]
            return rule?.statements.map { Rule(Chain(table, chain), $0, comment: rule?.comment).description }
                ?? "rule handle \(handle)"
        }
        return LiveTrace.Step(table: table, chain: chain, rule: text, verdict: verdict)
    }
}
