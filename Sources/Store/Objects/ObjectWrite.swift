/// One write to one key, made only if the key is as expected.
package struct ObjectWrite: Hashable, Sendable {
    package var key: String
    /// nil deletes the key. To delete one that is not there is a conflict.
    package var value: [UInt8]?
    /// The key's `modRevision`, 0 when it must not exist; nil writes whatever there is.
    package var expected: Revision?
    /// Seconds until the store deletes the key by itself, with a revision as any deletion; nil when it stays. A write
    /// replaces what an earlier one has said.
    package var ttl: Int?

    package init(key: String, value: [UInt8]?, expected: Revision?, ttl: Int? = nil) {
        self.key = key
        self.value = value
        self.expected = expected
        self.ttl = ttl
    }

    package static func create(_ key: String, _ value: [UInt8], ttl: Int? = nil) -> ObjectWrite {
        ObjectWrite(key: key, value: value, expected: 0, ttl: ttl)
    }

    package static func update(_ key: String, _ value: [UInt8], expected: Revision?, ttl: Int? = nil) -> ObjectWrite {
        ObjectWrite(key: key, value: value, expected: expected, ttl: ttl)
    }

    package static func delete(_ key: String, expected: Revision?) -> ObjectWrite {
        ObjectWrite(key: key, value: nil, expected: expected)
    }

    /// What etcd takes by default in one request is 1.5 MiB; a value may have that less some room for the rest. The
    /// file has the same bound, so that a cluster can move.
    package static let valueLimit = (1_536 << 10) - 4096

    /// `ttl` as every store can have it.
    var lifetime: Int? { ttl.map { max(1, min($0, 1 << 32)) } }

    /// The answer to writes that need no store: none at all, and those that no store takes.
    static func answerWithoutStore(_ writes: [ObjectWrite]) -> Result<[Revision], WriteFailure>? {
        if writes.isEmpty { return .success([]) }
        var total = 0
        for write in writes {
            total += write.value?.count ?? 0
            if total > valueLimit { return .failure(.tooLarge(key: write.key, limit: valueLimit)) }
        }
        if writes.count > 1, Set(writes.map(\.key)).count < writes.count {
            return .failure(.unavailable("a commit writes the same key twice: \(writes.map(\.key))"))
        }
        return nil
    }
}
