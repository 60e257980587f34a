/// Why a commit was not made, or a barrier not reached.
package enum WriteFailure: Error, Hashable, Sendable {
    /// A key is not as its write expected; what it holds now, nil when it is not there. Nothing was written.
    case conflict(key: String, current: StoredObject?)
    /// A value, or all of one commit, is larger than `limit` bytes. Nothing was written.
    case tooLarge(key: String, limit: Int)
    /// The disk is full, or etcd's quota used up. Nothing was written; reads go on.
    case full(String)
    /// The store cannot be reached or used. Nothing was written.
    case unavailable(String)
    /// The answer did not come: the write may have been made, and a later delivery tells.
    case uncertain(String)
}

extension WriteFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .conflict(let key, let current?): "\(key) is at revision \(current.modRevision)"
        case .conflict(let key, nil): "\(key) is not there"
        case .tooLarge(let key, let limit): "the value of \(key) is larger than \(limit) bytes"
        case .full(let reason), .unavailable(let reason): reason
        case .uncertain(let reason): "\(reason) (the write may have been made)"
        }
    }
}
