internal import CNftables
internal import Linux

/// A connection to nf_tables in the network namespace of the thread that opens it. Keep it: opening costs more than
/// a small commit.
package struct NFTSocket: ~Copyable {
    var socket: NetfilterSocket
    private var hasDestroy: Bool?
    private let isRefused: (() -> Bool)?

    /// The kernel has a verb for deletions that tolerate absence from 6.3 on, which is found out at its first use;
    /// with `avoidingDestroy` it is left alone, as on older kernels.
    ///
    /// `isRefused` is for tests: it is asked before each batch that has changes, and when it says so the kernel gets one
    /// more, of a kind that it refuses after it has done all others.
    package init(avoidingDestroy: Bool = false, isRefused: (() -> Bool)? = nil) throws(NFTError) {
        self.isRefused = isRefused
        if avoidingDestroy { hasDestroy = false }
        // Room for the errors of a large batch, one for each message that is refused.
        socket = try NetfilterSocket(receiveSpace: 1 << 20)
    }

    /// Runs the whole transaction or nothing of it.
    ///
    /// With a generation (see `generation()`) only if nobody changed the ruleset since; `isGenerationChanged` else.
    /// The error names the first object that was refused.
    package mutating func commit(_ transaction: Transaction, expecting generation: UInt32? = nil) throws(NFTError) {
        if transaction.isEmpty { return }
        if transaction.destroys, try !knowsDestroy() {
            return try commitWithoutDestroy(transaction, generation)
        }
        try run(transaction, generation)
    }

    /// Element deletions that tolerate absence, on kernels before 6.3: only those that are there are deleted, again
    /// when another one was quicker.
    private mutating func commitWithoutDestroy(_ transaction: Transaction, _ generation: UInt32?) throws(NFTError) {
        for attempt in 0... {
            var reduced = Transaction()
            for change in transaction.changes {
                guard case .object(.destroy, .elements(let elements)) = change else {
                    reduced.append(change)
                    continue
                }
                let present = try present(elements)
                if !present.isEmpty { reduced.delete(present) }
            }
            if reduced.isEmpty { return }
            do {
                return try run(reduced, generation)
            } catch {
                if !error.isNotFound || attempt == 4 { throw error }
            }
        }
    }

    private mutating func present(_ elements: ElementList) throws(NFTError) -> ElementList {
        let set = elements.set
        var present = ElementList(set)
        if set.isInterval {
            // The kernel finds the interval around a key, not the one that begins and ends there.
            if try self.set(set) == nil { return present }
            let there = try self.elements(of: set)
            let index = ElementIndex(there, by: \.place)
            for place in elements.indices
            where elements.withRecord(place, { index.find($0.place, in: there) }) != nil {
                present.append(elements, place)
            }
        } else {
            for place in elements.indices where try self.element(elements[place].key, in: set) != nil {
                present.append(elements, place)
            }
        }
        return present
    }

    private mutating func knowsDestroy() throws(NFTError) -> Bool {
        if let hasDestroy { return hasDestroy }
        // A table that nobody has: success without a change, or EINVAL for a message that the kernel does not know.
        var probe = Transaction()
        probe.destroy(Table(.inet, "poplin-probe-\(UInt64.random(in: 0...UInt64.max))"))
        hasDestroy = true
        do {
            try run(probe, nil)
        } catch {
            if error.errno != .invalid && error.errno != .notSupported { throw error }
            hasDestroy = false
        }
        return hasDestroy ?? false
    }

    /// An empty batch: the kernel waits for changes that are being made, then compares the generation.
    mutating func isStill(_ generation: UInt32) throws(NFTError) -> Bool {
        do {
            try run(Transaction(), generation)
            return true
        } catch {
            if error.isGenerationChanged { return false }
            throw error
        }
    }

    private mutating func run(_ transaction: Transaction, _ generation: UInt32?) throws(NFTError) {
        var transaction = transaction
        if !transaction.isEmpty, isRefused?() == true { transaction.delete(Table(.inet, "poplin-refused")) }
        var batch = Batch(sequence: socket.nextSequence(), hasDestroy: hasDestroy ?? true, expecting: generation)
        batch.add(transaction)
        socket.skipSequence(batch.origins.count + 1)
        do {
            try socket.send(batch.bytes)
        } catch {
            throw NFTError("commit", "a transaction of \(transaction.changes.count) changes", error)
        }
        try readResult(of: transaction, batch)
    }

    /// The kernel has done all the work when the send returns; what it has to say is waiting, or nothing is.
    private func readResult(of transaction: Transaction, _ batch: borrowing Batch) throws(NFTError) {
        var failure: NFTError?
        var count = 0
        while true {
            let datagram: UnsafeRawBufferPointer
            do {
                guard let next = try socket.receive(wait: false) else { break }
                datagram = next
            } catch .noBuffers {
                // More was refused than fits; the first refusals are there.
                count += 1
                continue
            } catch {
                throw NFTError("read the result of", "a transaction", error)
            }
            for message in Messages(datagram) where message.pointee.nlmsg_type == NLMSG_ERROR {
                let answer = Acknowledgement(message)
                if answer.errno.code == 0 { continue }
                if failure == nil {
                    failure = transaction.error(answer, message.pointee.nlmsg_seq, batch)
                } else {
                    count += 1
                }
            }
        }
        guard var failure else {
            if count > 0 { throw NFTError("commit", "a transaction", .noBuffers) }
            return
        }
        failure.otherFailures = count
        throw failure
    }
}

extension Transaction {
    fileprivate var destroys: Bool {
        changes.contains { if case .object(.destroy, _) = $0 { true } else { false } }
    }

    /// Finds the object that the kernel means.
    fileprivate func error(_ answer: Acknowledgement, _ sequence: UInt32, _ batch: borrowing Batch) -> NFTError {
        guard let origin = batch.origin(sequence) else {
            return NFTError("commit", "a transaction of \(changes.count) changes", answer.errno, detail: answer.text)
        }
        let change = changes[origin.change]
        var error = NFTError(change.verb, change.subject, answer.errno, detail: answer.text)
        error.change = origin.change
        guard case .object(_, .elements(let elements)) = change else { return error }
        var index = origin.firstElement
        if let offset = answer.offset, let entry = batch.entry(sequence, at: offset) {
            var entries = 0
            while index < elements.count {
                entries += elements.entries(index)
                if entries > entry { break }
                index += 1
            }
        } else if elements.count > 1 {
            return error
        }
        guard elements.indices.contains(index) else { return error }
        error.element = elements[index]
        error.object = "element \(elements.set) { \(elements[index]) }"
        return error
    }
}

extension Transaction.Change {
    fileprivate var verb: String {
        switch self {
        case .object(let verb, _): verb.rawValue
        case .rule(.replacing, _): "replace"
        case .rule(.first, _), .rule(.before, _): "insert"
        case .rule: "add"
        case .deleteRule: "delete"
        case .flushTable, .flushChain, .flushSet: "flush"
        }
    }

    /// The object in words; of many elements, how many.
    fileprivate var subject: String {
        switch self {
        case .object(_, .elements(let elements)):
            "\(elements.count) elements of \(elements.set.keyword) \(elements.set)"
        case .object(_, let object): object.name
        case .rule(_, let rule): "rule \(rule.chain) { \(rule) }"
        case .deleteRule(let handle, let chain): "rule \(chain) handle \(handle)"
        case .flushTable(let table): "table \(table)"
        case .flushChain(let chain): "chain \(chain)"
        case .flushSet(let set): "\(set.keyword) \(set)"
        }
    }
}
