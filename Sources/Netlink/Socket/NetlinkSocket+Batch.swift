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
            let batch = encode(requests, from: start, limit, &results)
            if batch.last != nil {
                do {
                    try port.send(batch.datagram)
                    // Everything has been done and answered by now, so that an empty queue means a lost answer.
                    while try !receive(batch, requests, &results) {}
                } catch {
                    batch.fail(requests, error, &results)
                }
            }
            start = batch.end
        }
        return results
    }

    /// The requests as one datagram, which they must fit.
    mutating func encode(_ requests: [NetlinkRequest]) throws(NetlinkError) -> Batch {
        var failures = [NetlinkError?](repeating: nil, count: requests.count)
        let batch = encode(requests, from: 0, BatchLimit(requests: requests.count, bytes: .max), &failures)
        for failure in failures { if let failure { throw failure } }
        return batch
    }

    /// Requests in one datagram.
    struct Batch {
        var datagram: [UInt8] = []
        /// The first and one past the last of the requests.
        var start: Int
        var end: Int
        /// The last request that could be encoded, and where it begins.
        var last: (request: Int, offset: Int)?
        var sequence: UInt32

        /// Which requests took effect is unknown, so none is called done.
        func fail(_ requests: [NetlinkRequest], _ error: NetlinkError, _ results: inout [NetlinkError?]) {
            for index in start..<end where results[index] == nil {
                results[index] = NetlinkError(
                    requests[index].operation, requests[index].object, error.errno, detail: error.detail)
            }
        }
    }

    private mutating func encode(
        _ requests: [NetlinkRequest], from start: Int, _ limit: BatchLimit, _ results: inout [NetlinkError?]
    ) -> Batch {
        let sequence = takeSequence(min(limit.requests, requests.count - start))
        var batch = Batch(start: start, end: start, sequence: sequence)
        while batch.end < requests.count, batch.end - start < limit.requests, batch.datagram.count < limit.bytes {
            let index = batch.end
            do {
                let offset = batch.datagram.count
                let message = try requests[index].encoded()
                try message.append(to: &batch.datagram, sequence: sequence &+ UInt32(index - start), flags: 0)
                batch.last = (index, offset)
            } catch {
                results[index] = error.about(requests[index].operation, requests[index].object)
            }
            batch.end += 1
        }
        // The kernel reports every failure, asked or not, and works in order: one acknowledgement, of the last request,
        // says that the silent ones before it succeeded.
        if let last = batch.last { batch.datagram[last.offset + 6] |= UInt8(NLM_F_ACK) }
        return batch
    }

    /// Reads one datagram of answers. True when the last request is answered.
    mutating func receive(_ batch: Batch, _ requests: [NetlinkRequest], _ results: inout [NetlinkError?])
        throws(NetlinkError) -> Bool
    {
        guard let last = batch.last?.request else { return true }
        let length = try port.receive(into: buffer)
        var isComplete = false
        buffer.forEachMessage(length: length) { header, message in
            let index = batch.start + Int(header.nlmsg_seq &- batch.sequence)
            guard index <= last else { return }
            switch message.replyKind(header) {
            case .failed(let errno, let detail):
                let request = requests[index]
                results[index] = NetlinkError(request.operation, request.object, errno, detail: detail)
                isComplete = isComplete || index == last
            case .acknowledged: isComplete = isComplete || index == last
            case .done, .data: break
            }
        }
        return isComplete
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
