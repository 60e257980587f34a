internal import Daemon
internal import Glibc
internal import Linux

/// Two connected sockets, each of which gets what the other sends, until both have ended or one fails.
final class Relay {
    /// What flows from one to the other.
    private struct Flow {
        let source: CInt
        let target: CInt
        var bytes: [UInt8] = []
        /// The source has ended.
        var hasEnded = false
        /// The target has been told.
        var isClosed = false
    }

    /// So much may wait in each direction.
    private static let window = 65_536

    private let loop: EventLoop
    private let client: FileDescriptor
    private let server: FileDescriptor
    private var flows: [Flow]
    private let onEnd: (ObjectIdentifier) -> Void
    private var hasEnded = false

    /// `onEnd` is called once, and has to let go of the relay.
    init(
        _ loop: EventLoop, _ client: consuming FileDescriptor, _ server: consuming FileDescriptor,
        onEnd: @escaping (ObjectIdentifier) -> Void
    ) throws {
        self.loop = loop
        self.onEnd = onEnd
        flows = [
            Flow(source: client.rawValue, target: server.rawValue),
            Flow(source: server.rawValue, target: client.rawValue),
        ]
        self.client = client
        self.server = server
        for flow in flows {
            // Writable as well: that is how a connection says that it is there.
            try loop.watch(flow.source, for: [.readable, .writable]) { [unowned self] _ in move() }
        }
    }

    deinit { for flow in flows { loop.unwatch(flow.source) } }

    private func move() {
        if hasEnded { return }
        for index in flows.indices {
            if !fill(&flows[index]) || !drain(&flows[index]) { return end() }
        }
        if flows.allSatisfy(\.isClosed) { return end() }
        for index in flows.indices { listen(index) }
    }

    private func end() {
        hasEnded = true
        for flow in flows { loop.unwatch(flow.source) }
        // Not within the handler of what it owns.
        loop.after(.zero) { [self] in onEnd(ObjectIdentifier(self)) }
    }

    /// A socket is asked for what is of use: to be read while there is room for it, to be written while something waits.
    private func listen(_ index: Int) {
        let (own, other) = (flows[index], flows[1 - index])
        var interest: Readiness = []
        if !own.hasEnded, own.bytes.count < Self.window { interest.insert(.readable) }
        if !other.bytes.isEmpty { interest.insert(.writable) }
        try? loop.change(own.source, to: interest)
    }

    /// False when the connection has failed.
    private func fill(_ flow: inout Flow) -> Bool {
        while !flow.hasEnded, flow.bytes.count < Self.window {
            let wanted = Self.window - flow.bytes.count
            var count = 0
            let read = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
                count = recv(flow.source, buffer.baseAddress, wanted, 0)
                filled = max(count, 0)
            }
            if count < 0 { return Errno.last == .again || Errno.last == Errno(ENOTCONN) }
            if count == 0 { flow.hasEnded = true }
            flow.bytes += read
        }
        return true
    }

    private func drain(_ flow: inout Flow) -> Bool {
        while !flow.bytes.isEmpty {
            let count = send(flow.target, flow.bytes, flow.bytes.count, Int32(MSG_NOSIGNAL))
            if count < 0 { return Errno.last == .again || Errno.last == Errno(ENOTCONN) }
            flow.bytes.removeFirst(count)
        }
        if flow.hasEnded, !flow.isClosed {
            shutdown(flow.target, Int32(SHUT_WR))
            flow.isClosed = true
        }
        return true
    }
}
