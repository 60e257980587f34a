/// Makes writes as etcd's transactions, on a connection of its own.
struct EtcdCommitter {
    let client: EtcdClient
    let leases: SharedLeases

    /// The revision at which the writes were made, or at which one of them was refused.
    struct Answer {
        var revision: Revision
        var conflict: WriteFailure?
    }

    func commit(_ writes: [ObjectWrite]) throws(StoreError) -> Answer {
        do {
            return try attempt(writes)
        } catch {
            // The lease that keys shared has ended, by somebody's hand or a long pause of ours.
            guard error.kind == .leaseNotFound else { throw error }
            leases.forget()
            return try attempt(writes)
        }
    }

    private func attempt(_ writes: [ObjectWrite]) throws(StoreError) -> Answer {
        var transaction = Transaction(if: [], then: [])
        for write in writes {
            if let expected = write.expected {
                transaction.comparisons.append(.init(write.key, .equal, .modRevision(expected)))
            }
            if let value = write.value {
                let lease = try write.lifetime.map { ttl throws(StoreError) in try leases.lease(seconds: ttl, client) }
                transaction.success.append(.put(write.key, value, lease: lease))
            } else {
                transaction.comparisons.append(.init(write.key, .notEqual, .version(0)))
                transaction.success.append(.delete(.key(write.key)))
            }
            transaction.failure.append(.range(.key(write.key)))
        }
        let result = try client.commit(transaction)
        if result.succeeded { return Answer(revision: result.revision, conflict: nil) }
        for (write, outcome) in zip(writes, result.outcomes) {
            guard case .range(let found) = outcome else { continue }
            let current = found.first.map(StoredObject.init)
            let isExpected = write.expected.map { $0 == current?.modRevision ?? 0 } ?? true
            if !isExpected || (write.value == nil && current == nil) {
                return Answer(revision: result.revision, conflict: .conflict(key: write.key, current: current))
            }
        }
        throw StoreError(
            .malformedAnswer, operation: "commit to \(writes.first?.key ?? "nothing")",
            reason: "a transaction was refused of which all comparisons hold")
    }
}

extension StoredObject {
    init(_ keyValue: KeyValue) {
        self.init(
            key: keyValue.key, value: keyValue.value, createRevision: keyValue.createRevision,
            modRevision: keyValue.modRevision)
    }
}

extension WriteFailure {
    init(_ error: StoreError) {
        let reason = "\(error)"
        self =
            switch error.kind {
            case .outOfSpace: .full(reason)
            case _ where error.mayHaveBeenDone: .uncertain(reason)
            default: .unavailable(reason)
            }
    }
}
