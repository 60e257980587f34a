internal import CNetlink
internal import Linux

extension NetlinkSocket {
    /// Asks for one object; the first answer that parses.
    mutating func get<Value>(
        _ message: consuming Message, _ operation: String, _ object: @autoclosure () -> String,
        _ parse: (RawSpan) -> Value?
    ) throws(NetlinkError) -> Value {
        let sequence = takeSequence()
        var datagram: [UInt8] = []
        try message.append(to: &datagram, sequence: sequence, flags: 0)
        while true {
            var result: Value?
            do {
                try port.send(datagram)
                result = try receiveOne(sequence, parse)
            } catch {
                throw error.about(operation, object())
            }
            // Nothing means an answer that was larger than the buffer, which has grown by now.
            if let result { return result }
        }
    }

    private mutating func receiveOne<Value>(_ sequence: UInt32, _ parse: (RawSpan) -> Value?) throws(NetlinkError)
        -> Value?
    {
        while true {
            let length = try port.receive(into: buffer)
            if length > buffer.memory.count {
                buffer.grow(toHold: length)
                return nil
            }
            var result: Value?
            try buffer.forEachMessage(length: length) { header, message throws(NetlinkError) in
                guard header.nlmsg_seq == sequence, result == nil else { return }
                switch message.replyKind(header) {
                case .failed(let errno, let detail): throw NetlinkError("", "", errno, detail: detail)
                case .data:
                    result = parse(message)
                    if result == nil { throw NetlinkError("", "", .badMessage) }
                case .acknowledged, .done: break
                }
            }
            if let result { return result }
        }
    }

    /// Asks for all objects of a table. A dump that a change interrupted (NLM_F_DUMP_INTR), or whose answer was cut
    /// off, is read to its end and asked for again, so that the result is one consistent state of the table.
    mutating func dump<Value>(
        _ object: String, _ message: () throws(NetlinkError) -> Message, _ parse: (RawSpan) -> Value?
    ) throws(NetlinkError) -> [Value] {
        for _ in 0..<32 {
            do {
                if let values = try dumpOnce(try message(), parse) { return values }
            } catch {
                throw error.about("list", object)
            }
        }
        throw NetlinkError("list", object, .interrupted, detail: "the table changed during each of 32 attempts")
    }

    private mutating func dumpOnce<Value>(_ message: consuming Message, _ parse: (RawSpan) -> Value?)
        throws(NetlinkError) -> [Value]?
    {
        let sequence = takeSequence()
        var datagram: [UInt8] = []
        try message.append(to: &datagram, sequence: sequence, flags: NLM_F_DUMP)
        try port.send(datagram)
        var values: [Value] = []
        var isComplete = false
        var isConsistent = true
        while !isComplete {
            let length: Int
            do {
                length = try port.receive(into: buffer)
            } catch  where error.errno == .again {
                // The end was in the part that was cut off.
                return nil
            }
            if length > buffer.memory.count { isConsistent = false }
            try buffer.forEachMessage(length: length) { header, message throws(NetlinkError) in
                guard header.nlmsg_seq == sequence else { return }
                if header.nlmsg_flags & UInt16(NLM_F_DUMP_INTR) != 0 { isConsistent = false }
                switch message.replyKind(header) {
                case .data: if let value = parse(message) { values.append(value) }
                case .done, .acknowledged: isComplete = true
                case .failed(let errno, let detail): throw NetlinkError("", "", errno, detail: detail)
                }
            }
            if length > buffer.memory.count { buffer.grow(toHold: length) }
        }
        return isConsistent ? values : nil
    }
}
