internal import NetTypes

extension ServicePromise {
    /// How long nobody may say anything where nobody is to answer.
    private static let silence = Duration.milliseconds(300)

    /// Asks over each protocol, until every endpoint has answered that may, or the promise is broken.
    func prove() -> Finding {
        var finding = Finding(source: client.name, destination: destination, family: target.family, target: target)
        for (transport, port) in ports.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            do {
                try prove(transport, port, &finding)
            } catch {
                finding.problem = "\(transport.rawValue.uppercased()) to \(target) port \(port): \(error)"
                break
            }
        }
        return finding
    }

    private func prove(_ transport: Transport, _ port: UInt16, _ finding: inout Finding) throws {
        var probe = Probe(from: client.namespace, to: target)
        probe.port = port
        switch fate {
        case .reaches(let endpoints, let isSticky):
            probe.patience = .seconds(3)
            try proveReach(probe, transport, endpoints, isSticky, &finding)
        case .refused:
            probe.patience = .seconds(3)
            let outcome = probe.visit(transport)
            guard case .refused = outcome else { throw unexpected(outcome, instead: "a refusal") }
            finding.record("\(transport.rawValue) refused", nil)
        case .silent:
            probe.patience = Self.silence
            let outcome = probe.visit(transport)
            guard case .silent = outcome else { throw unexpected(outcome, instead: "silence") }
            finding.record("\(transport.rawValue) silent", nil)
        case .unserved:
            probe.patience = Self.silence
            let outcome = probe.visit(transport)
            if case .answered = outcome { throw unexpected(outcome, instead: "nobody") }
            finding.record("\(transport.rawValue) unserved", nil)
        }
    }

    /// With N endpoints 24·N connections leave one of them out once in 10¹⁰ times, if they choose at random.
    private func proveReach(
        _ probe: Probe, _ transport: Transport, _ endpoints: [IPAddress: ServiceFate.Seen], _ isSticky: Bool,
        _ finding: inout Finding
    ) throws {
        var reached: Set<IPAddress> = []
        for visit in 1...24 * endpoints.count {
            let outcome = probe.visit(transport)
            guard case .answered(let answer) = outcome else { throw unexpected(outcome, instead: "an answer") }
            guard let server = answer.server, let seen = answer.seen, let expected = endpoints[server] else {
                throw Probe.Failure(description: "\(answer.responder) has answered, which is no endpoint of it")
            }
            guard expected.includes(seen, of: answer.own) else {
                let what = if case .own = expected { "its own address" } else { "an address of the node's" }
                throw Probe.Failure(description: "\(server) saw the client as \(seen), not as \(what)")
            }
            if reached.insert(server).inserted { finding.record("\(transport.rawValue) \(server)", answer) }
            if isSticky {
                guard reached.count == 1 else {
                    throw Probe.Failure(description: "connection \(visit) went to another endpoint: \(server)")
                }
                if visit == 12 { return }
            } else if reached.count == endpoints.count, visit >= 4 {
                return
            }
        }
        if isSticky { return }
        let missing = endpoints.keys.filter { !reached.contains($0) }.sorted()
        throw Probe.Failure(description: "no connection of \(24 * endpoints.count) reached \(missing.list(", "))")
    }

    private func unexpected(_ outcome: VisitOutcome, instead expected: String) -> Probe.Failure {
        switch outcome {
        case .answered(let answer): Probe.Failure(description: "\(answer.responder) has answered, not \(expected)")
        case .refused: Probe.Failure(description: "was refused, not \(expected)")
        case .silent(let how): Probe.Failure(description: "nobody said anything (\(how)), not \(expected)")
        case .failed(let reason): Probe.Failure(description: "\(reason), not \(expected)")
        }
    }
}

extension Probe.Answer {
    fileprivate var responder: String { server.map { "\($0)" } ?? "somebody" }
}
