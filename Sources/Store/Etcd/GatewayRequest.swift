internal import JSON

/// Our values as the messages of etcd's JSON gateway: protobuf's JSON mapping of etcdserverpb/rpc.proto, in which bytes
/// are base64 and 64-bit integers are strings.
enum GatewayRequest {
    static func range(_ keys: RawRange, at revision: Revision?, limit: Int?) -> JSONValue {
        var message = keys.members
        if let revision { message["revision"] = .int64(revision) }
        if let limit { message["limit"] = .int64(Int64(limit)) }
        return .object(message)
    }

    static func put(_ key: String, _ value: [UInt8], _ lease: LeaseID?) -> JSONValue {
        var message = JSONObject([("key", .base64(key.utf8)), ("value", .base64(value))])
        if let lease { message["lease"] = .int64(lease.rawValue) }
        return .object(message)
    }

    static func delete(_ keys: KeyRange) -> JSONValue { .object(RawRange(keys).members) }

    static func transaction(_ transaction: Transaction) -> JSONValue {
        [
            "compare": .array(transaction.comparisons.map(comparison)),
            "success": .array(transaction.success.map(operation)),
            "failure": .array(transaction.failure.map(operation)),
        ]
    }

    static func watch(_ keys: KeyRange, from revision: Revision) -> JSONValue {
        var message = RawRange(keys).members
        message["start_revision"] = .int64(revision)
        message["progress_notify"] = true
        return ["create_request": .object(message)]
    }

    static func lease(_ lease: LeaseID) -> JSONValue { ["ID": .int64(lease.rawValue)] }
    static func grant(seconds: Int) -> JSONValue { ["TTL": .int64(Int64(seconds))] }
    static func authenticate(user: String, password: String) -> JSONValue {
        ["name": .string(user), "password": .string(password)]
    }

    private static func comparison(_ comparison: Transaction.Comparison) -> JSONValue {
        let result: JSONValue =
            switch comparison.relation {
            case .equal: "EQUAL"
            case .notEqual: "NOT_EQUAL"
            case .greater: "GREATER"
            case .less: "LESS"
            }
        let key = JSONValue.base64(comparison.key.utf8)
        return switch comparison.target {
        case .version(let value): ["key": key, "result": result, "target": "VERSION", "version": .int64(value)]
        case .createRevision(let value):
            ["key": key, "result": result, "target": "CREATE", "create_revision": .int64(value)]
        case .modRevision(let value): ["key": key, "result": result, "target": "MOD", "mod_revision": .int64(value)]
        }
    }

    private static func operation(_ operation: Transaction.Operation) -> JSONValue {
        switch operation {
        case .put(let key, let value, let lease): ["request_put": put(key, value, lease)]
        case .delete(let keys): ["request_delete_range": delete(keys)]
        case .range(let keys): ["request_range": range(RawRange(keys), at: nil, limit: nil)]
        }
    }
}

/// A range as etcd takes it: from a first key up to, without, an end; one key when there is no end.
struct RawRange: Hashable {
    var key: [UInt8]
    var end: [UInt8]?

    init(key: [UInt8], end: [UInt8]?) {
        self.key = key
        self.end = end
    }

    init(_ keys: KeyRange) {
        switch keys {
        case .key(let key): self.init(key: Array(key.utf8), end: nil)
        case .prefix(let prefix):
            let bytes = Array(prefix.utf8)
            // A key of one zero byte stands for "from the first" and "to the last".
            self.init(key: bytes.isEmpty ? [0] : bytes, end: Self.successor(of: bytes))
        }
    }

    /// The first key after all that begin with the prefix.
    private static func successor(of prefix: [UInt8]) -> [UInt8] {
        var end = prefix
        while let last = end.popLast() {
            if last < 255 { return end + [last + 1] }
        }
        return [0]
    }

    var members: JSONObject {
        var members = JSONObject([("key", .base64(key))])
        if let end { members["range_end"] = .base64(end) }
        return members
    }
}

extension JSONValue {
    static func int64(_ value: Int64) -> JSONValue { .string(String(value)) }
}
