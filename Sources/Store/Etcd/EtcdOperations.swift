internal import JSON

extension EtcdClient: KeyValueStore {
    /// Long ranges are read in pages, all of the first one's revision, so that no answer is very large.
    package static let pageSize = 500

    package func range(_ keys: KeyRange, at revision: Revision?, limit: Int?) throws(StoreError) -> RangeResult {
        let operation = "range \(keys.description)"
        var range = RawRange(keys)
        var result = RangeResult(revision: revision ?? 0, keyValues: [])
        var pinned = revision
        var pageSize = Self.pageSize
        while true {
            let wanted = min(pageSize, limit.map { $0 - result.keyValues.count } ?? .max)
            let message = GatewayRequest.range(range, at: pinned, limit: wanted)
            let answer: GatewayAnswer
            do {
                answer = try call("/v3/kv/range", message, operation, isReadOnly: true)
            } catch {
                guard error.kind == .answerTooLarge, pageSize > 1 else { throw error }
                pageSize = max(1, pageSize / 8)
                continue
            }
            let (page, lastKey, isTruncated) = try decode(operation) { () throws(GatewayAnswer.Malformed) in
                if result.revision == 0 { result.revision = try answer.revision() }
                return (try answer.keyValues(), try answer.answers("kvs").last?.bytes("key"), try answer.bool("more"))
            }
            result.keyValues += page
            guard isTruncated, let lastKey else { return result }
            if let limit, result.keyValues.count >= limit {
                result.isTruncated = true
                return result
            }
            range.key = lastKey + [0]
            pinned = result.revision
        }
    }

    @discardableResult
    package func put(_ key: String, _ value: [UInt8], lease: LeaseID?) throws(StoreError) -> Revision {
        let operation = "put \(key)"
        let answer = try call("/v3/kv/put", GatewayRequest.put(key, value, lease), operation, isReadOnly: false)
        return try decode(operation) { () throws(GatewayAnswer.Malformed) in try answer.revision() }
    }

    @discardableResult
    package func delete(_ keys: KeyRange) throws(StoreError) -> DeleteResult {
        let operation = "delete \(keys.description)"
        let answer = try call("/v3/kv/deleterange", GatewayRequest.delete(keys), operation, isReadOnly: false)
        return try decode(operation) { () throws(GatewayAnswer.Malformed) in
            DeleteResult(revision: try answer.revision(), count: Int(try answer.int64("deleted")))
        }
    }

    package func commit(_ transaction: Transaction) throws(StoreError) -> TransactionResult {
        let operation = "commit a transaction on \(transaction.comparisons.first?.key ?? "nothing")"
        let answer = try call("/v3/kv/txn", GatewayRequest.transaction(transaction), operation, isReadOnly: false)
        return try decode(operation) { () throws(GatewayAnswer.Malformed) in try answer.transactionResult() }
    }

    package func grantLease(seconds: Int) throws(StoreError) -> LeaseStatus {
        try lease("grant a lease of \(seconds) s", "/v3/lease/grant", GatewayRequest.grant(seconds: seconds), false)
    }

    package func revokeLease(_ lease: LeaseID) throws(StoreError) {
        _ = try call("/v3/lease/revoke", GatewayRequest.lease(lease), "revoke lease \(lease)", isReadOnly: false)
    }

    // To keep a lease alive twice does no harm, so the next endpoint may be asked as for a read.
    @discardableResult
    package func keepLeaseAlive(_ lease: LeaseID) throws(StoreError) -> LeaseStatus {
        try self.lease("keep lease \(lease) alive", "/v3/lease/keepalive", GatewayRequest.lease(lease), true)
    }

    package func leaseStatus(_ lease: LeaseID) throws(StoreError) -> LeaseStatus {
        try self.lease("read lease \(lease)", "/v3/lease/timetolive", GatewayRequest.lease(lease), true)
    }

    /// Forgets the history before the revision, whose own state stays. One that is forgotten already is no error.
    package func compact(_ revision: Revision) throws(StoreError) {
        let message: JSONValue = ["revision": .int64(revision)]
        do {
            _ = try call("/v3/kv/compaction", message, "compact to revision \(revision)", isReadOnly: false)
        } catch {
            if case .compacted = error.kind { return }
            throw error
        }
    }

    /// etcd answers keep-alive and time-to-live of an ended lease without an error, but with no time left.
    private func lease(_ operation: String, _ path: String, _ message: JSONValue, _ isReadOnly: Bool) throws(StoreError)
        -> LeaseStatus
    {
        let answer = try call(path, message, operation, isReadOnly: isReadOnly)
        let status = try decode(operation) { () throws(GatewayAnswer.Malformed) in try answer.leaseStatus() }
        guard status.remainingSeconds > 0 else {
            throw StoreError(.leaseNotFound, operation: operation, reason: "the lease has ended or never was")
        }
        return status
    }

    func decode<Value>(_ operation: String, _ body: () throws(GatewayAnswer.Malformed) -> Value) throws(StoreError)
        -> Value
    {
        do {
            return try body()
        } catch {
            throw StoreError(
                .malformedAnswer, operation: operation, endpoint: configuration.endpoints[current], reason: error.reason
            )
        }
    }
}

extension KeyRange: CustomStringConvertible {
    package var description: String {
        switch self {
        case .key(let key): key
        case .prefix(let prefix): "\(prefix)*"
        }
    }
}
