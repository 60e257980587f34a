internal import Glibc
internal import NetTypes
internal import Synchronization

/// One client that makes one connection after another, or sends one datagram after another of the same flow, and notes
/// what becomes of each.
final class ServiceLoad: Sendable {
    struct Visit: Sendable {
        let start: ContinuousClock.Instant
        /// Nil for one that failed.
        let server: IPAddress?
        let problem: String?
    }

    let promise: ServicePromise
    /// Nil makes connections; an endpoint sends a flow of datagrams that begins there.
    let first: IPAddress?
    private let visits = Mutex<[Visit]>([])
    private let isOver = Atomic<Bool>(false)

    init(_ promise: ServicePromise, flowTo first: IPAddress? = nil) {
        self.promise = promise
        self.first = first
    }

    func stop() { isOver.store(true, ordering: .relaxed) }

    var all: [Visit] { visits.withLock { $0 } }
    func count(since time: ContinuousClock.Instant) -> Int { visits.withLock { $0.count { $0.start >= time } } }

    func run() {
        var probe = Probe(from: promise.client.namespace, to: promise.target)
        probe.port = promise.ports[first == nil ? .tcp : .udp] ?? CheckedService.port
        // What is lost is sent again: by the kernel behind one second and three, datagrams by us.
        probe.patience = .seconds(5)
        do {
            let flow: DatagramFlow? = if let first { try self.flow(probe, to: first) } else { nil }
            while !isOver.load(ordering: .relaxed) {
                let start = ContinuousClock.now
                note(flow.map { visit($0) } ?? probe.visit(.tcp), start)
                // The machine is shared with the servers.
                usleep(1000)
            }
        } catch {
            note(VisitOutcome(error), .now)
        }
    }

    /// New flows, until one begins at the endpoint.
    private func flow(_ probe: Probe, to first: IPAddress) throws -> DatagramFlow {
        for _ in 0..<1000 {
            let flow = try DatagramFlow(probe)
            if case .answered(let answer) = visit(flow), answer.server == first { return flow }
        }
        throw Probe.Failure(description: "no flow of a thousand began at \(first)")
    }

    private func visit(_ flow: DatagramFlow) -> VisitOutcome {
        do { return try flow.visit() } catch { return VisitOutcome(error) }
    }

    private func note(_ outcome: VisitOutcome, _ start: ContinuousClock.Instant) {
        let visit =
            switch outcome {
            case .answered(let answer): Visit(start: start, server: answer.server, problem: nil)
            case .refused: Visit(start: start, server: nil, problem: "was refused")
            case .silent(let how): Visit(start: start, server: nil, problem: "was not answered (\(how))")
            case .failed(let reason): Visit(start: start, server: nil, problem: reason)
            }
        visits.withLock { $0.append(visit) }
    }
}
