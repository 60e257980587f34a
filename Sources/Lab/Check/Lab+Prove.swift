internal import NetTypes

extension Lab {
    /// Proves the flat network with real packets, in the order of the matrix. `stopsAtFirst` ends with the first promise
    /// that does not hold, instead of trying all.
    package func prove(stopsAtFirst: Bool = true) throws -> CheckReport {
        let start = ContinuousClock.now
        var findings: [Finding] = []
        for family in configuration.family.families {
            for promise in try promises(family) {
                let finding = promise.prove(family)
                findings.append(finding)
                if stopsAtFirst && !finding.holds { break }
            }
            if stopsAtFirst && findings.contains(where: { !$0.holds }) { break }
        }
        return CheckReport(
            configuration: configuration, hosts: pods.map(\.name) + nodes, findings: findings, elapsed: .now - start)
    }
}

extension Promise {
    /// Small and large questions over each protocol, then a packet of exactly the path's MTU and one that is larger.
    func prove(_ family: IPFamily) -> Finding {
        let probe = Probe(from: namespace, to: target)
        var finding = Finding(source: source, destination: destination, family: family, target: target)
        do {
            try finding.record("tcp", accept(probe.tcp()))
            try finding.record("tcp1400", accept(probe.tcp(bytes: 1400)))
            try finding.record("udp", accept(probe.udp()))
            try finding.record("icmp", probe.icmp())
            if let mtu {
                // 1,400 bytes and their headers must pass unfragmented where the path is that wide, as it is here.
                let payload = min(1400, mtu - (family == .v4 ? 28 : 48))
                try finding.record("udp1400", accept(probe.udp(bytes: payload)))
                try finding.record("icmp1400", probe.icmp(bytes: payload))
                try proveLimit(probe, mtu, &finding)
            }
        } catch {
            finding.problem = "\(error)"
        }
        return finding
    }

    private func accept(_ answer: Probe.Answer) throws -> Probe.Answer {
        let expected: IPAddress? =
            switch seen {
            case .own: answer.own
            case .translated(let address): address
            }
        if let own = answer.own, let seen = answer.seen, seen != expected {
            let what = expected == own ? "translated on the way" : "not translated to the node's \(expected.text)"
            throw Probe.Failure(description: "\(target) saw the client \(own) as \(seen): \(what)")
        }
        return answer
    }

    private func proveLimit(_ probe: Probe, _ mtu: Int, _ finding: inout Finding) throws {
        if let learnt = try probe.refusal(size: mtu) {
            throw Probe.Failure(description: "a packet of \(mtu) octets was refused; the path takes only \(learnt)")
        }
        guard let learnt = try probe.refusal(size: mtu + 1) else {
            throw Probe.Failure(description: "a packet of \(mtu + 1) octets passed; the path's MTU should be \(mtu)")
        }
        guard learnt == mtu else {
            throw Probe.Failure(description: "a packet of \(mtu + 1) octets was refused for MTU \(learnt), not \(mtu)")
        }
        finding.record("pmtu", nil)
    }
}

extension Optional where Wrapped == IPAddress {
    fileprivate var text: String { map { "\($0)" } ?? "own address" }
}
