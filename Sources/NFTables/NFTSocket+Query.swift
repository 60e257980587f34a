internal import CNftables
internal import Linux

/// A question to the kernel: which objects, and what to call it in an error.
struct Query {
    var type: nf_tables_msg_types
    var family: Family?
    /// All that match, rather than the one that is named.
    var isDump: Bool
    var operation: String
    var object: String
}

extension NFTSocket {
    /// Asks, and turns every answer into a value. A dump during which the ruleset changes is begun again, a few times.
    mutating func ask<Value>(
        _ query: Query, _ fill: (Message) -> Void = { _ in }, _ decode: (UnsafePointer<nlmsghdr>) -> Value?
    ) throws(NFTError) -> [Value] {
        for _ in 0..<20 {
            if let values = try attempt(query, fill, decode) { return values }
        }
        throw NFTError(query.operation, query.object, .interrupted, detail: "the ruleset changes all the time")
    }

    /// Nil when the ruleset changed while the kernel was answering, so that the answer has no single state in it.
    private mutating func attempt<Value>(
        _ query: Query, _ fill: (Message) -> Void, _ decode: (UnsafePointer<nlmsghdr>) -> Value?
    ) throws(NFTError) -> [Value]? {
        let sequence = nextSequence()
        var values: [Value] = []
        var isConsistent = true
        do {
            try send(query, sequence, fill)
            while let datagram = try socket.receive(wait: true) {
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
        let header = nftnl_nlmsg_build_hdr(
            buffer.baseAddress?.assumingMemoryBound(to: CChar.self), UInt16(query.type.rawValue),
            UInt16(query.family?.rawValue ?? 0), UInt16(query.isDump ? NLM_F_DUMP : NLM_F_ACK), sequence)
        guard let header else { throw .noBuffers }
        fill(header)
        try socket.send(UnsafeRawBufferPointer(rebasing: buffer[..<Int(header.pointee.nlmsg_len)]))
    }

    /// The one object that is named, or nil when it, or what it is in, is absent.
    mutating func get<Value>(
        _ type: nf_tables_msg_types, _ family: Family, _ object: String, _ fill: (Message) -> Void,
        _ decode: (UnsafePointer<nlmsghdr>) -> Value?
    ) throws(NFTError) -> Value? {
        let query = Query(type: type, family: family, isDump: false, operation: "get", object: object)
        do {
            return try ask(query, fill, decode).first
        } catch {
            if error.isNotFound { return nil }
            throw error
        }
    }

    mutating func dump<Value>(
        _ type: nf_tables_msg_types, _ family: Family?, _ object: String, _ fill: (Message) -> Void = { _ in },
        _ decode: (UnsafePointer<nlmsghdr>) -> Value?
    ) throws(NFTError) -> [Value] {
        try ask(Query(type: type, family: family, isDump: true, operation: "list", object: object), fill, decode)
    }
}
