internal import CNftables
internal import Glibc
internal import Linux

/// A question to the kernel: which objects, and what to call it in an error.
struct Query {
    /// NFNL_SUBSYS_*
    var subsystem: CInt
    var type: UInt32
    /// AF_* or NFPROTO_*; 0 for all.
    var family: UInt8
    /// All that match, rather than the one that is named.
    var isDump: Bool
    var operation: String
    var object: String

    /// How often to begin again what others disturb: about two seconds with the pauses.
    var attempts: Int { 24 }

    func pause(after attempt: Int) { usleep(UInt32(100 << min(attempt, 10))) }

    var unsettled: NFTError {
        NFTError(operation, object, .interrupted, detail: "others change it all the time")
    }
}

extension NetfilterSocket {
    /// Asks, and turns every answer into a value. A dump that the kernel calls interrupted is begun again, a few times.
    mutating func ask<Value>(
        _ query: Query, _ fill: (Message) -> Void = { _ in }, _ decode: (UnsafePointer<nlmsghdr>) -> Value?
    ) throws(NFTError) -> [Value] {
        for attempt in 0..<query.attempts {
            if let values = try askOnce(query, fill, decode) { return values }
            query.pause(after: attempt)
        }
        throw query.unsettled
    }

    /// Nil when the kernel says that things changed while it was answering.
    mutating func askOnce<Value>(
        _ query: Query, _ fill: (Message) -> Void, _ decode: (UnsafePointer<nlmsghdr>) -> Value?
    ) throws(NFTError) -> [Value]? {
        let sequence = nextSequence()
        var values: [Value] = []
        var isConsistent = true
        do {
            try send(query, sequence, fill)
            while let datagram = try receive(wait: true) {
                // Messages of another number belong to an earlier question that was given up.
                for message in Messages(datagram) where message.pointee.nlmsg_seq == sequence {
                    if CInt(message.pointee.nlmsg_flags) & NLM_F_DUMP_INTR != 0 { isConsistent = false }
                    switch CInt(message.pointee.nlmsg_type) {
                    case NLMSG_DONE:
                        let code = UnsafeRawPointer(message).loadUnaligned(fromByteOffset: 16, as: Int32.self)
                        if code < 0 { throw Errno(-code) }
                        return isConsistent ? values : nil
                    case NLMSG_ERROR:
                        let answer = Acknowledgement(message)
                        if answer.errno.code == 0 { return values }
                        // The object that a dump walks went away.
                        if answer.errno == .interrupted || answer.errno == .again { return nil }
                        throw NFTError(query.operation, query.object, answer.errno, detail: answer.text)
                    default:
                        if let value = decode(message) { values.append(value) }
                    }
                }
            }
            return nil
        } catch let error as NFTError {
            throw error
        } catch let cause as Errno {
            if cause == .interrupted { return nil }
            throw NFTError(query.operation, query.object, cause)
        } catch {
            throw NFTError(query.operation, query.object, .invalid)
        }
    }

    private mutating func send(_ query: Query, _ sequence: UInt32, _ fill: (Message) -> Void) throws(Errno) {
        // One name or key at most: far below the size of a page.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
        defer { buffer.deallocate() }
        guard let start = buffer.baseAddress else { throw .noBuffers }
        let flags = query.isDump ? NLM_F_DUMP : NLM_F_ACK
        let header = MessageHeader(
            query.subsystem, query.type, family: query.family, flags: flags, sequence: sequence)
        let message = header.write(at: start)
        fill(message)
        try send(UnsafeRawBufferPointer(rebasing: buffer[..<Int(message.pointee.nlmsg_len)]))
    }
}
