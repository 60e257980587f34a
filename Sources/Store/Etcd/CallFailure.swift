internal import HTTP

/// Why one endpoint did not answer a call as hoped.
enum CallFailure: Error {
    case transport(HTTPClientError)
    case refused(GatewayFailure)
    case malformed(String)

    /// The same for a call that went ahead of the one that matters, which was thus not sent.
    var unsent: CallFailure {
        guard case .transport(var error) = self else { return self }
        error.wasSent = false
        return .transport(error)
    }

    /// The error for the caller, and whether another endpoint may be asked instead.
    func judged(_ operation: String, _ endpoint: String, isReadOnly: Bool) -> (StoreError, mayTryNext: Bool) {
        func error(_ kind: StoreError.Kind, _ reason: String, done: Bool = false) -> StoreError {
            StoreError(kind, operation: operation, endpoint: endpoint, reason: reason, mayHaveBeenDone: done)
        }
        switch self {
        case .transport(let cause):
            let mayHaveBeenDone = cause.wasSent && !isReadOnly
            switch cause.kind {
            case .cancelled: return (error(.cancelled, cause.reason, done: mayHaveBeenDone), false)
            case .tooLarge: return (error(.answerTooLarge, cause.reason, done: mayHaveBeenDone), false)
            case .invalid: return (error(.invalid, cause.reason, done: mayHaveBeenDone), false)
            case .timedOut: return (error(.timedOut, cause.reason, done: mayHaveBeenDone), !mayHaveBeenDone)
            case .unreachable, .untrusted, .broken:
                return (error(.unavailable, cause.reason, done: mayHaveBeenDone), !mayHaveBeenDone)
            }
        case .refused(let failure):
            let isTrouble = failure.kind == .unavailable || failure.kind == .timedOut
            let mayHaveBeenDone = isTrouble && !failure.isWithoutLeader && !isReadOnly
            return (error(failure.kind, failure.message, done: mayHaveBeenDone), isTrouble && !mayHaveBeenDone)
        case .malformed(let reason): return (error(.malformedAnswer, reason, done: !isReadOnly), false)
        }
    }
}
