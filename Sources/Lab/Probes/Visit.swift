internal import Glibc
internal import Linux
internal import NetTypes

/// What became of one connection, or of one flow of datagrams, to an address that others may answer for.
package enum VisitOutcome: Sendable {
    case answered(Probe.Answer)
    /// Somebody on the way has said that there is nothing.
    case refused
    /// Nobody has said anything; and how far it got, in words.
    case silent(String)
    case failed(String)
}

extension Probe {
    /// One new connection. A datagram is sent again every fifth of a second, for as long as the patience lasts.
    package func visit(_ transport: Transport) -> VisitOutcome {
        do {
            guard transport == .udp else { return .answered(try stream(transport, bytes: 0, since: .now)) }
            return try DatagramFlow(self).visit()
        } catch {
            return VisitOutcome(error)
        }
    }
}

/// Datagrams between one port here and one server: one connection to all who track connections.
struct DatagramFlow: Sendable {
    private static let pause = Duration.milliseconds(200)
    private static let size = 64

    private let probe: Probe
    private let socket: ProbeSocket

    init(_ probe: Probe) throws {
        self.probe = probe
        socket = try ProbeSocket(in: probe.namespace, probe.target.family, SOCK_DGRAM, patience: Self.pause)
        try socket.connect(to: probe.target, port: probe.port)
    }

    func visit() throws -> VisitOutcome {
        let start = ContinuousClock.now
        repeat {
            do {
                try send()
                return .answered(try Probe.read(socket.receive()[...], Self.size, socket.ownAddress, since: start))
            } catch let error as SystemError {
                guard error.errno == .again else { return VisitOutcome(error) }
            }
        } while ContinuousClock.now - start < probe.patience
        return .silent("no datagram came")
    }

    /// What the own host's rules drop is told to who sends; what they reject is told afterwards, as from others.
    private func send() throws {
        do throws(SystemError) {
            try socket.send(Probe.filling(Self.size))
        } catch {
            if error.errno != Errno(EPERM) { throw error }
        }
    }
}

extension VisitOutcome {
    init(_ error: any Error) {
        if let silence = error as? Probe.Silence {
            self = .silent(silence.description)
        } else if (error as? SystemError)?.errno == Errno(ECONNREFUSED) {
            self = .refused
        } else {
            self = .failed("\(error)")
        }
    }
}
