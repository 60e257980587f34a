/// The store's revision: 64 bits, growing by one with each write.
package typealias Revision = Int64

/// Names a lease.
package struct LeaseID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package var rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    /// Hexadecimal, as etcdctl writes it.
    package var description: String { String(UInt64(bitPattern: rawValue), radix: 16) }
}

/// A key as it was at some revision.
package struct KeyValue: Hashable, Sendable {
    /// Bytes in the store; those that are not UTF-8 are replaced here.
    package var key: String
    package var value: [UInt8]
    package var createRevision: Revision
    /// The revision of the last write to the key.
    package var modRevision: Revision
    /// How often the key was written since it was made; 1 after the first time.
    package var version: Int64
    /// The lease that the key ends with; nil when it stays.
    package var lease: LeaseID?

    package init(
        key: String, value: [UInt8], createRevision: Revision = 0, modRevision: Revision = 0, version: Int64 = 0,
        lease: LeaseID? = nil
    ) {
        self.key = key
        self.value = value
        self.createRevision = createRevision
        self.modRevision = modRevision
        self.version = version
        self.lease = lease
    }

    package var text: String { String(decoding: value, as: UTF8.self) }
}

/// Some of the store's keys.
package enum KeyRange: Hashable, Sendable {
    case key(String)
    /// Every key that begins with these bytes; the empty prefix is every key.
    case prefix(String)
}

package struct RangeResult: Hashable, Sendable {
    /// The store's revision at the time of the answer; watch from the one after it.
    package var revision: Revision
    package var keyValues: [KeyValue]
    /// Whether the limit cut keys off.
    package var isTruncated: Bool

    package init(revision: Revision, keyValues: [KeyValue], isTruncated: Bool = false) {
        self.revision = revision
        self.keyValues = keyValues
        self.isTruncated = isTruncated
    }
}

package struct DeleteResult: Hashable, Sendable {
    package var revision: Revision
    package var count: Int

    package init(revision: Revision, count: Int) {
        self.revision = revision
        self.count = count
    }
}

package struct LeaseStatus: Hashable, Sendable {
    package var id: LeaseID
    /// Seconds until the lease ends.
    package var remainingSeconds: Int
    /// Seconds that it is granted for; the store may have granted more than was asked.
    package var grantedSeconds: Int

    package init(id: LeaseID, remainingSeconds: Int, grantedSeconds: Int) {
        self.id = id
        self.remainingSeconds = remainingSeconds
        self.grantedSeconds = grantedSeconds
    }
}
