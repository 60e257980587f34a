internal import HTTP
internal import JSON

extension EtcdClient {
    package func watch(_ keys: KeyRange, from revision: Revision, _ body: (WatchBatch) -> WatchDecision)
        throws(StoreError)
    {
        let operation = "watch \(keys.description)"
        // A read first: it finds an endpoint that works and renews the token.
        _ = try range(keys, at: nil, limit: 1)
        let index = current
        let endpoint = configuration.endpoints[index]
        let message = GatewayRequest.watch(keys, from: revision)
        let request = HTTPClientRequest(
            "POST", endpoint + "/v3/watch", headers: headers(), body: Array(message.serialized().utf8))

        var stream = WatchStream(from: revision)
        var end: WatchStream.End?
        var decision = WatchDecision.proceed
        var refusal: (status: Int, body: [UInt8])?
        // A connection of its own: the other one stays free for the probes.
        let http = try Self.makeHTTPClient(configuration, cancellation)
        do throws(HTTPClientError) {
            try http.stream(request, silence: configuration.watchProbeInterval, onSilence: { isAlive(endpoint) }) {
                status, bytes in
                guard status == 200 else {
                    refusal = (status, (refusal?.body ?? []) + bytes.prefix(4096))
                    return true
                }
                do throws(WatchStream.End) {
                    decision = try stream.receive(bytes, body)
                } catch {
                    end = error
                    return false
                }
                return decision == .proceed
            }
        } catch {
            let isCancelled = error.kind == .cancelled
            if !isCancelled { failed(endpoint: index) }
            throw StoreError(
                isCancelled ? .cancelled : .unavailable, operation: operation, endpoint: endpoint, reason: error.reason)
        }
        if decision == .stop { return }
        if let refusal { end = .refused(GatewayFailure(status: refusal.status, body: refusal.body)) }
        throw failure(end, operation, index)
    }

    private func failure(_ end: WatchStream.End?, _ operation: String, _ index: Int) -> StoreError {
        let endpoint = configuration.endpoints[index]
        switch end {
        case .compacted(let oldest)?:
            return StoreError(
                .compacted(oldest: oldest), operation: operation, endpoint: endpoint,
                reason: "the revision asked for is no longer kept; the oldest is \(oldest)")
        case .refused(let failure)?:
            if failure.kind == .unavailable { failed(endpoint: index) }
            return StoreError(failure.kind, operation: operation, endpoint: endpoint, reason: failure.message)
        case .malformed(let reason)?:
            return StoreError(.malformedAnswer, operation: operation, endpoint: endpoint, reason: reason)
        case nil:
            failed(endpoint: index)
            return StoreError(
                .unavailable, operation: operation, endpoint: endpoint, reason: "the endpoint has ended the watch")
        }
    }
}
