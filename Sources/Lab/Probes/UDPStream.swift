internal import Glibc
internal import Linux
package import NetTypes
internal import Synchronization

/// A stream of numbered datagrams, one every millisecond, from one network namespace to another: whoever changes
/// something in between learns how many were lost on the way.
package final class UDPStream: Sendable {
    package struct Report: Sendable, Equatable {
        package var sent: Int
        package var lost: Int
        package var duplicated: Int
        /// Came after one with a higher number.
        package var reordered: Int
        /// Datagrams that the sender's own kernel refused (no route, link down); they count as lost too.
        package var refused: Int
        /// The longest run of lost datagrams: in milliseconds, about the time without a path.
        package var longestGap: Int
    }

    /// The sender is to end.
    private let isStopped = Atomic<Bool>(false)
    /// It has, so that the counters say how many there are to receive.
    private let isAllSent = Atomic<Bool>(false)
    private let counters = Mutex(Counters())
    /// Nil when they have ended.
    private let threads: Mutex<Threads?>

    private struct Threads: ~Copyable {
        let sender: Thread
        let receiver: Thread

        consuming func join(between: () -> Void) {
            sender.join()
            between()
            receiver.join()
        }
    }

    private struct Counters {
        var sent = 0
        var refused = 0
        /// The first number that counts.
        var first = 0
        var seen: [Bool] = []
        var distinct = 0
        var highest = -1
        var duplicated = 0
        var reordered = 0

        var isComplete: Bool { first + distinct >= sent }
    }

    /// Starts the stream, and returns when its first datagram has arrived.
    /// - Parameters: `source` and `destination` are paths of network namespaces; `address` is the destination's.
    /// - Throws: when nothing arrives within the patience.
    package init(
        from source: String, to destination: String, address: IPAddress, port: UInt16 = 9999,
        patience: Duration = .seconds(5)
    ) throws {
        let input = try ProbeSocket(in: destination, address.family, SOCK_DGRAM, patience: .milliseconds(50))
        // A second of datagrams fits even when the receiving thread gets no processor.
        input.setReceiveBuffer(8 << 20)
        try input.bind(port: port)
        let output = try ProbeSocket(in: source, address.family, SOCK_DGRAM, patience: .seconds(1))
        try output.connect(to: address, port: port)

        let (send, receive) = (Box(), Box())
        let sender = try Thread("sender") { send.run() }
        let receiver = try Thread("receiver") { receive.run() }
        threads = Mutex(Threads(sender: sender, receiver: receiver))
        receive.set { [self] in self.receive(input) }
        send.set { [self] in self.send(output) }

        let deadline = ContinuousClock.now + patience
        while counters.withLock({ $0.highest }) < 0 {
            guard ContinuousClock.now < deadline else {
                _ = stop()
                throw Probe.Failure(description: "UDP stream to \(address): nothing arrived within \(patience)")
            }
            usleep(1000)
        }
        // What was sent before the path was there is no matter of the test, should it still come or not.
        counters.withLock { counters in
            counters.first = counters.highest
            counters.distinct = 1
            counters.reordered = 0
            counters.duplicated = 0
        }
    }

    /// The counts so far; what is on its way counts as lost.
    package var report: Report { counters.withLock { Self.report($0) } }

    /// Ends the stream, waits for what is still on its way, and counts.
    package func stop() -> Report {
        isStopped.store(true, ordering: .releasing)
        if let threads = threads.withLock({ $0.take() }) {
            threads.join { isAllSent.store(true, ordering: .releasing) }
        }
        return report
    }

    private func send(_ socket: ProbeSocket) {
        var next = ContinuousClock.now
        var number = 0
        while !isStopped.load(ordering: .acquiring) {
            let octets = (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
            let isRefused: Bool
            do {
                try socket.send(octets)
                isRefused = false
            } catch {
                isRefused = true
            }
            number += 1
            let sent = number
            counters.withLock {
                $0.sent = sent
                if isRefused { $0.refused += 1 }
            }
            next += .milliseconds(1)
            // After a pause of the machine it does not make up for what it has missed: a thousand at once are too many.
            if next.duration(to: .now) > .milliseconds(100) { next = .now }
            let pause = (next - .now).components
            if pause.seconds >= 0, pause.attoseconds > 0 { usleep(UInt32(pause.attoseconds / 1_000_000_000_000)) }
        }
    }

    private func receive(_ socket: ProbeSocket) {
        var deadline: ContinuousClock.Instant?
        while true {
            if let packet = try? socket.receive(), packet.count == 8 {
                let number = packet.reduce(0) { $0 << 8 | Int($1) }
                let isComplete = counters.withLock { Self.record(number, &$0) }
                if isAllSent.load(ordering: .acquiring) && isComplete { return }
            }
            guard isAllSent.load(ordering: .acquiring) else { continue }
            if counters.withLock({ $0.isComplete }) { return }
            // Some of the last are missing: they have a while to come.
            let end = deadline ?? .now + .seconds(5)
            deadline = end
            if ContinuousClock.now > end { return }
        }
    }

    private static func record(_ number: Int, _ counters: inout Counters) -> Bool {
        // A stream of another port or a stray datagram cannot fill the memory.
        guard number < 1 << 24 else { return false }
        if number >= counters.seen.count {
            counters.seen += [Bool](repeating: false, count: number + 1 - counters.seen.count)
        }
        if number >= counters.first {
            if counters.seen[number] { counters.duplicated += 1 } else { counters.distinct += 1 }
            if number < counters.highest { counters.reordered += 1 }
        }
        counters.seen[number] = true
        counters.highest = max(counters.highest, number)
        return counters.isComplete
    }

    private static func report(_ counters: Counters) -> Report {
        var (lost, gap, longest) = (0, 0, 0)
        for number in counters.first..<max(counters.first, counters.sent) {
            if number < counters.seen.count && counters.seen[number] {
                gap = 0
            } else {
                lost += 1
                gap += 1
                longest = max(longest, gap)
            }
        }
        return Report(
            sent: counters.sent - counters.first, lost: lost, duplicated: counters.duplicated,
            reordered: counters.reordered,
            refused: counters.refused, longestGap: longest)
    }
}

/// What a thread will do, told to it after it was started: by then the stream's own properties are all set.
private final class Box: Sendable {
    private let work = Mutex<(@Sendable () -> Void)?>(nil)

    func set(_ body: @escaping @Sendable () -> Void) { work.withLock { $0 = body } }

    func run() {
        while true {
            if let body = work.withLock({ $0 }) { return body() }
            usleep(200)
        }
    }
}
