internal import CNetlink
internal import Glibc
internal import Linux

/// How much one datagram may hold, so that neither its bytes nor the answers to it overflow the socket's buffers.
struct BatchLimit {
    var requests: Int
    var bytes: Int
}

extension NetlinkSocket {
    /// Runs the requests in order, many in one system call; one that fails does not keep the next ones from running.
    /// The result has one place for each request: nil, or why it failed.
    package mutating func runAll(_ requests: [NetlinkRequest]) -> [NetlinkError?] {
        var results = [NetlinkError?](repeating: nil, count: requests.count)
        let limit = requests.count > 64 ? largeBatchLimit() : BatchLimit(requests: 64, bytes: 32768)
        var start = 0
        while start < requests.count {
            var datagram: [UInt8] = []
            var last: (request: Int, offset: Int)?
            var end = start
            let sequence = takeSequence(min(limit.requests, requests.count - start))
            while end < requests.count, end - start < limit.requests, datagram.count < limit.bytes {
                do {
                    let offset = datagram.count
                    let message = try requests[end].encoded()
                    try message.append(to: &datagram, sequence: sequence &+ UInt32(end - start), flags: 0)
                    last = (end, offset)
                } catch {
                    results[end] = error.about(requests[end].operation, requests[end].object)
                }
                end += 1
            }
            if let last {
                // The kernel reports every failure, asked or not, and works in order: one acknowledgement, of the
                // last request, says that the silent ones before it succeeded.
                datagram[last.offset + 6] |= UInt8(NLM_F_ACK)
                exchange(datagram, sequence: sequence, last: last.request - start) { index, errno, detail in
                    let request = requests[start + index]
                    results[start + index] = NetlinkError(request.operation, request.object, errno, detail: detail)
                }
            }
            start = end
        }
        return results
    }

    /// Sends the datagram and reads until the request with index `last` is answered. Reports each failed index.
    private mutating func exchange(
        _ datagram: [UInt8], sequence: UInt32, last: Int, _ fail: (Int, Errno, String) -> Void
    ) {
        var isAnswered = [Bool](repeating: false, count: last + 1)
        do {
            try port.send(datagram)
            var isComplete = false
            while !isComplete {
                let length = try port.receive(into: buffer)
                buffer.forEachMessage(length: length) { header, message in
                    let index = Int(header.nlmsg_seq &- sequence)
                    guard index <= last else { return }
                    switch message.replyKind(header) {
                    case .failed(let errno, let detail):
                        fail(index, errno, detail)
                        isAnswered[index] = true
                        isComplete = isComplete || index == last
                    case .acknowledged: isComplete = isComplete || index == last
                    case .done, .data: break
                    }
                }
            }
        } catch {
            // Sending failed, or answers were dropped: which requests took effect is unknown, so none is called done.
            for index in 0...last where !isAnswered[index] { fail(index, error.errno, error.detail) }
        }
    }

    /// Makes room, once, for many requests and for as many failures. An answer takes about 1 KiB of the receive buffer.
    private mutating func largeBatchLimit() -> BatchLimit {
        if let batchLimit { return batchLimit }
        for (forced, plain) in [(SO_SNDBUFFORCE, SO_SNDBUF), (SO_RCVBUFFORCE, SO_RCVBUF)]
        where !port.set(SOL_SOCKET, forced, 1 << 20) {
            port.set(SOL_SOCKET, plain, 1 << 20)
        }
        let limit = BatchLimit(
            requests: max(16, port.get(SOL_SOCKET, SO_RCVBUF) / 2048), bytes: port.get(SOL_SOCKET, SO_SNDBUF) / 4)
        batchLimit = limit
        return limit
    }
}
