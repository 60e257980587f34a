internal import JSON

/// The gateway's refusal: gRPC's status code and etcd's sentence. etcd tells many causes apart by the sentence alone
/// (api/v3rpc/rpctypes/error.go); this is the only place that reads it.
struct GatewayFailure: Hashable {
    /// grpc/codes: 3 invalid argument, 5 not found, 7 permission denied, 8 exhausted, 9 failed precondition,
    /// 11 out of range, 14 unavailable, 16 unauthenticated.
    var code: Int
    var message: String

    /// From the answer to a call. The body is `{"code":…,"message":…}`, in a stream `{"error":{"grpc_code":…}}`.
    init(status: Int, body: [UInt8]) {
        let parsed = try? JSONValue.parse(body)
        if let parsed, let failure = GatewayFailure(parsed) {
            self = failure
        } else {
            code =
                switch status {
                case 400, 404, 405: 3
                case 401: 16
                case 403: 7
                case 429: 8
                default: 14
                }
            message = "HTTP status \(status)"
            if status == 404 { message += ": the endpoint has no v3 JSON gateway (--enable-grpc-gateway)" }
        }
    }

    init?(_ message: JSONValue) {
        guard let object = message.object else { return nil }
        if let inner = object["error"], inner.object != nil {
            guard let failure = GatewayFailure(inner) else { return nil }
            self = failure
            return
        }
        guard let code = object["code"]?.int ?? object["grpc_code"]?.int,
            let text = object["message"]?.string ?? object["error"]?.string
        else { return nil }
        self.code = code
        self.message = text
    }

    /// A watch or stream may say the code only in words: `rpc error: code = PermissionDenied desc = …`.
    init(cancelReason: String) {
        message = cancelReason
        code =
            if cancelReason.contains("PermissionDenied") || cancelReason.contains("permission denied") {
                7
            } else if cancelReason.contains("invalid auth token") {
                16
            } else if cancelReason.contains("no leader") || cancelReason.contains("Unavailable") {
                14
            } else if cancelReason.isEmpty {
                14
            } else {
                3
            }
    }

    /// Another token may help: ours is unknown (the endpoint has restarted, it ran out) or older than a change of the
    /// users.
    var isStaleToken: Bool {
        message.contains("invalid auth token") || message.contains("revision of auth store is old")
            || message.contains("user name is empty")
    }

    var isAuthenticationOff: Bool { message.contains("authentication is not enabled") }

    /// Refused before anything was done, by an endpoint that has lost the others.
    var isWithoutLeader: Bool { code == 14 && message.contains("no leader") }

    var kind: StoreError.Kind {
        if message.contains("required revision has been compacted") { return .compacted(oldest: 0) }
        if message.contains("authentication failed") || isStaleToken { return .unauthenticated }
        return switch code {
        case 4: .timedOut
        case 5: message.contains("lease") ? .leaseNotFound : .invalid
        case 7: .permissionDenied
        case 8: message.contains("database space exceeded") ? .outOfSpace : .exhausted
        case 16: .unauthenticated
        // Cancelled, unknown, aborted, internal, unavailable, data loss: the endpoint's trouble.
        case 1, 2, 10, 13, 14, 15: .unavailable
        default: .invalid
        }
    }
}
